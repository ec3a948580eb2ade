"""What stands below an answer that a language model had a part in: what failed, what was left out, what the
built-in reader says, and what it cost."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from qa.render import counted
from qa.types import Answer, Citation
from qa.web.citation import MARKER, filename, opens, position

_EXTRAS = Markup('<div class="fn-extras">{}</div>')
_NOTICE = Markup('<p class="fn-extra-notice" role="note">{}</p>')
_FOLD = Markup('<details class="{}"{}><summary>{}</summary>{}</details>')
_ITEMS = Markup('<ul dir="auto">{}</ul>')
_PARTIAL = Markup('<p dir="auto">{}</p>')
_LEAD = Markup('<p class="fn-alternative-lead" dir="auto">{}</p>')
_QUOTE = Markup(
    '<li><blockquote dir="auto">{}</blockquote><a class="fn-alternative-source" href="#" {}>{}, {}</a></li>'
)
_USAGE = Markup('<p class="fn-usage">{}</p>')


def extras(answer: Answer) -> Markup:
    """All of it, "" for an answer that has none."""
    parts = [_NOTICE.format(notice) for notice in answer.notices]
    if answer.removed:
        title = "What was left out"
        parts.append(_fold("fn-removed", title, _items(each.text for each in answer.removed)))
    if answer.partial:
        parts.append(_fold("fn-partial", "What the model had written", _PARTIAL.format(answer.partial)))
    if answer.alternative:
        other = _alternative(answer.alternative)
        parts.append(_fold("fn-alternative", "The built-in reader answers", other, opened=True))
    if answer.usage:
        parts.append(_USAGE.format(counted(answer.usage)))
    return _EXTRAS.format(Markup("").join(parts)) if parts else Markup("")


def _fold(name: str, title: str, body: Markup, opened: bool = False) -> Markup:
    return _FOLD.format(name, Markup(" open") if opened else "", title, body)


def _items(texts: Iterable[str]) -> Markup:
    return _ITEMS.format(Markup("").join(Markup("<li>{}</li>").format(text) for text in texts))


def _alternative(answer: Answer) -> Markup:
    """The reader's short answer, and its quotes; each opens its document."""
    lead = _LEAD.format(MARKER.sub("", answer.lead)) if answer.lead else Markup("")
    return lead + _ITEMS.format(Markup("").join(_quote(each) for each in answer.citations))


def _quote(citation: Citation) -> Markup:
    return _QUOTE.format(citation.quote, opens(citation), filename(citation.source), position(citation))
