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
_ALIGNED: Final = 3.0  # points
_STRIP: Final = 0.9  # line heights
BETWEEN_CELLS: Final = "  "


def reading_order(runs: Iterable[Run]) -> list[list[Run]]:
    """Blocks of rows, each block within one column. Text that stands sideways comes last.

    A page is cut into columns only where both sides hold prose: a table is read row by row.
    """
    level: list[Run] = []
    sideways: list[Run] = []
    for run in runs:
        (sideways if run.sideways else level).append(run)
    return [*map(_rows, _blocks(level, _MOST_COLUMNS)), *([run] for run in sideways)]


def _blocks(runs: list[Run], cuts: int) -> Iterator[list[Run]]:
    """The runs of each column in turn, slab after slab."""
    if not cuts:
        yield runs
        return
    for gutter, slab in _slabs(runs):
        if gutter is None:
            yield slab
            continue
        for across, left, right in _bands(slab, gutter):
            if across:
                yield across
            for side in (left, right):
                if side:
                    yield from _blocks(side, cuts - 1)


def _slabs(runs: list[Run]) -> list[tuple[float | None, list[Run]]]:
    """The runs between blank strips as wide as all of them, with the gutter of each slab.

    Neighbours with the same gutter, or with none, are one: the strip between them parts no columns.
    What is too short to show a gutter, but leaves open the one above it, goes on with those columns.
    """
    height = median(run.height for run in runs) if runs else 0.0
    parts: list[list[Run]] = []
    bottom = 0.0
    for run in sorted(runs, key=lambda run: run.top):
        if not parts or run.top - bottom > _STRIP * height:
            parts.append([])
        parts[-1].append(run)
        bottom = max(bottom, run.bottom)
    slabs: list[tuple[float | None, list[Run]]] = []
    for part in parts:
        gutter = _gutter(part)
        above = slabs[-1][0] if slabs else None
        if gutter is None and above is not None and _leaves_open(part, above):
            gutter = above
        if slabs and _is_same(above, gutter):
            slabs[-1][1].extend(part)
        else:
            slabs.append((gutter, part))
    return slabs


def _leaves_open(runs: list[Run], gutter: float) -> bool:
    """Whether the runs stand in the columns beside the gutter; one alone is rather a heading."""
    right = [run for run in runs if run.left >= gutter]
    is_aligned = not right or min(run.left for run in right) - gutter < _ALIGNED
    return len(runs) > 1 and is_aligned and not any(_spans(run, gutter) for run in runs)


def _is_same(gutter: float | None, other: float | None) -> bool:
    if gutter is None or other is None:
        return gutter is other
    return abs(gutter - other) < _ALIGNED


def _bands(runs: list[Run], gutter: float) -> list[tuple[list[Run], list[Run], list[Run]]]:
    """What runs across the gutter, and the columns below it: (across, left, right), from top to bottom."""
    bands: list[tuple[list[Run], list[Run], list[Run]]] = [([], [], [])]
    for run in sorted(runs, key=lambda run: run.top + run.bottom):
        if _spans(run, gutter):
            if bands[-1][1] or bands[-1][2]:
                bands.append(([], [], []))
            bands[-1][0].append(run)
        else:
            bands[-1][2 if run.left >= gutter else 1].append(run)
    return bands


def _gutter(runs: list[Run]) -> float | None:
    """Where a right column begins: the left edge with prose on both sides that cuts the fewest runs."""
    starts = sorted({round(run.left) for run in runs})
    best: tuple[int, float] | None = None
    for start in starts[1:]:
        gutter = start - 0.5
        aligned = sum(abs(run.left - start) < _ALIGNED for run in runs)
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
    ordered = [sorted(row, key=lambda run: run.left) for row in rows]
    whole = [row[0] for row in ordered if len(row) == 1]
    right = max((run.right for run in whole), default=0.0)
    is_prose = len(whole) >= 0.7 * len(rows)
    return [_joined(row, is_prose and _is_stretched(row, right)) for row in ordered]


def _is_stretched(row: list[Run], right: float) -> bool:
    """Whether few long words were spread over a justified line: with equal gaps, up to its end."""
    gaps = [run.left - before.right for before, run in pairwise(row)]
    widest = max(gaps, default=0.0)
    limit = (6 if len(gaps) > 1 else 4) * row[0].height
    return (
        widest - min(gaps, default=0.0) < 0.15 * widest < 0.15 * limit
        and abs(row[-1].right - right) < _ALIGNED
    )


def _is_beside(run: Run, other: Run) -> bool:
    overlap = min(run.bottom, other.bottom) - max(run.top, other.top)
    return overlap > 0.5 * min(run.height, other.height)


def _joined(row: list[Run], stretched: bool) -> Run:
    if len(row) == 1:
        return row[0]
    text, edges = row[0].text, [row[0].edges]
    for before, run in pairwise(row):
        narrow = stretched or run.left - before.right < 0.6 * run.height
        gap = ("" if run.text[0] in ".,;:!?)" else " ") if narrow else BETWEEN_CELLS
        edges[-1] = edges[-1][:-1]
        edges += [np.full(len(gap), before.edges[-1], dtype=np.float32), run.edges]
        text += gap + run.text
    top, bottom = min(run.top for run in row), max(run.bottom for run in row)
    return Run(text, np.concatenate(edges), top, bottom, max(row, key=lambda run: len(run.text)).size)
