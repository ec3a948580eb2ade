"""How a place in a document is named, linked and marked on the page."""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup

from index_store.types import Passage
from qa.types import Citation

MARKER = re.compile(r"( ?)\[(\d{1,4})\]")
PREVIEW = 600
"""How much of a quote is shown before it is opened."""

_OPENS = Markup(
    'data-source="{}" data-start="{}" data-end="{}" data-sha256="{}" data-kind="{}" data-quote="{}"'
)
_CHIP = Markup(
    '<a class="fn-cite" href="#{}" data-quote="{}" data-words="{}" aria-label="{}" {}>'
    '<span class="fn-bracket">{}[</span>{}<span class="fn-bracket">]</span></a>'
)
_PENDING_CHIP = Markup(
    '<span class="fn-cite"><span class="fn-bracket">{}[</span>{}<span class="fn-bracket">]</span></span>'
)


def position(place: Citation | Passage) -> str:
    """Where in its document the place is: its page, else its characters."""
    if place.page is not None:
        return f"page {place.page}"
    return f"characters {place.start}–{place.end}"


def filename(source: str) -> Markup:
    """The source path, its folders in a quieter voice. `bdi` keeps any script from reordering it."""
    folder, slash, name = source.rpartition("/")
    return Markup('<bdi class="fn-file"><span class="fn-folder">{}</span>{}</bdi>').format(
        folder + slash, name
    )


def answering(citation: Citation) -> str:
    """The words inside the quote that answer by themselves, "" if none are known."""
    if citation.answer_start is None or citation.answer_end is None:
        return ""
    start, end = citation.answer_start, citation.answer_end
    return citation.quote[start - citation.start : end - citation.start]


def opens(place: Citation | Passage) -> Markup:
    """The attributes by which footnote.js asks the viewer to open the document at this place."""
    if isinstance(place, Citation):
        return _OPENS.format(
            place.source, place.start, place.end, place.document_sha256, "quote", place.quote
        )
    return _OPENS.format(place.source, place.start, place.end, "", "passage", place.text)


def anchor(turn: int, number: int) -> str:
    """The id of the card for citation `number` of turn `turn`."""
    return f"cite-{turn}-{number}"


def chip(citation: Citation, turn: int, space: str = "") -> Markup:
    """The marker `[n]` as a link that opens its citation. `space` goes before it, unseen."""
    label = f"Source {citation.number}: {citation.source}, {position(citation)}"
    quote = citation.quote if len(citation.quote) <= PREVIEW else f"{citation.quote[:PREVIEW]}…"
    home = anchor(turn, citation.number)
    return _CHIP.format(home, quote, answering(citation), label, opens(citation), space, citation.number)


def with_chips(text: str, citations: tuple[Citation, ...], turn: int) -> Markup:
    """`text` with the marker of each of these citations as a link; other `[n]` are text like any other.

    The space before a marker stays in the text but not to the eye: the chip hugs its sentence.
    """
    known = {citation.number: citation for citation in citations}
    return _marked(text, lambda space, n: chip(known[n], turn, space) if n in known else None)


def with_pending_chips(text: str) -> Markup:
    """Text that is still being written, its markers already as wide as the links they will become."""
    return _marked(text, _PENDING_CHIP.format)


def _marked(text: str, mark: Callable[[str, int], Markup | None]) -> Markup:
    parts: list[Markup] = []
    cursor = 0
    for match in MARKER.finditer(text):
        chip = mark(match[1], int(match[2]))
        if chip is not None:
            parts += (Markup.escape(text[cursor : match.start()]), chip)
            cursor = match.end()
    return Markup("").join([*parts, Markup.escape(text[cursor:])])
