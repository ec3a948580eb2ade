"""Page numbers, and headers and footers that a document repeats on page after page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from index_store.readers.flow import Sheet
from index_store.readers.glyphs import Run

_MARGIN: Final = 0.12  # of the page's height
_OUTERMOST: Final = 2  # rows at each end of the page
_OFTEN: Final = 3  # pages
_NUMBER: Final = re.compile(r"\d+")
_PAGE_NUMBER: Final = re.compile(
    r"(?:\W|\d|#|\b(?:page|pg|seite|p[áa]gina|of|von|sur|de)\b)*$", re.IGNORECASE
)


def without_running_heads(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The sheets with every repeated row at their upper and lower margins left out but the first.

    A row repeats when at least three pages have the same words there, or the same but for one number
    that grows with the pages. Page numbers alone are left out on every page.
    """
    counts = Counter(
        key for sheet in sheets for row in _marginal(sheet) for key in set(_keys(row, sheet.number))
    )
    seen: set[tuple[str, int]] = set()
    kept = []
    for sheet in sheets:
        dropped = set()
        for row in _marginal(sheet):
            often = [key for key in _keys(row, sheet.number) if counts[key] >= _OFTEN]
            if often and (_PAGE_NUMBER.match(row.text) or seen.intersection(often)):
                dropped.add(id(row))
            seen.update(often)
        kept.append(_without(sheet, dropped))
    return tuple(kept)


def _marginal(sheet: Sheet) -> list[Run]:
    rows = sorted(
        (row for block in sheet.blocks for row in block if not row.sideways), key=lambda row: row.top
    )
    ends = {id(row): row for row in (*rows[:_OUTERMOST], *rows[-_OUTERMOST:])}
    upper, lower = _MARGIN * sheet.height, (1 - _MARGIN) * sheet.height
    return [row for row in ends.values() if row.bottom <= upper or row.top >= lower]


def _keys(row: Run, page: int) -> Iterator[tuple[str, int]]:
    yield row.text, 0
    for match in _NUMBER.finditer(row.text):
        if len(match[0]) < 6:
            yield f"{row.text[: match.start()]}#{row.text[match.end() :]}", int(match[0]) - page


def _without(sheet: Sheet, dropped: set[int]) -> Sheet:
    blocks = (tuple(row for row in block if id(row) not in dropped) for block in sheet.blocks)
    return replace(sheet, blocks=tuple(block for block in blocks if block))
