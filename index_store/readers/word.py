"""Word documents (DOCX)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index_store.errors import DocumentError
from index_store.readers.container import open_container, xml
from index_store.readers.extracted import Extracted, TextBuilder
from index_store.readers.properties import real_author, real_date, real_title
from index_store.readers.table import table_lines

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.styles.style import BaseStyle
    from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BOX: Final = f"{_W}txbxContent"
# Struck words of tracked changes, the second form of what is said twice, and codes are not read.
_UNSEEN: Final = frozenset(
    {f"{_W}{tag}" for tag in ("del", "moveFrom", "instrText", "pPr", "rPr", "sdtPr", "tblPr", "tcPr", "trPr")}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_LETTERS: Final = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_WORDS: Final = frozenset({f"{_W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"})
_LEVEL: Final = re.compile(r"heading ([1-9])$", re.IGNORECASE)
_NOTES: Final = ("/footnotes", "/endnotes")


def read_docx(data: bytes, _: Path) -> Extracted:
    """Paragraphs, lists, tables and text boxes in order, then the footnotes; headings by their styles."""
    from docx import Document
    from docx.opc.exceptions import OpcError

    open_container(data, "DOCX").close()
    try:
        document = Document(BytesIO(data))
    except (OpcError, KeyError, ValueError) as exc:
        raise DocumentError("not a DOCX, or damaged: it holds no Word document") from exc
    writer = _Writer(
        {style.style_id: _outline(style) for style in document.styles},
        frozenset(style.style_id for style in document.styles if style.name == "Title"),
    )
    writer.write(document.element.body)
    for notes in _note_parts(document):
        writer.write(notes)
    properties = document.core_properties
    return writer.builder.extracted().named(
        title=real_title(properties.title) or writer.title,
        author=real_author(properties.author),
        published=real_date(properties.created),
    )


@dataclass(slots=True)
class _Writer:
    levels: dict[str, int]  # of the styles: 0 for body text, 1 to 9 for headings
    title_styles: frozenset[str]
    builder: TextBuilder = field(default_factory=TextBuilder)
    title: str | None = None
    in_list: bool = False

    def write(self, container: etree._Element) -> None:
        """Write the paragraphs and tables of a body, a cell, a text box or a note."""
        for block in _blocks(container):
            if block.tag == f"{_W}p":
                self._paragraph(block)
                for box in _boxes(block):
                    self.write(box)
            elif _holds_data(block):
                for line in table_lines(_rows(block)):
                    self.builder.add(line)
                self.in_list = False
            else:
                for cell in _cells(block):
                    self.write(cell)

    def _paragraph(self, paragraph: etree._Element) -> None:
        text = _text(paragraph).strip()
        style = _value(paragraph, "pStyle") or ""
        level = self.levels.get(style, 0)
        if not text:
            return
        if level:
            if self.title is None and (style in self.title_styles or not self.builder.start_page()):
                self.title = text
            self.builder.heading(text, level)
            self.in_list = False
            return
        listed = _value(paragraph, f"numPr/{_W}numId") not in (None, "0") or style.startswith("List")
        self.builder.add(f"- {text}" if listed else text, "\n" if listed and self.in_list else "\n\n")
        self.in_list = listed


def _blocks(container: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of a container, also those in content controls and tracked insertions."""
    for child in container:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag not in _UNSEEN:
            yield from _blocks(child)


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == _BOX:
            yield child
        elif child.tag not in _UNSEEN:
            yield from _boxes(child)


def _text(element: etree._Element) -> str:
    """The words of a paragraph without those of the text boxes anchored in it."""
    return "".join(_words(element))


def _words(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag in _WORDS:
            yield child.text or ""
        elif child.tag in _LETTERS:
            yield _LETTERS[str(child.tag)]
        elif child.tag not in _UNSEEN and child.tag != _BOX:
            yield from _words(child)


def _holds_data(table: etree._Element) -> bool:
    """Whether this is a table and no layout: more than one column, and no table within."""
    columns = max((len(list(row.iterchildren(f"{_W}tc"))) for row in table.iter(f"{_W}tr")), default=0)
    return columns > 1 and next(table.iterdescendants(f"{_W}tbl"), None) is None


def _rows(table: etree._Element) -> Iterator[list[str]]:
    for row in table.iter(f"{_W}tr"):
        yield [" ".join(map(_text, _blocks(cell))) for cell in _cells(row)]


def _cells(table: etree._Element) -> Iterator[etree._Element]:
    """The cells of a row, or of a layout table in order, but not those of the tables within."""
    for child in table:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag not in _UNSEEN:
            yield from _cells(child)


def _value(paragraph: etree._Element, path: str) -> str | None:
    found = paragraph.find(f"{_W}pPr/{_W}{path}")
    return None if found is None else found.get(f"{_W}val")


def _outline(style: BaseStyle) -> int:
    """The heading level of a style: by its name, by its outline level, or by the style it is based on."""
    seen: BaseStyle | None = style
    for _ in range(10):
        if seen is None:
            break
        match = _LEVEL.match(seen.name or "")
        outline = seen.element.find(f"{_W}pPr/{_W}outlineLvl")
        if match or seen.name == "Title":
            return int(match[1]) if match else 1
        if outline is not None and outline.get(f"{_W}val", "9") < "9":
            return int(outline.get(f"{_W}val")) + 1
        seen = getattr(seen, "base_style", None)
    return 0


def _note_parts(document: WordDocument) -> Iterator[etree._Element]:
    for relation in document.part.rels.values():
        if relation.reltype.endswith(_NOTES) and not relation.is_external:
            yield xml(relation.target_part.blob)
