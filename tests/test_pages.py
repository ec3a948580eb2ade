"""Pages of PDFs as images."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import lines, pdf
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from index_store import DocumentChangedError, PageError, PageRenderer
from index_store.boxes import rectangles
from index_store.readers import read

WORDS = "The keeper of the lighthouse slept."


@pytest.fixture(scope="module")
def renderer() -> Iterator[PageRenderer]:
    renderer = PageRenderer()
    yield renderer
    renderer.close()


def written(folder: Path, data: bytes) -> tuple[Path, str]:
    path = folder / "a.pdf"
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def lying(canvas: Canvas) -> None:
    canvas.setPageSize(A4[::-1])
    canvas.setPageRotation(180)
    lines([WORDS], y=400)(canvas)


def test_every_page_has_its_size_as_displayed(renderer: PageRenderer, tmp_path: Path) -> None:
    path, sha256 = written(tmp_path, pdf(lines([WORDS]), lying))
    sizes = renderer.sizes(path, sha256)
    first, second = sizes
    assert first == pytest.approx(A4, abs=0.01)
    assert second == pytest.approx(A4[::-1], abs=0.01)
    assert sizes == tuple((page.width, page.height) for page in read(path, "a.pdf").boxes)


def test_the_words_are_drawn_where_their_boxes_are(renderer: PageRenderer, tmp_path: Path) -> None:
    path, sha256 = written(tmp_path, pdf(lines(["Another page."]), lines([WORDS], x=100, y=500)))
    document = read(path, "a.pdf")
    start = document.text.index("keeper")
    (box,) = rectangles(document.boxes, start, start + len("keeper"))
    image = opened(renderer.image(path, sha256, box.page, 1200))
    width, height = image.size
    assert width == 1200
    assert height == pytest.approx(1200 * A4[1] / A4[0], abs=1)
    left, right = round(box.left * width), round(box.right * width)
    top, bottom = round(box.top * height), round(box.bottom * height)
    inside = image.crop((left, top, right, bottom))
    assert min(inside.tobytes()) < 90  # a byte for each pixel
    outside = image.copy()
    outside.paste(255, (0, top - 3, width, bottom + 3))
    assert min(outside.tobytes()) == 255


def test_a_changed_file_is_not_drawn(renderer: PageRenderer, tmp_path: Path) -> None:
    path, sha256 = written(tmp_path, pdf(lines([WORDS])))
    first = renderer.image(path, sha256, 1, 400)
    path.write_bytes(pdf(lines(["Something else."])))
    os.utime(path, (1, 1))
    with pytest.raises(DocumentChangedError, match="changed since it was indexed"):
        renderer.image(path, sha256, 1, 500)
    assert renderer.image(path, sha256, 1, 400) == first


def test_what_cannot_be_drawn_has_a_reason_and_costs_only_itself(
    renderer: PageRenderer, tmp_path: Path
) -> None:
    broken = written(tmp_path, b"%PDF-1.7 and nothing that belongs there")
    with pytest.raises(PageError, match="Failed to load document"):
        renderer.sizes(*broken)
    with pytest.raises(PageError, match="No such file"):
        renderer.sizes(tmp_path / "gone.pdf", "")
    path, sha256 = written(tmp_path, pdf(lines([WORDS])))
    with pytest.raises(PageError):
        renderer.image(path, sha256, 2, 400)
    assert opened(renderer.image(path, sha256, 1, 400)).size[0] == 400


def test_a_page_that_takes_too_long_ends_its_process_and_the_next_is_drawn(tmp_path: Path) -> None:
    path, sha256 = written(tmp_path, pdf(lines([WORDS])))
    renderer = PageRenderer(seconds=1e-6)
    with pytest.raises(PageError, match="too long, or crashed"):
        renderer.image(path, sha256, 1, 400)
    renderer.close()
    patient = PageRenderer()
    assert opened(patient.image(path, sha256, 1, 400)).size[0] == 400
    patient.close()


def test_no_page_becomes_a_huge_image_and_few_are_kept(tmp_path: Path) -> None:
    def strip(canvas: Canvas) -> None:
        canvas.setPageSize((72, 14_400))

    path, sha256 = written(tmp_path, pdf(strip, lines([WORDS])))
    renderer = PageRenderer(cache=1)
    width, height = opened(renderer.image(path, sha256, 1, 2700)).size
    assert width * height <= 16_200_000
    assert renderer.image(path, sha256, 2, 400)
    path.unlink()
    with pytest.raises(PageError):  # nothing was kept
        renderer.image(path, sha256, 2, 400)
    renderer.close()
