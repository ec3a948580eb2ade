"""The opened document: its pages or its text, with the words asked for marked in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import gradio as gr
from markupsafe import Markup

from index_store import PageRenderer
from index_store.errors import (
    DocumentChangedError,
    IndexStoreError,
    OriginalMissingError,
    PageError,
    UnknownSourceError,
)
from index_store.types import Document
from qa.web.library import Library
from qa.web.notice import notice
from qa.web.pageview import page_view, sheet
from qa.web.panel import panel
from qa.web.place import Located, Place, located
from qa.web.textview import text_view

PDF = "application/pdf"
MOST = 500
"""How many places of words that are looked for are named at most."""

NO_FILE = "The file itself is not on this machine, so this is its text, as it was indexed."
OTHER_FILE = "The file has changed since it was indexed, so this is its text, as it was then."
NOT_DRAWN = "The pages cannot be drawn, so this is the text. {}"

BAR = """
<div class="fn-viewer-head">
  <nav class="fn-viewer-bar"><button type="button" class="fn-back" data-act="back">← Sources</button>
    <bdi class="fn-here"></bdi></nav>
  <div class="fn-tools" role="toolbar" aria-label="The opened document">
    <span class="fn-tool" data-tool="citation" hidden>
      <button type="button" data-act="citation-before" aria-label="Previous citation">‹</button>
      Citation <output></output>
      <button type="button" data-act="citation-after" aria-label="Next citation">›</button></span>
    <span class="fn-tool" data-tool="page" hidden>
      <button type="button" data-act="page-before" aria-label="Previous page">‹</button>
      Page <output></output>
      <button type="button" data-act="page-after" aria-label="Next page">›</button></span>
    <span class="fn-tool" data-tool="zoom">
      <button type="button" data-act="smaller" aria-label="Smaller">−</button>
      <output></output>
      <button type="button" data-act="larger" aria-label="Larger">+</button></span>
    <span class="fn-tool">
      <button type="button" class="fn-view" data-tool="view" data-act="view" hidden></button>
      <a class="fn-view" data-tool="original" target="_blank" rel="noopener" hidden>Open original</a></span>
    <span class="fn-tool" data-tool="find" role="search">
      <input type="search" aria-label="Find in this document" placeholder="Find">
      <output></output>
      <button type="button" data-act="found-before" aria-label="Previous place" hidden>‹</button>
      <button type="button" data-act="found-after" aria-label="Next place" hidden>›</button></span>
  </div>
</div>
<div class="fn-opened" tabindex="-1" role="region" aria-label="Document"></div>
"""
_ARTICLE = Markup(
    '<article class="fn-document" data-view="{}" data-media="{}" data-sha256="{}" data-original="{}">'
    "{}{}{}</article>"
)
_HEADER = Markup('<header class="fn-document-head">{}</header>')
_TITLE = Markup('<h2 class="fn-document-title" dir="auto">{}</h2>')
_DATE = Markup('<time class="fn-where">{}</time>')
_REMARK = Markup('<p class="fn-changed" role="status">{}</p>')


def lay(library: Library, renderer: PageRenderer) -> gr.HTML:
    """Put the panel on the page that is being built; viewer.js calls these functions by their names."""
    shown = Viewer(library, renderer)

    def open_document(place: dict[str, Any]) -> str:  # gradio marks them, which no bound method allows
        return shown.opened(place)

    def show_page(place: dict[str, Any]) -> str:
        return shown.sheet(place)

    def find_words(request: dict[str, Any]) -> dict[str, object]:
        return find(library, request)

    functions: list[Callable[..., Any]] = [open_document, show_page, find_words]
    return panel("fn-viewer", "", BAR, "Footnote.viewer.panel(element, server)", functions)


class Viewer:
    """Shows documents of the library. Each method returns HTML and never raises."""

    def __init__(self, library: Library, renderer: PageRenderer) -> None:
        self._library = library
        self._renderer = renderer

    def opened(self, request: Mapping[str, object]) -> str:
        """The document at the place asked for; a notice when it cannot be shown."""
        try:
            place = Place.parse(request)
            with self._library.lent() as assistant:
                document = assistant.document(place.source, boxes=True)
            return str(self._page(document, place))
        except Exception as error:
            return str(notice("This document cannot be opened", self._library.explain(error)))

    def sheet(self, request: Mapping[str, object]) -> str:
        """One page of a PDF, `request["number"]`, for a document that is open at the same place."""
        try:
            place = Place.parse(request)
            with self._library.lent() as assistant:
                document = assistant.document(place.source, boxes=True)
            return str(sheet(document, int(str(request["number"])), located(document, place), place.kind))
        except Exception as error:
            return str(notice("This page cannot be shown", self._library.explain(error)))

    def _page(self, document: Document, place: Place) -> Markup:
        here = located(document, place)
        remarks = [here.remark] if here.remark else []
        view, body = "text", Markup("")
        path = self._file(document)
        if document.media_type == PDF and place.view != "text":
            try:
                body, view = self._pages(document, path, here), "pages"
            except IndexStoreError as error:
                remarks.append(_why_no_pages(error))
        if view == "text":
            body = text_view(document.text, here, place.kind, place.whole)
        said = Markup("").join(map(_REMARK.format, remarks))
        original = original_address(document) if path else ""
        head = heading(document)
        return _ARTICLE.format(view, document.media_type, document.sha256, original, head, said, body)

    def _file(self, document: Document) -> Path | None:
        try:
            with self._library.lent() as assistant:
                return assistant.original(document.source)
        except (OriginalMissingError, UnknownSourceError):  # unknown: removed since the document was read
            return None

    def _pages(self, document: Document, path: Path | None, here: Located) -> Markup:
        if path is None:
            raise OriginalMissingError
        return page_view(document, self._renderer.sizes(path, document.sha256), here)


def find(library: Library, request: Mapping[str, object]) -> dict[str, object]:
    """Where `request["words"]` stand in the document: `places`, `[start, end]` each, or `error`.

    Case does not matter, nor how many spaces or line ends are between the words.
    """
    try:
        with library.lent() as assistant:
            document = assistant.document(str(request["source"]))
        return {"places": occurrences(document.text, str(request["words"])), "sha256": document.sha256}
    except Exception as error:
        return {"error": library.explain(error)}


def occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """The spans at which the words stand in the text, in its order."""
    pattern = r"\s+".join(map(re.escape, words[:200].split()))
    if not pattern:
        return []
    found = re.finditer(pattern, text, re.IGNORECASE)
    return [match.span() for _, match in zip(range(MOST), found, strict=False)]


def heading(document: Document) -> Markup:
    """The title and date that stand in the document; its file's name stands above, in the bar."""
    title = _TITLE.format(document.title) if document.titled else Markup("")
    date = _DATE.format(document.published) if document.published else Markup("")
    return _HEADER.format(title + date) if title or date else Markup("")


def original_address(document: Document) -> str:
    """Where the file of a document is served, as an address relative to the page's own."""
    return f"documents/original?{urlencode({'source': document.source})}"


def _why_no_pages(error: IndexStoreError) -> str:
    if isinstance(error, OriginalMissingError):
        return NO_FILE
    if isinstance(error, DocumentChangedError):
        return OTHER_FILE
    if isinstance(error, PageError):
        return NOT_DRAWN.format(error)
    raise error
