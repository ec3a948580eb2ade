"""What can be done with a turn: ask again, edit, copy, rate, delete. static/turns.js does it."""

from __future__ import annotations

from markupsafe import Markup

from qa.web import icons
from qa.web.turn import Turn

_GROUP = Markup('<div class="fn-actions" role="group" aria-label="This question">{}</div>')
_BUTTON = Markup(
    '<button type="button" class="fn-icon" data-action="{}" aria-label="{}" title="{}">{}</button>'
)
_RATING = Markup(
    '<button type="button" class="fn-icon" data-action="{}" aria-pressed="false" aria-label="{}" '
    'title="{}">{}</button>'
)


def actions(turn: Turn) -> Markup:
    """The buttons of a turn that has ended."""
    made = [_button("again", "Ask again", icons.AGAIN), _button("edit", "Edit the question", icons.EDIT)]
    if turn.answer is not None:
        made += [
            _button("copy", "Copy the answer", icons.COPY),
            _button("copy-sources", "Copy with its sources, as Markdown", icons.QUOTES),
            _rating("up", "Good answer", icons.UP),
            _rating("down", "Bad answer", icons.DOWN),
        ]
    made.append(_button("delete", "Delete this question and its answer", icons.DELETE))
    return _GROUP.format(Markup("").join(made))


def _button(action: str, label: str, icon: Markup) -> Markup:
    return _BUTTON.format(action, label, label, icon)


def _rating(action: str, label: str, icon: Markup) -> Markup:
    return _RATING.format(action, label, label, icon)
