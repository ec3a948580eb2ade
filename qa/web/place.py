"""The place in a document that a reader asked to see, and where it is in the document of today."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from index_store.types import Document

View = Literal["", "text", "pages"]
KINDS = ("quote", "passage", "found")
"""Why words are marked: they are quoted, a passage that comes close has them, or they were looked for."""

MOVED = "This document has changed since the answer was written. The quoted words are still in it, here."
GONE = "This document has changed since the answer was written, and the quoted words are no longer in it."
CHANGED = "This document has changed since the answer was written."


@dataclass(frozen=True, slots=True)
class Place:
    """What the browser asked for: a span of a document, and how it is to be shown.

    `quote` is what stood at the span, "" where nothing is known of it. `view` is "" for whichever
    suits the document; `whole` asks for all of a long text.
    """

    source: str
    start: int
    end: int
    quote: str = ""
    sha256: str = ""
    kind: str = "passage"
    view: View = ""
    whole: bool = False

    @classmethod
    def parse(cls, request: Mapping[str, object]) -> Place:
        """From a link's attributes; `ValueError` or `KeyError` if they are not those of a link."""
        view = request.get("view")
        return cls(
            source=str(request["source"]),
            start=int(str(request["start"])),
            end=int(str(request["end"])),
            quote=str(request.get("quote", "")),
            sha256=str(request.get("sha256", "")),
            kind=str(request["kind"]) if request.get("kind") in KINDS else "passage",
            view="text" if view == "text" else "pages" if view == "pages" else "",
            whole=request.get("whole") is True,
        )


@dataclass(frozen=True, slots=True)
class Located:
    """The span to mark in the document of today, empty if there is none, and what is to be said of it."""

    start: int
    end: int
    remark: str = ""


def located(document: Document, place: Place) -> Located:
    """Where the words of `place` are now: never other words than were quoted."""
    same = place.sha256 in ("", document.sha256)
    if not place.quote:
        return Located(place.start, place.end) if same else Located(0, 0, CHANGED)
    if document.text[place.start : place.end] == place.quote:
        return Located(place.start, place.end, "" if same else MOVED)
    pattern = r"\s+".join(map(re.escape, place.quote.split()))
    found = [match.span() for match in re.finditer(pattern, document.text)] if pattern else []
    if not found:
        return Located(0, 0, GONE)
    start, end = min(found, key=lambda span: abs(span[0] - place.start))
    return Located(start, end, MOVED)
