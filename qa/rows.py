"""Rows of tables: what is asked about one row is not answered from another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.crossencoder import Span
from qa.window import Window
from qa.words import content_words

_ROW = re.compile(r"[^:;\n]+: [^\n]*?; [^:;\n]+: [^\n]+|[^|\n]+(?: \| [^|\n]+)+")


def in_fitting_rows(question: str, window: Window, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without those in a row that has fewer of the question's words than another row has.

    Where no span is left, the row that fits best stands for itself. What is no row is left alone.
    """
    asked = content_words(question)
    shared = {
        row: len(asked & content_words(_text(window, row)))
        for row in window.sentences
        if _is_row(window, row)
    }
    most = max(shared.values(), default=0)
    fitting = tuple(each for each in spans if shared.get(window.sentence_at(each.start), most) == most)
    if fitting or not spans:
        return fitting
    start, end = max(shared, key=lambda row: shared[row])
    return (Span(start, end, spans[0].score),)


def _is_row(window: Window, span: tuple[int, int]) -> bool:
    return _ROW.fullmatch(_text(window, span)) is not None


def _text(window: Window, span: tuple[int, int]) -> str:
    return window.text[span[0] - window.start : span[1] - window.start]
