"""Presentations (PPTX): each slide a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index_store.errors import DocumentError
from index_store.readers.container import open_container
from index_store.readers.extracted import Extracted, TextBuilder
from index_store.readers.properties import real_author, real_date, real_title
from index_store.readers.table import table_lines

if TYPE_CHECKING:
    from pptx.slide import Slide


def read_pptx(data: bytes, _: Path) -> Extracted:
    """Each slide's title as its heading, its texts and tables from above to below, then the notes."""
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    open_container(data, "PPTX").close()
    try:
        presentation = Presentation(BytesIO(data))
    except (PythonPptxError, KeyError, ValueError) as exc:
        raise DocumentError("not a PPTX, or damaged: it holds no presentation") from exc
    builder = TextBuilder()
    for number, slide in enumerate(presentation.slides, start=1):
        mark = builder.start_page()
        _write_slide(slide, builder)
        if not builder.end_page(number, mark):
            builder.notes.append(f"slide {number} has no text")
    properties = presentation.core_properties
    found = builder.extracted()
    first = next((heading for heading in found.headings if heading.start == 0), None)
    return found.named(
        title=real_title(properties.title) or (found.text[first.start : first.end] if first else None),
        author=real_author(properties.author),
        published=real_date(properties.created),
    )


def _write_slide(slide: Slide, builder: TextBuilder) -> None:
    title = slide.shapes.title
    if title is not None:
        builder.heading(title.text_frame.text, 1)
    shapes = [shape for shape in _leaves(slide.shapes) if title is None or shape.shape_id != title.shape_id]
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if shape.has_text_frame:
            _write_paragraphs(shape.text_frame.paragraphs, builder)
        elif shape.has_table:
            rows = ([cell.text for cell in row.cells] for row in shape.table.rows)
            for line in table_lines(rows):
                builder.add(line)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        _write_paragraphs(slide.notes_slide.notes_text_frame.paragraphs, builder)


def _write_paragraphs(paragraphs: Iterable[Any], builder: TextBuilder) -> None:
    for paragraph in paragraphs:
        builder.add(paragraph.text.replace("\v", "\n"))


def _leaves(shapes: Iterable[Any]) -> Iterator[Any]:
    """All shapes, those in groups too."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _leaves(shape.shapes)
        else:
            yield shape
