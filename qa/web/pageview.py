"""A PDF's pages as they look, with the words asked for marked on them, and all words there to be selected."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from markupsafe import Markup

from index_store.boxes import Rectangle, rectangles
from index_store.types import Document, LineBox, PageBoxes
from qa.web.place import Located

Size = tuple[float, float]

_PAGES = Markup('<ol class="fn-pages" data-first="{}">{}</ol>')
_PAGE = Markup(
    '<li class="fn-page" data-number="{0}" aria-label="Page {0} of {1}" style="aspect-ratio:{2:.2f}/{3:.2f}">'
    "</li>"
)
_SHEET = Markup(
    '<img class="fn-sheet" alt="" data-address="{}">'
    '<svg class="fn-words" viewBox="0 0 {:.2f} {:.2f}" preserveAspectRatio="none">{}{}</svg>'
)
_MARKS = Markup('<g class="fn-quote" data-kind="{}" role="img" tabindex="-1" aria-label="{}">{}</g>')
_MARK = Markup('<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"></rect>')
_LINE = Markup(
    '<text x="{:.2f}" y="{:.2f}" font-size="{:.2f}" textLength="{:.2f}" lengthAdjust="spacingAndGlyphs">'
    "{}</text>"
)
_DESCENT = 0.22  # of a line's height
_UNITS = 65535


def page_view(document: Document, sizes: Sequence[Size], place: Located) -> Markup:
    """Room for every page in its proportions; what stands on one comes when it is looked at."""
    marked = rectangles(document.boxes, place.start, place.end)
    pages = (
        _PAGE.format(number, len(sizes), width, height) for number, (width, height) in enumerate(sizes, 1)
    )
    return _PAGES.format(marked[0].page if marked else 1, Markup("").join(pages))


def sheet(document: Document, number: int, place: Located, kind: str) -> Markup:
    """Page `number`: its image, and over it the marks and the words. `ValueError` for no such page."""
    page = next((page for page in document.boxes if page.number == number), PageBoxes(number, 1, 1, ()))
    marks = [each for each in rectangles(document.boxes, place.start, place.end) if each.page == number]
    words = document.text[place.start : place.end]
    return _SHEET.format(
        page_address(document, number),
        page.width,
        page.height,
        _marks(page, marks, kind, words) if marks else "",
        Markup("").join(_line(page, line, document.text) for line in page.lines),
    )


def page_address(document: Document, number: int) -> str:
    """Where the image of a page is served; the browser adds the `width` it needs."""
    query = {"source": document.source, "sha256": document.sha256, "number": number}
    return f"documents/page?{urlencode(query)}"


def _marks(page: PageBoxes, marks: Sequence[Rectangle], kind: str, words: str) -> Markup:
    boxes = (
        _MARK.format(
            mark.left * page.width,
            mark.top * page.height,
            (mark.right - mark.left) * page.width,
            (mark.bottom - mark.top) * page.height,
        )
        for mark in marks
    )
    return _MARKS.format(kind, words, Markup("").join(boxes))


def _line(page: PageBoxes, line: LineBox, text: str) -> Markup:
    """A line's words, stretched to where they stand on the page; unseen, the image shows them."""
    (box,) = rectangles((PageBoxes(page.number, page.width, page.height, (line,)),), line.start, line.end)
    height = (line.bottom - line.top) / _UNITS * page.height
    baseline = line.bottom / _UNITS * page.height - _DESCENT * height
    width = (box.right - box.left) * page.width
    return _LINE.format(box.left * page.width, baseline, height, width, text[line.start : line.end])
