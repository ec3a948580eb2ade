"""Makes files of every format, as people's programs make them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.message import EmailMessage
from typing import Any

from docx import Document as WordDocument
from openpyxl import Workbook
from PIL import Image
from pptx import Presentation
from pptx.util import Inches
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)


def pdf(
    *pages: Callable[[Canvas], object], title: str = "", author: str = "", password: str = "", owner: str = ""
) -> bytes:
    """A PDF with one page for each drawing function."""
    out = io.BytesIO()
    lock = StandardEncryption(password, owner or password, canCopy=0) if password or owner else None
    canvas = Canvas(out, pagesize=A4, invariant=True, encrypt=lock)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for draw in pages:
        canvas.setFont("Times-Roman", 11)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(
    texts: Iterable[str],
    x: float = 72,
    y: float = 740,
    font: str = "Times-Roman",
    size: float = 11,
    step: float = 14,
) -> Callable[[Canvas], None]:
    """Draws lines of text one below the other."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for row, text in enumerate(texts):
            canvas.drawString(x, y - row * step, text)

    return draw


def all_of(*draws: Callable[[Canvas], object]) -> Callable[[Canvas], None]:
    """Draws several things on one page."""

    def draw(canvas: Canvas) -> None:
        for each in draws:
            each(canvas)

    return draw


def picture(canvas: Canvas) -> None:
    """What a scanner leaves: a page that is a picture."""
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, *A4)


def nothing(_: Canvas) -> None:
    """An empty page."""


def docx(build: Callable[[Any], object], **properties: Any) -> bytes:
    """A Word document; `build` gets the empty one."""
    document = WordDocument()
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    build(document)
    return _saved(document.save)


def pptx(build: Callable[[Any], object], **properties: Any) -> bytes:
    """A presentation; `build` gets the empty one."""
    presentation = Presentation()
    for name, value in properties.items():
        setattr(presentation.core_properties, name, value)
    build(presentation)
    return _saved(presentation.save)


def slide(presentation: Any, title: str | None, *texts: str, notes: str = "") -> Any:
    """Adds a slide with a title and text boxes below each other."""
    layout = presentation.slide_layouts[5 if title is not None else 6]
    added = presentation.slides.add_slide(layout)
    if title is not None:
        added.shapes.title.text = title
    for row, text in enumerate(texts):
        box = added.shapes.add_textbox(Inches(1), Inches(2 + row), Inches(5), Inches(1))
        box.text_frame.text = text
    if notes:
        added.notes_slide.notes_text_frame.text = notes
    return added


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[object]]], formats: Mapping[str, str] = {}, **properties: Any
) -> bytes:
    """A workbook; `formats` gives number formats to cells of the first sheet."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for cell, number_format in formats.items():
        workbook.worksheets[0][cell].number_format = number_format
    workbook.properties.created = properties.pop("created", dt.datetime(2023, 5, 6, 7, 8))
    for name, value in properties.items():
        setattr(workbook.properties, name, value)
    return _saved(workbook.save)


def epub(
    chapters: Mapping[str, str],
    metadata: str = "<dc:title>The Book</dc:title>",
    spine: Sequence[str] | None = None,
    extra: Mapping[str, bytes | str] = {},
) -> bytes:
    """An e-book of chapters by file name; a chapter named nav.xhtml is the table of contents."""
    contents = {"nav.xhtml": ' properties="nav"'}
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"{contents.get(name, "")}/>'
        for n, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="i{list(chapters).index(name)}"/>' for name in spine or chapters)
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata>'
        f"<manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    members: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
    }
    members |= {"OPS/book.opf": package} | {f"OPS/{name}": text for name, text in chapters.items() if text}
    return zipped(members | dict(extra))


def xhtml(body: str) -> str:
    """A chapter."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>'
    )


def eml(body: str | None = None, html: str | None = None, files: Sequence[str] = (), **headers: str) -> bytes:
    """An e-mail; `files` are the names of attachments."""
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    if body is not None:
        message.set_content(body)
    if html is not None:
        message.add_alternative(html, subtype="html") if body is not None else message.set_content(
            html, "html"
        )
    for name in files:
        message.add_attachment(b"\0\1", maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    """A zip file of 32 KiB that unpacks to 32 MiB."""
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": bytes(32 << 20)})


def encrypted_office() -> bytes:
    """How an Office document with a password begins: no zip file but an OLE one, with an encrypted stream."""
    return OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def with_flag_of_encryption(data: bytes) -> bytes:
    """A zip file whose list of members says that they are encrypted."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 8] + b"\x01\x00" + data[at + 10 :]


def _saved(save: Callable[[Any], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()
