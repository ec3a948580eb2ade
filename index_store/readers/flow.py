"""The rows of a PDF's pages → one text, in which sentences run on over lines, columns and pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index_store.readers.extracted import Extracted
from index_store.readers.glyphs import HYPHEN, Run
from index_store.readers.joints import PARAGRAPH, SPACE, block_joints, joined, known_words, seam
from index_store.types import Heading, LineBox, Page, PageBoxes

_UNITS: Final = 65535
_HEADING: Final = 1.15  # times the size of the body text
_TITLE: Final = 1.3
_LONGEST_HEADING: Final = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is displayed: its size in points, and its rows in blocks, in reading order."""

    number: int
    width: float
    height: float
    blocks: tuple[tuple[Run, ...], ...]


@dataclass(slots=True)
class _Line:
    """A row on its way into the text, after what parts it from the row before."""

    row: Run
    sheet: Sheet
    joint: str
    text: str
    before: str = ""
    start: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def flowing_text(sheets: Sequence[Sheet]) -> Extracted:
    """The text of the sheets with its pages, headings (by their size) and the places of its lines.

    Lines of one paragraph are joined by a space. A hyphen at a line's end goes when a word goes on
    after it in small letters, unless the document elsewhere writes the word with its hyphen.
    """
    body = _body_size(sheets)
    lines = _lines(sheets, body)
    _place(lines, known_words(line.row for line in lines))
    text = "".join(part for line in lines for part in (line.before, line.text))
    by_page = [(sheet, list(group)) for sheet, group in groupby(lines, key=lambda line: line.sheet)]
    found = list(_headings(lines, body))
    title = _title(found, by_page[0][1][-1].end, body) if by_page else None
    return Extracted(
        text,
        title=" ".join(text[title.start : title.end].split()) if title else None,
        headings=_ranked(found),
        pages=tuple(Page(sheet.number, group[0].start, group[-1].end) for sheet, group in by_page),
        boxes=tuple(_boxes(sheet, group) for sheet, group in by_page),
    )


def _body_size(sheets: Sequence[Sheet]) -> float:
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for block in sheet.blocks:
            for row in block:
                sizes[round(row.size * 2) / 2] += len(row.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _lines(sheets: Sequence[Sheet], body: float) -> list[_Line]:
    lines: list[_Line] = []
    above: Sequence[Run] = ()
    for sheet in sheets:
        for block in sheet.blocks:
            first = seam(above, block[0]) if above else ""
            above = block
            for row, joint in zip(block, (first, *block_joints(block, _HEADING * body)), strict=True):
                lines.append(_Line(row, sheet, joint, row.text))
    return lines


def _place(lines: list[_Line], known: frozenset[str]) -> None:
    """Give each line its offset, and mend the words that were cut between two of them."""
    for above, below in pairwise(lines):
        below.before = below.joint
        if below.joint == SPACE:
            above.text, below.before = joined(above.text, below.text, known)
    position = 0
    for line in lines:
        line.text = line.text.replace(HYPHEN, "-")
        line.start = position + len(line.before)
        position = line.end


def _headings(lines: Sequence[_Line], body: float) -> Iterator[tuple[float, Heading]]:
    """The paragraphs in larger letters than the body text, with their size."""
    begin = 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and lines[end].joint != PARAGRAPH:
            continue
        paragraph, begin = lines[begin:end], end
        size = min(line.row.size for line in paragraph)
        length = paragraph[-1].end - paragraph[0].start
        is_text = any(char.isalpha() for line in paragraph for char in line.text)
        if size >= _HEADING * body and length <= _LONGEST_HEADING and is_text:
            yield round(size), Heading(0, paragraph[0].start, paragraph[-1].end)


def _title(found: Sequence[tuple[float, Heading]], first_page_end: int, body: float) -> Heading | None:
    """The first of the largest headings on the first page, when it stands out."""
    on_first = [(size, heading) for size, heading in found if heading.end <= first_page_end]
    size, heading = max(on_first, key=lambda pair: pair[0], default=(0.0, None))
    return heading if size >= _TITLE * body else None


def _ranked(found: Sequence[tuple[float, Heading]]) -> tuple[Heading, ...]:
    sizes = sorted({size for size, _ in found}, reverse=True)
    return tuple(
        Heading(min(6, sizes.index(size) + 1), heading.start, heading.end) for size, heading in found
    )


def _boxes(sheet: Sheet, lines: Sequence[_Line]) -> PageBoxes:
    return PageBoxes(sheet.number, sheet.width, sheet.height, tuple(_box(sheet, line) for line in lines))


def _box(sheet: Sheet, line: _Line) -> LineBox:
    row = line.row
    edges = _units(row.edges[: len(line.text) + 1], sheet.width).astype("<u2").tobytes()
    top, bottom = _units(np.array([row.top, row.bottom]), sheet.height).tolist()
    return LineBox(line.start, line.end, int(top), int(bottom), edges)


def _units(lengths: NDArray[np.floating], whole: float) -> NDArray[np.floating]:
    units: NDArray[np.floating] = np.rint(lengths * (_UNITS / whole if whole else 0.0))
    return units.clip(0, _UNITS)
