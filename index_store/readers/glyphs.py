"""A page of a PDF → its runs of text with a place for every character, as it is displayed."""

from __future__ import annotations

from dataclasses import dataclass
from math import degrees
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from index_store.readers.extracted import clean

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

Floats = NDArray[np.float32]
HYPHEN: Final = "\x02"  # what pdfium puts where a line ends in a hyphen
_LINE_END: Final = (0x0A, 0x0D)
_SPACES: Final = (0x20, 0x09, 0xA0, 0x202F, 0x3000)
_HYPHENS: Final = (0x02, 0xAD, 0xFFFE)
_LIGATURES: Final = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
# Bullets of symbol fonts, which have no character of their own.
_BULLETS: Final = frozenset({*range(0x80, 0xA0), 0xF0A7, 0xF0B7, 0xF0D8, 0xF0FC, 0xF06E, 0xF076})
_WIDE_GAP: Final = 1.8  # in line heights: no gap between words is as wide, not even in justified text
_LEVEL: Final = 10  # degrees


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Characters on one line without a wide gap. `edges[i]` and `edges[i + 1]` enclose `text[i]`.

    The page's top left corner is (0, 0), in points. In text that runs to the left, edges fall.
    `size` is the height of most of its characters, which a raised or a tall one does not change.
    `sideways` text is not level when displayed; its edges only share out its width.
    """

    text: str
    edges: Floats
    top: float
    bottom: float
    size: float
    sideways: bool = False

    @property
    def left(self) -> float:
        return float(min(self.edges[0], self.edges[-1]))

    @property
    def right(self) -> float:
        return float(max(self.edges[0], self.edges[-1]))

    @property
    def height(self) -> float:
        return self.bottom - self.top


def page_runs(page: PdfPage) -> list[Run]:
    """The page's runs in the order in which the file draws them."""
    import pypdfium2.raw as pdfium

    textpage = page.get_textpage()
    handle, count = textpage.raw, textpage.count_chars()
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    boxes = (pdfium.FS_RECTF * count)()
    codes = np.array([unicode_of(handle, index) for index in range(count)], dtype=np.int64)
    for index, box in enumerate(boxes):
        box_of(handle, index, box)
    turned = page.get_rotation()
    places = _displayed(np.frombuffer(boxes, dtype=np.float32).reshape(-1, 4), _bounds(page), turned)
    space = np.isin(codes, _SPACES)
    runs: list[Run | None] = []
    for line in _lines(codes):
        angle = degrees(pdfium.FPDFText_GetCharAngle(handle, int(line[0]))) + turned
        sideways = abs((angle + 180) % 360 - 180) > _LEVEL
        parts = [line] if sideways else _parts(line, space, places)
        runs += [_run(codes[part], space[part], places[part], sideways) for part in parts]
    textpage.close()
    return [run for run in runs if run is not None]


def _bounds(page: PdfPage) -> tuple[float, float, float, float]:
    import pypdfium2.raw as pdfium

    box: Any = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page.raw, box)
    return box.left, box.bottom, box.right, box.top


def _displayed(boxes: Floats, bounds: tuple[float, float, float, float], turned: int) -> Floats:
    """The boxes of the file (left, top, right, bottom, upwards) on the page as displayed (downwards)."""
    x0, y0, x1, y1 = bounds
    left, high, right, low = boxes.T
    placed = {
        0: (left - x0, y1 - high, right - x0, y1 - low),
        90: (low - y0, left - x0, high - y0, right - x0),
        180: (x1 - right, low - y0, x1 - left, high - y0),
        270: (y1 - high, x1 - right, y1 - low, x1 - left),
    }
    return np.stack(placed[turned], axis=1)


def _lines(codes: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """The indices of the characters of each line as pdfium parts them."""
    kept = np.flatnonzero(~np.isin(codes, _LINE_END))
    return [line for line in np.split(kept, np.flatnonzero(np.diff(kept) > 1) + 1) if len(line)]


def _parts(line: NDArray[np.intp], space: NDArray[np.bool_], places: Floats) -> list[NDArray[np.intp]]:
    """A line cut where the text jumps to another line or over a wide gap; spaces do not fill a gap."""
    words = np.flatnonzero(~space[line])
    left, top, right, bottom = places[line[words]].T
    height = np.maximum((bottom - top)[1:], (bottom - top)[:-1])
    elsewhere = (top[1:] > bottom[:-1] - 0.2 * height) | (bottom[1:] < top[:-1] + 0.2 * height)
    gap = np.maximum(left[1:] - right[:-1], left[:-1] - right[1:])
    jumps = (height > 0) & (elsewhere | (gap > _WIDE_GAP * height))
    return np.split(line, words[1:][jumps])


def _run(codes: NDArray[np.int64], space: NDArray[np.bool_], places: Floats, sideways: bool) -> Run | None:
    """The run without the spaces around it, and one for several within; None when there is nothing else."""
    kept = ~space | ~np.append(space[1:], True)  # of several spaces the last
    kept &= np.logical_or.accumulate(~space)
    codes, places, space = codes[kept], places[kept], space[kept]
    letters = [
        " " if blank else _letters(code) for code, blank in zip(codes.tolist(), space.tolist(), strict=True)
    ]
    text = "".join(letters)
    if not text.strip():
        return None
    left, top, right, bottom = places.T
    edges = _shared_out(left, right, len(letters)) if sideways else _edges(left, right)
    if len(text) != len(letters) or not all(letters):
        edges = _spread(edges, letters)
    words = ~space & (bottom > top)
    if not words.any():
        return Run(text, edges, 0.0, 0.0, 0.0, sideways)
    size = float(np.median((right - left if sideways else bottom - top)[words]))
    return Run(text, edges, float(top[words].min()), float(bottom[words].max()), size, sideways)


def _letters(code: int) -> str:
    if 0x20 < code < 0x7F:
        return chr(code)
    if code in _BULLETS:
        return "•"
    char = HYPHEN if code in _HYPHENS else clean(chr(code))
    return _LIGATURES.get(char, char)


def _edges(left: Floats, right: Floats) -> Floats:
    if left[-1] < left[0]:
        return np.append(right, left[-1])
    return np.append(left, right[-1])


def _shared_out(left: Floats, right: Floats, count: int) -> Floats:
    return np.linspace(left.min(), right.max(), count + 1, dtype=np.float32)


def _spread(edges: Floats, letters: list[str]) -> Floats:
    """Edges for letters of which some are several characters, which share their width, and some are none."""
    spread = [
        np.linspace(begin, end, len(some), endpoint=False, dtype=np.float32)
        for begin, end, some in zip(edges[:-1], edges[1:], letters, strict=True)
    ]
    return np.concatenate([*spread, edges[-1:]])
