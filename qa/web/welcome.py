"""What stands on the page before the first question, and the line about the index above it."""

from __future__ import annotations

from markupsafe import Markup

from index_store.types import IndexStatus
from qa.web import documents, icons
from qa.web.library import Shelf
from qa.web.notice import notice
from qa.web.suggestions import SHOWN, Suggestions, coming, offer

MASTHEAD = Markup(
    '<header class="fn-masthead">'
    '<button type="button" class="fn-icon fn-rail-toggle" aria-label="Show conversations">'
    '{}</button><h1 class="fn-wordmark">Footnote<sup>1</sup></h1>'
    '<p class="fn-shelf">${{value}}</p></header>'
).format(icons.RAIL)
OPENING = Markup('<span class="fn-opening">Opening the index…</span>')

_LEAD = Markup(
    '<p class="fn-lead">Ask your documents.<br>See the exact words that answer.'
    '<span class="fn-cite" aria-hidden="true">1</span></p>'
)
_WELCOME = Markup('<section class="fn-welcome">{}{}</section>')
LOADING = str(_WELCOME.format(_LEAD, ""))
"""The page before it knows what is indexed."""

_UNREAD = Markup(
    ' · <button type="button" class="fn-trouble" data-show="documents" data-wish="failed" title="{}">'
    "{}</button>"
)
_STARTERS = Markup('<div class="fn-start-from"{}>{}</div>')
TITLE = "Questions to start from"
_HINT = Markup('<p class="fn-quiet">{}</p>')
_FIRST = Markup(
    '<div class="fn-first"><p class="fn-first-title">Add a document to begin</p>'
    '<p class="fn-quiet">A PDF, or almost anything else with text in it'
    '<span class="fn-drop-hint">: choose it, or drop it anywhere on the page</span>.</p>'
    '<div class="fn-first-actions">{}</div></div><div>{}</div>'
)
HINT = "Ask in a whole sentence, as you would ask someone who has read them all."


def masthead(shelf: Shelf) -> str:
    """One line about the index."""
    if shelf.status is None:
        return str(Markup('<span class="fn-trouble">{}</span>').format("No documents to ask yet"))
    return str(_contents(shelf.status))


def _contents(status: IndexStatus) -> Markup:
    documents = f"{status.documents:,} document{'' if status.documents == 1 else 's'}"
    line = Markup('<span title="{}">{}</span>').format(status.corpus, documents)
    if status.failed:
        reasons = "\n".join(f"{source}: {reason}" for source, reason in status.failed)
        unread = f"{len(status.failed):,} could not be read"
        line += _UNREAD.format(reasons, unread)
    return line


def welcome(suggestions: Suggestions, shelf: Shelf, may_add: bool = False) -> str:
    """The page before the first question: where to start, or what to do first.

    `may_add` says that the corpus is empty and that this reader can add the first document.
    """
    if may_add:
        return str(_WELCOME.format(_LEAD, _FIRST.format(documents.ADD, documents.ARRIVALS)))
    if shelf.status is None:
        return str(_WELCOME.format(_LEAD, notice("The documents cannot be asked yet", shelf.trouble)))
    return str(_WELCOME.format(_LEAD, starters(suggestions.now(shelf.status.version))))


def starters(questions: tuple[str, ...] | None) -> Markup:
    """The questions to start from, each asked with a click; their places while they are being looked for."""
    if questions is None:
        return _STARTERS.format(Markup(" data-coming"), coming(TITLE, SHOWN))
    if not questions:
        return _HINT.format(HINT)
    return _STARTERS.format("", offer(TITLE, questions))
