"""The opened document in its parts: where words are in it now, and what HTML comes of that."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import lines, pdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from test_web_parts import DOCUMENT, QUOTE, Fake, library, marked, text_of

from index_store import PageRenderer
from qa import Assistant
from qa.web import textview, viewer
from qa.web.library import UNEXPECTED, Library
from qa.web.pageview import sheet
from qa.web.place import CHANGED, GONE, MOVED, Located, Place, located
from qa.web.viewer import NO_FILE, OTHER_FILE, Viewer

REQUEST = {"source": "farm/mill.txt", "start": "25", "end": "52", "sha256": "5ha", "kind": "quote"}
CITED = Place("farm/mill.txt", 25, 52, QUOTE, "5ha", "quote")


def told(text: str, place: Place, sha256: str = "0ther") -> tuple[str, str]:
    """The words marked in a document of this text, and what is said of them."""
    here = located(dataclasses.replace(DOCUMENT, text=text, sha256=sha256), place)
    return text[here.start : here.end], here.remark


# Where the words are now


def test_the_words_of_an_unchanged_document_are_where_they_were() -> None:
    assert located(DOCUMENT, CITED) == Located(25, 52)
    assert located(DOCUMENT, dataclasses.replace(CITED, quote="")) == Located(25, 52)


def test_words_of_a_changed_document_are_found_again_and_others_never_marked() -> None:
    assert told(f"Much else. {DOCUMENT.text}", CITED) == (QUOTE, MOVED)
    assert told(DOCUMENT.text, CITED) == (QUOTE, MOVED)
    assert told("It was\nrebuilt  by Ada Bell.", CITED) == ("It was\nrebuilt  by Ada Bell.", MOVED)
    assert told("It was rebuilt by Ada Hill. It was never sold.", CITED) == ("", GONE)
    assert told(DOCUMENT.text, dataclasses.replace(CITED, quote="")) == ("", CHANGED)


def test_of_words_that_stand_there_twice_those_nearest_to_the_old_place_are_marked() -> None:
    document = dataclasses.replace(DOCUMENT, text=f"{QUOTE} {QUOTE} {QUOTE}", sha256="0ther")
    assert located(document, CITED).start == 28


def test_a_passage_without_a_hash_is_known_by_its_words() -> None:
    passage = Place("farm/mill.txt", 0, 24, "The mill burned in 1802.")
    assert told(DOCUMENT.text, passage) == ("The mill burned in 1802.", "")
    assert told("The mill stands. " * 5, passage) == ("", GONE)


@given(st.text(), st.text(min_size=1), st.integers(0, 50))
def test_what_is_marked_is_what_was_quoted(text: str, quote: str, start: int) -> None:
    words, _ = told(text, Place("farm/mill.txt", start, start + len(quote), quote, "5ha", "quote"))
    assert words == "" or words.split() == quote.split()


# The text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.integers(), st.integers())
def test_a_text_is_shown_to_the_character_with_the_place_marked(text: str, start: int, end: int) -> None:
    html = textview.lines(text, 0, len(text), Located(start, end), "quote")
    assert text_of(html) == text
    low = min(max(start, 0), len(text))
    assert marked(html) == text[low : max(low, end)]


def test_carriage_returns_survive_the_browser() -> None:
    assert str(textview.exact("a\r\nb")) == "a&#13;\nb"


def test_a_long_text_is_shown_around_the_quote_until_all_is_asked_for() -> None:
    text = "".join(f"line {number}\n" for number in range(30_000))
    start = text.index("line 15000")
    html = str(textview.text_view(text, Located(start, start + 10), "quote", whole=False))
    assert marked(html) == "line 15000"
    assert "Show the text before this" in html and "Show the text after this" in html
    shown = "".join(re.findall(r"line \d+\n", text_of(html)))
    assert shown in text and textview.WINDOW < len(shown) < textview.WINDOW + 100
    whole = str(textview.text_view(text, Located(start, start + 10), "quote", whole=True))
    assert text in text_of(whole) and "Show the text" not in whole


def test_lines_of_prose_are_set_as_paragraphs_and_short_lines_densely() -> None:
    assert textview.layout("A sentence that goes on. " * 10 + "\n\n" + "Another one. " * 20) == "paragraphs"
    assert textview.layout("A poem\nhas short lines\n") == "lines"
    assert textview.layout("") == "lines"


# The whole view


def test_a_document_is_headed_by_what_stands_in_it() -> None:
    titled = dataclasses.replace(DOCUMENT, titled=True, published="1999-01-02")
    assert text_of(viewer.heading(titled)) == "The mill1999-01-02"
    assert text_of(viewer.heading(dataclasses.replace(titled, titled=False))) == "1999-01-02"
    assert viewer.heading(DOCUMENT) == ""
    assert viewer.original_address(DOCUMENT) == "documents/original?source=farm%2Fmill.txt"


def test_opening_answers_every_request_with_html() -> None:
    opened = Viewer(library(Fake()), PageRenderer()).opened
    assert marked(opened(REQUEST)) == QUOTE
    gone = opened(REQUEST | {"source": "<i>"})
    assert "No document of the index matches '<i>'. See: qa status" in text_of(gone)
    nonsense: list[dict[str, Any]] = [{}, REQUEST | {"start": "first"}, REQUEST | {"end": None}]
    for request in nonsense:
        assert UNEXPECTED in text_of(opened(request))


def test_words_are_looked_for_in_one_document() -> None:
    held = library(Fake())
    found = viewer.find(held, {"source": "farm/mill.txt", "words": " WAS  rebuilt"})
    assert found == {"places": [(28, 39)], "sha256": "5ha"}
    assert viewer.find(held, {"source": "farm/mill.txt", "words": "  "})["places"] == []
    assert viewer.find(held, {"source": "farm/mill.txt", "words": ".*"})["places"] == []
    assert "No document" in str(viewer.find(held, {"source": "gone", "words": "a"})["error"])


# The pages


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Library, Viewer]]:
    """A corpus of one PDF, the library over it, and a viewer."""
    folder = tmp_path_factory.mktemp("printed")
    corpus = folder / "corpus"
    corpus.mkdir()
    pages = [lines(["The first page says little."]), lines(["The mill burned & fell in 1802."], x=100, y=600)]
    (corpus / "mill.pdf").write_bytes(pdf(*pages))
    renderer = PageRenderer()
    with Assistant.open(corpus, index=folder / "index") as assistant:
        held = Library(lambda: assistant)
        yield corpus, held, Viewer(held, renderer)
    renderer.close()


def request_of(held: Library, words: str) -> dict[str, Any]:
    document = held.assistant().document("mill.pdf")
    start = document.text.index(words)
    return {
        "source": "mill.pdf",
        "start": start,
        "end": start + len(words),
        "quote": words,
        "sha256": document.sha256,
        "kind": "quote",
    }


def test_a_pdf_is_opened_as_its_pages_at_the_page_of_the_words(
    printed: tuple[Path, Library, Viewer],
) -> None:
    _, held, shown = printed
    html = shown.opened(request_of(held, "burned & fell"))
    assert 'data-view="pages"' in html and 'data-first="2"' in html
    assert re.findall(r'data-number="(\d)" aria-label="([^"]*)"', html) == [
        ("1", "Page 1 of 2"),
        ("2", "Page 2 of 2"),
    ]
    assert f"aspect-ratio:{A4[0]:.2f}/{A4[1]:.2f}" in html
    as_text = shown.opened(request_of(held, "burned & fell") | {"view": "text"})
    assert 'data-view="text"' in as_text and marked(as_text) == "burned & fell"


def test_the_marks_of_a_page_lie_over_exactly_the_words(printed: tuple[Path, Library, Viewer]) -> None:
    _, held, shown = printed
    html = shown.sheet(request_of(held, "burned & fell") | {"number": 2})
    image, svg = html.split("<svg", 1)
    assert "documents/page?source=mill.pdf&amp;sha256=" in image and "number=2" in image
    tree = ElementTree.fromstring(f"<svg{svg}")
    (rect,) = tree.iter("rect")
    left = 100 + stringWidth("The mill ", "Times-Roman", 11)
    assert float(rect.attrib["x"]) == pytest.approx(left, abs=0.2)
    width = stringWidth("burned & fell", "Times-Roman", 11)
    assert float(rect.attrib["width"]) == pytest.approx(width, abs=0.2)
    baseline = A4[1] - 600
    assert float(rect.attrib["y"]) < baseline < float(rect.attrib["y"]) + float(rect.attrib["height"])
    assert [each.text for each in tree.iter("text")] == ["The mill burned & fell in 1802."]
    first = shown.sheet(request_of(held, "burned & fell") | {"number": 1})
    assert "<rect" not in first and "The first page says little." in text_of(first)


def test_a_page_without_words_has_no_marks(printed: tuple[Path, Library, Viewer]) -> None:
    document = printed[1].assistant().document("mill.pdf", boxes=True)
    assert "<rect" not in sheet(document, 3, Located(0, 5), "quote")


def test_without_its_file_or_with_another_a_pdf_is_shown_as_text(
    printed: tuple[Path, Library, Viewer], tmp_path: Path
) -> None:
    corpus, held, shown = printed
    request = request_of(held, "burned & fell")
    shutil.move(corpus / "mill.pdf", tmp_path / "mill.pdf")
    gone = shown.opened(request)
    (corpus / "mill.pdf").write_bytes(pdf(lines(["Another file."])))
    changed = shown.opened(request)
    shutil.move(tmp_path / "mill.pdf", corpus / "mill.pdf")
    for html, remark in ((gone, NO_FILE), (changed, OTHER_FILE)):
        assert 'data-view="text"' in html and marked(html) == "burned & fell"
        assert remark in text_of(html)
    assert 'data-view="pages"' in shown.opened(request)
