"""What stands between two rows of a PDF: a space within a sentence, a line's end, or a paragraph's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from index_store.readers.columns import BETWEEN_CELLS
from index_store.readers.glyphs import HYPHEN, Run

PARAGRAPH: Final = "\n\n"
LINE: Final = "\n"
SPACE: Final = " "
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_CUT_WORD: Final = re.compile(rf"([^\W_]+)[-‐{HYPHEN}]$")
_REST: Final = re.compile(r"[^\W_]+")
_FIRST_WORD: Final = re.compile(r"\S+")
_END: Final = re.compile(r"[.!?:;…][\"'”’)\]]*$")
_ITEM: Final = re.compile(r"(?:[•●▪■◦‣·*–—-]|\(?(?:\d{1,3}|[a-zA-Z])\)|\d{1,3}\.)\s")
_RAGGED: Final = 0.25  # of the width may be left free by a line of prose that is not justified
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")


def block_joints(rows: Sequence[Run], heading: float) -> list[str]:
    """What stands before each row of a block but the first. Rows of `heading` size or more run on."""
    pitch = _pitch(rows)
    joints = [_apart(above, below, pitch) for above, below in pairwise(rows)]
    begin = 0
    for end in (*(position + 1 for position, joint in enumerate(joints) if joint == PARAGRAPH), len(rows)):
        group = rows[begin:end]
        sides = min(row.left for row in group), max(row.right for row in group)
        item = False
        for position, (above, below) in enumerate(pairwise(group), start=begin):
            item = bool(_ITEM.match(above.text)) or (item and joints[position - 1] == SPACE)
            joints[position] = SPACE if above.size >= heading else _within(above, below, sides, item)
        begin = end
    return joints


def seam(block: Sequence[Run], below: Run) -> str:
    """What stands between columns and between pages: a space where a sentence goes on in the next block.

    It goes on where it has no end, and either the next line begins with a small letter or the last
    line is as long as those above it.
    """
    above = block[-1]
    if _END.search(above.text) or below.sideways or _ITEM.match(below.text) or not _is_alike(above, below):
        return PARAGRAPH
    right = max(row.right for row in block)
    is_full = len(block) > 2 and right - above.right < 2 * above.height and BETWEEN_CELLS not in above.text
    return SPACE if is_full or below.text[0].islower() else PARAGRAPH


def joined(above: str, below: str, known: frozenset[str]) -> tuple[str, str]:
    """The end of a line whose sentence goes on, and what parts it from the next line."""
    cut, rest = _CUT_WORD.search(above), _REST.match(below)
    if cut and rest:
        whole, hyphenated = cut[1] + rest[0], f"{cut[1]}-{rest[0]}"
        is_one_word = cut[1].isalpha() and rest[0].isalpha() and rest[0].islower()
        if is_one_word and (whole.lower() in known or hyphenated.lower() not in known):
            return above[:-1], ""
        return f"{above[:-1]}-", ""
    if _WIDE.match(above[-1]) and _WIDE.match(below):
        return above, ""
    return above, "" if above.endswith("—") else SPACE


def known_words(rows: Iterable[Run]) -> frozenset[str]:
    """The words a document writes, in small letters and with their hyphens."""
    return frozenset(word.lower().replace("‐", "-") for row in rows for word in _WORD.findall(row.text))


def _pitch(rows: Sequence[Run]) -> float:
    """The usual distance from row to row: the lower quartile, for paragraphs lie further apart."""
    steps = sorted(
        step for above, below in pairwise(rows) if (step := below.top - above.top) > 0.5 * above.height
    )
    return steps[len(steps) // 4] if steps else 0.0


def _is_alike(row: Run, other: Run) -> bool:
    return abs(row.size - other.size) <= 0.15 * max(row.size, other.size)


def _apart(above: Run, below: Run, pitch: float) -> str:
    """A paragraph's end where the distance or the size of the letters shows it."""
    step = below.top - above.top
    far = step > max(1.45 * pitch, 1.2 * above.height) or step < 0
    return PARAGRAPH if far or not _is_alike(above, below) else SPACE


def _within(above: Run, below: Run, sides: tuple[float, float], item: bool) -> str:
    """What parts two rows that belong together by their distance."""
    if _CUT_WORD.search(above.text) and _REST.match(below.text):
        return SPACE
    if BETWEEN_CELLS in above.text or BETWEEN_CELLS in below.text or _ITEM.match(below.text):
        return LINE
    if not item and 0.7 * above.height < below.left - above.left < 4 * above.height:
        return PARAGRAPH  # its first line is indented
    left, right = sides
    word = _FIRST_WORD.match(below.text)
    length = abs(below.edges[word.end() if word else 0] - below.edges[0])
    has_room = right - above.right > length + 0.5 * above.height  # so that the line was ended on purpose
    is_ragged = right - above.right < _RAGGED * (right - left) and below.text[0].islower()
    return LINE if has_room and not (is_ragged and not _END.search(above.text)) else SPACE
