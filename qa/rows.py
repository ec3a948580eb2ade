"""Rows of tables: what is asked about one row is not answered from another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.crossencoder import Span
from qa.window import Window
from qa.words import content_words, specifics

_RECORD = re.compile(r"[^:;\n]+: [^\n]*?; [^:;\n]+: [^\n]+")
_CELLS = re.compile(r"[^|\n]+(?: \| [^|\n]+)+")


def in_fitting_rows(question: str, window: Window, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without those in a row that has fewer of the question's words than another row has.

    Where no span is left, the row that fits best stands for itself. What is no row is left alone. Of cells
    without the names of their columns only the question's names and numbers count: a header has the others.
    """
    asked, named = content_words(question), specifics(question)
    shared: dict[tuple[int, int], int] = {}
    for row in window.sentences:
        text = window.text[row[0] - window.start : row[1] - window.start]
        if _RECORD.fullmatch(text) or _CELLS.fullmatch(text):
            shared[row] = len((named if _CELLS.fullmatch(text) else asked) & content_words(text))
    most = max(shared.values(), default=0)
    fitting = tuple(each for each in spans if shared.get(window.sentence_at(each.start), most) == most)
    if fitting or not spans:
        return fitting
    start, end = max(shared, key=lambda row: shared[row])
    return (Span(start, end, spans[0].score),)
