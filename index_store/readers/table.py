"""Tables as text: every row a paragraph that can be understood alone. Reads CSV and TSV."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import Final

from index_store.errors import DocumentError
from index_store.readers.encoding import decode
from index_store.readers.extracted import Extracted, TextBuilder, clean

_VALUE: Final = re.compile(r"[^A-Za-z]*\d[^A-Za-z]*$")
_YEAR: Final = re.compile(r"(?:19|20)\d\d$")


def table_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """`Name: Ada; Born: 1815` for each row below a header, `Ada | 1815` where there is no header.

    The header is the first row of two or more cells, if these are names (or years); rows of one cell
    above it are captions and stand as they are.
    """
    filled = _filled(rows)
    header: list[str] = []
    for cells in filled:
        if sum(map(bool, cells)) > 1:
            header = cells
            break
        yield from filter(None, cells)
    first = next(filled, None)
    if first is None or not _is_header(header):
        yield from (
            " | ".join(filter(None, cells)) for cells in chain([header], [first or []], filled) if cells
        )
        return
    for cells in chain([first], filled):
        names = header + [""] * (len(cells) - len(header))
        yield "; ".join(
            f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=False) if cell
        )


def read_csv(data: bytes, path: Path) -> Extracted:
    """Each record with the names of its columns; the delimiter is what fits the first lines best."""
    text, notes = decode(data)
    text = clean(text)
    builder = TextBuilder(notes=list(notes))
    limit = csv.field_size_limit(len(text) + 1)
    try:
        delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(text)
        for line in table_lines(csv.reader(StringIO(text), delimiter=delimiter)):
            builder.add(line)
    except csv.Error as exc:
        raise DocumentError(f"not a table: {exc}") from exc
    finally:
        csv.field_size_limit(limit)
    return builder.extracted()


def _filled(rows: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        if any(cells):
            yield cells


def _is_header(cells: Sequence[str]) -> bool:
    """Whether these are names: words, no two alike, and numbers only as a run of years."""
    names = [cell for cell in cells if cell]
    values = [name for name in names if _VALUE.match(name)]
    years = len(values) > 1 and len(values) < len(names) and all(map(_YEAR.match, values))
    return len(set(names)) == len(names) > 1 and (not values or years)


def _delimiter(text: str) -> str:
    """The character that cuts the first lines into the same number of fields, and into the most."""
    lines = list(islice((line for line in text[:100_000].splitlines() if line.strip()), 50))

    def fit(delimiter: str) -> tuple[float, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)] or [0]
        usual = max(sorted(set(counts)), key=counts.count)
        return (counts.count(usual) / len(counts) if usual > 1 else 0.0, usual)

    return max(",;\t|", key=fit)
