"""The places of words on the pages of a PDF."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import lines, nothing, pdf
from pdf_specimens import PDF_SPECIMENS
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from specimens import Specimen

from index_store.boxes import Rectangle, pack, rectangles, unpack
from index_store.readers import read
from index_store.types import Document

WIDTH, HEIGHT = A4
READABLE = [specimen for specimen in PDF_SPECIMENS if not specimen.fails]


def document(data: bytes, folder: Path) -> Document:
    (folder / "a.pdf").write_bytes(data)
    return read(folder / "a.pdf", "a.pdf")


def found(text: Document, words: str) -> tuple[Rectangle, ...]:
    start = text.text.index(words)
    return rectangles(text.boxes, start, start + len(words))


def test_words_are_found_where_they_were_drawn(tmp_path: Path) -> None:
    text = document(pdf(nothing, lines(["Some words to be", "highlighted."], x=100, y=600)), tmp_path)
    (box,) = found(text, "words")

    assert box.page == 2
    assert box.left * WIDTH == pytest.approx(100 + stringWidth("Some ", "Times-Roman", 11), abs=0.1)
    assert box.right * WIDTH == pytest.approx(100 + stringWidth("Some words", "Times-Roman", 11), abs=0.1)
    assert box.top * HEIGHT < HEIGHT - 600 < box.bottom * HEIGHT
    assert (box.bottom - box.top) * HEIGHT == pytest.approx(11 * 1.1, rel=0.2)


def test_a_span_over_lines_and_pages_has_a_rectangle_for_each_line(tmp_path: Path) -> None:
    rows = ["The first page ends in the midst of a word, which is: exam-"]
    text = document(pdf(lines(rows), lines(["ple, and goes on upon the second."])), tmp_path)
    first, second = found(text, "example, and")

    assert (first.page, second.page) == (1, 2)
    assert first.right * WIDTH == pytest.approx(72 + stringWidth(rows[0][:-1], "Times-Roman", 11), abs=0.1)
    assert second.left * WIDTH == pytest.approx(72, abs=0.1)
    assert found(text, " ") != ()
    assert rectangles(text.boxes, 5, 5) == ()


@pytest.mark.parametrize("specimen", READABLE, ids=lambda specimen: specimen.source)
def test_lines_cover_all_words_of_their_pages(specimen: Specimen, tmp_path: Path) -> None:
    text = document(specimen.bytes, tmp_path)
    covered = [False] * len(text.text)
    for page, boxes in zip(text.pages, text.boxes, strict=True):
        assert page.number == boxes.number
        for line in boxes.lines:
            assert page.start <= line.start < line.end <= page.end
            assert len(line.edges) == 2 * (line.end - line.start + 1)
            assert 0 <= line.top <= line.bottom <= 65535
            covered[line.start : line.end] = [True] * (line.end - line.start)

    assert "".join(char for char, within in zip(text.text, covered, strict=True) if not within).strip() == ""


@pytest.mark.parametrize("specimen", READABLE, ids=lambda specimen: specimen.source)
def test_boxes_can_be_kept_in_few_bytes(specimen: Specimen, tmp_path: Path) -> None:
    boxes = document(specimen.bytes, tmp_path).boxes

    assert unpack(pack(boxes)) == boxes


def test_no_boxes_are_few_bytes_too() -> None:
    assert unpack(pack(())) == ()
