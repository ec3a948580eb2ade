"""Where a span of a PDF's text stands on its pages; and the same in few bytes, for keeping."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from sys import byteorder
from typing import Final

from index_store.types import LineBox, PageBoxes

_UNITS: Final = 65535


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a page, in fractions of its width and height from the top left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def rectangles(boxes: Sequence[PageBoxes], start: int, end: int) -> tuple[Rectangle, ...]:
    """What to highlight for `Document.text[start:end]`: a rectangle for each line it touches."""
    return tuple(
        _rectangle(page.number, line, max(start, line.start), min(end, line.end))
        for page in boxes
        for line in page.lines
        if max(start, line.start) < min(end, line.end)
    )


def pack(boxes: Sequence[PageBoxes]) -> bytes:
    """The boxes as compressed bytes; `unpack` gives them back."""
    pages = [
        [
            page.number,
            page.width,
            page.height,
            [[line.start, line.end, line.top, line.bottom] for line in page.lines],
        ]
        for page in boxes
    ]
    head = json.dumps(pages, separators=(",", ":")).encode()
    steps = b"".join(_steps(line.edges) for page in boxes for line in page.lines)
    return zlib.compress(len(head).to_bytes(8, "little") + head + steps)


def unpack(packed: bytes) -> tuple[PageBoxes, ...]:
    """The boxes that were packed."""
    data = zlib.decompress(packed)
    position = 8 + int.from_bytes(data[:8], "little")
    pages = []
    for number, width, height, rows in json.loads(data[8:position]):
        lines = []
        for start, end, top, bottom in rows:
            size = 2 * (end - start + 1)
            lines.append(LineBox(start, end, top, bottom, _edges(data[position : position + size])))
            position += size
        pages.append(PageBoxes(number, width, height, tuple(lines)))
    return tuple(pages)


def _rectangle(page: int, line: LineBox, start: int, end: int) -> Rectangle:
    edges = _numbers(line.edges)
    left, right = sorted((edges[start - line.start], edges[end - line.start]))
    return Rectangle(page, left / _UNITS, line.top / _UNITS, right / _UNITS, line.bottom / _UNITS)


def _steps(edges: bytes) -> bytes:
    """The distances between the edges, which repeat as letters do, in place of the edges, which do not."""
    numbers = _numbers(edges)
    steps = array("H", [numbers[0], *((b - a) % 65536 for a, b in pairwise(numbers))])
    return _bytes(steps)


def _edges(steps: bytes) -> bytes:
    total, edges = 0, array("H")
    for step in _numbers(steps):
        total = (total + step) % 65536
        edges.append(total)
    return _bytes(edges)


def _numbers(data: bytes) -> array[int]:
    numbers = array("H", data)
    if byteorder == "big":
        numbers.byteswap()
    return numbers


def _bytes(numbers: array[int]) -> bytes:
    if byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()
