"""The opened document: its text, with the cited words highlighted in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from index_store.types import Document
from qa.web.library import Library
from qa.web.notice import notice

WINDOW = 60_000
"""How much text around the quote is shown at first; the whole document comes on request."""

CHANGED = "This document has changed since the answer was written; the highlighted words may have moved."

_PAGE = Markup(
    '<article class="fn-document">{}{}{}<div class="fn-text" data-layout="{}" dir="auto">{}</div>{}</article>'
)
_HEADER = Markup('<header class="fn-document-head">{}</header>')
_TITLE = Markup('<h2 class="fn-document-title" dir="auto">{}</h2>')
_DATE = Markup('<time class="fn-where">{}</time>')
_LINE = Markup('<span class="fn-line">{}</span>')
_MARK = Markup('{}<mark class="fn-quote" data-kind="{}">{}</mark>{}')
_REST = Markup('<p class="fn-rest"><button type="button" class="fn-whole">{}</button></p>')


@dataclass(frozen=True, slots=True)
class Place:
    """What the reader asked to see, as the browser sent it."""

    source: str
    start: int
    end: int
    sha256: str
    kind: str
    whole: bool

    @classmethod
    def parse(cls, request: Mapping[str, object]) -> Place:
        """From the link's attributes; `ValueError` or `KeyError` if they are not those of a link."""
        return cls(
            source=str(request["source"]),
            start=int(str(request["start"])),
            end=int(str(request["end"])),
            sha256=str(request.get("sha256", "")),
            kind="quote" if request.get("kind") == "quote" else "passage",
            whole=request.get("whole") is True,
        )


def opened(library: Library, request: Mapping[str, object]) -> str:
    """The document at the place asked for, as HTML; a notice when it cannot be shown. Never raises."""
    try:
        place = Place.parse(request)
        with library.lent() as assistant:
            document = assistant.document(place.source)
    except Exception as error:
        return str(notice("This document cannot be opened", library.explain(error)))
    return str(page(document, place))


def page(document: Document, place: Place) -> Markup:
    """The document with the place marked. Offsets beyond the text mark what there is."""
    low, high = (0, len(document.text)) if place.whole else window(document.text, place.start, place.end)
    changed = bool(place.sha256) and place.sha256 != document.sha256
    return _PAGE.format(
        heading(document),
        Markup('<p class="fn-changed" role="status">{}</p>').format(CHANGED) if changed else "",
        _REST.format("Show the text before this") if low > 0 else "",
        layout(document.text),
        lines(document.text, low, high, place),
        _REST.format("Show the text after this") if high < len(document.text) else "",
    )


def heading(document: Document) -> Markup:
    """The title and date that stand in the document; its file name stands above, in the bar."""
    title = _TITLE.format(document.title) if document.titled else Markup("")
    date = _DATE.format(document.published) if document.published else Markup("")
    return _HEADER.format(title + date) if title or date else Markup("")


def window(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of whole lines around `start`–`end`, WINDOW characters or a little more."""
    low, high = max(0, start - WINDOW // 2), min(len(text), max(start, end) + WINDOW // 2)
    if low > 0:
        low = text.rfind("\n", 0, low) + 1
    newline = text.find("\n", high)
    return low, (newline + 1 if newline >= 0 else len(text))


def layout(text: str) -> str:
    """ "paragraphs" if each line is a paragraph of its own, else "lines", which keeps the text dense."""
    full = [len(line) for line in text[:WINDOW].split("\n") if line.strip()]
    return "paragraphs" if full and sum(full) / len(full) > 120 else "lines"


def exact(text: str) -> Markup:
    """`text` escaped so that the browser keeps each character of it, carriage returns included."""
    return Markup.escape(text).replace("\r", Markup("&#13;"))


def lines(text: str, low: int, high: int, place: Place) -> Markup:
    """text[low:high], line by line, every character of it, with the place inside <mark>."""
    parts: list[Markup] = []
    cursor = low
    for line in text[low:high].splitlines(keepends=True):
        start = min(max(place.start - cursor, 0), len(line))
        end = min(max(place.end - cursor, start), len(line))
        content = exact(line)
        if start < end:
            pieces = exact(line[:start]), exact(line[start:end]), exact(line[end:])
            content = _MARK.format(pieces[0], place.kind, pieces[1], pieces[2])
        parts.append(_LINE.format(content))
        cursor += len(line)
    return Markup("").join(parts)
