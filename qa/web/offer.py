"""Questions that are asked with a click. static/starters.js and static/chat.js ask them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

_LIST = Markup('<p class="fn-starters-title">{}</p><ul class="fn-starters">{}</ul>')
_QUESTION = Markup('<li><button type="button" class="fn-ask" data-question="{0}">{0}</button></li>')
_COMING = Markup('<li><i class="fn-coming" aria-hidden="true"></i></li>')


def offer(title: str, questions: Sequence[str]) -> Markup:
    """The questions as a list below a title."""
    return _LIST.format(title, Markup("").join(map(_QUESTION.format, questions)))


def coming(title: str, count: int) -> Markup:
    """The places of that many questions that are still looked for."""
    return _LIST.format(title, _COMING * count)
