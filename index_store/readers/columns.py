"""The order in which the runs of a page are read: rows from top to bottom, column after column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np

from index_store.readers.glyphs import Run

_MOST_COLUMNS: Final = 3  # cuts, one within the other
_FEWEST_ROWS: Final = 4
_PROSE: Final = 15  # characters of a row; the cells of a table have fewer, or few letters among them
BETWEEN_CELLS: Final = "  "


def reading_order(runs: Iterable[Run]) -> list[list[Run]]:
    """Blocks of rows, each block within one column. Text that stands sideways comes last.

    A page is cut into columns only where both sides hold prose: a table is read row by row.
    """
    level: list[Run] = []
    sideways: list[Run] = []
    for run in runs:
        (sideways if run.sideways else level).append(run)
    blocks = [_rows(block) for block in _columns(level, _MOST_COLUMNS)]
    return [*(block for block in blocks if block), *([run] for run in sideways)]


def _columns(runs: list[Run], cuts: int) -> Iterator[list[Run]]:
    gutter = _gutter(runs) if cuts else None
    if gutter is None:
        yield runs
        return
    bands: list[tuple[list[Run], list[Run]]] = [([], [])]
    spanning: list[list[Run]] = [[]]
    for run in sorted(runs, key=lambda run: run.top + run.bottom):
        if _spans(run, gutter):
            if any(bands[-1]):
                bands.append(([], []))
                spanning.append([])
            spanning[-1].append(run)
        else:
            bands[-1][run.left >= gutter].append(run)
    for across, (left, right) in zip(spanning, bands, strict=True):
        if across:
            yield across
        for side in (left, right):
            if side:
                yield from _columns(side, cuts - 1)


def _gutter(runs: list[Run]) -> float | None:
    """Where a right column begins: the left edge with prose on both sides that cuts the fewest runs."""
    starts = sorted({round(run.left) for run in runs})
    best: tuple[int, float] | None = None
    for start in starts[1:]:
        gutter = start - 0.5
        aligned = sum(abs(run.left - start) <= 2 for run in runs)
        crossing = sum(_spans(run, gutter) for run in runs)
        if aligned < _FEWEST_ROWS or 2 * crossing > len(runs) or (best is not None and best[0] <= crossing):
            continue
        if _parts_prose(runs, gutter):
            best = (crossing, gutter)
    return best[1] if best else None


def _spans(run: Run, gutter: float) -> bool:
    return run.left < gutter < run.right - 1


def _parts_prose(runs: list[Run], gutter: float) -> bool:
    sides: tuple[list[Run], list[Run]] = ([], [])
    for run in runs:
        if not _spans(run, gutter):
            sides[run.left >= gutter].append(run)
    left, right = (_rows(side) for side in sides)
    beside = sum(any(_is_beside(row, other) for other in right) for row in left)
    return beside >= _FEWEST_ROWS - 1 and _is_prose(left) and _is_prose(right)


def _is_prose(rows: list[Run]) -> bool:
    """Whether rows fill their column with words."""
    if len(rows) < _FEWEST_ROWS:
        return False
    width = max(row.right for row in rows) - min(row.left for row in rows)
    letters = sum(char.isalpha() for row in rows for char in row.text)
    return (
        median(len(row.text) for row in rows) >= _PROSE
        and median(row.right - row.left for row in rows) >= 0.6 * width
        and letters >= 0.6 * sum(len(row.text) for row in rows)
    )


def _rows(runs: list[Run]) -> list[Run]:
    """The runs from top to bottom, those beside each other joined into one row."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.top + run.bottom, run.left)):
        if rows and any(_is_beside(run, other) for other in rows[-1]):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [_joined(sorted(row, key=lambda run: run.left)) for row in rows]


def _is_beside(run: Run, other: Run) -> bool:
    overlap = min(run.bottom, other.bottom) - max(run.top, other.top)
    return overlap > 0.5 * min(run.height, other.height)


def _joined(row: list[Run]) -> Run:
    if len(row) == 1:
        return row[0]
    text, edges = row[0].text, [row[0].edges]
    for before, run in pairwise(row):
        narrow = run.left - before.right < 0.6 * run.height
        gap = ("" if run.text[0] in ".,;:!?)" else " ") if narrow else BETWEEN_CELLS
        edges[-1] = edges[-1][:-1]
        edges += [np.full(len(gap), before.edges[-1], dtype=np.float32), run.edges]
        text += gap + run.text
    top, bottom = min(run.top for run in row), max(run.bottom for run in row)
    return Run(text, np.concatenate(edges), top, bottom, max(row, key=lambda run: len(run.text)).size)
