"""Awkward Office files and e-books."""

from __future__ import annotations

import datetime as dt
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from making import (
    OLE,
    bomb,
    docx,
    encrypted_office,
    epub,
    pptx,
    slide,
    with_flag_of_encryption,
    xhtml,
    xlsx,
    zipped,
)
from pptx.util import Inches
from specimens import Specimen

WORD = nsdecls("w")
BOX = (
    f'<w:p {WORD} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:t>Anchor.</w:t><mc:AlternateContent>'
    "<mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
    "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
    "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></v:textbox>"
    "</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)
TRACKED = (
    f"<w:p {WORD}><w:r><w:t>Kept </w:t></w:r><w:ins><w:r><w:t>added</w:t></w:r></w:ins>"
    "<w:del><w:r><w:delText>struck</w:delText></w:r></w:del><w:r><w:tab/><w:t>end</w:t><w:br/><w:t>line</w:t></w:r>"
    "<w:r><w:noBreakHyphen/><w:instrText>PAGE</w:instrText></w:r></w:p>"
)
CONTROL = (
    f"<w:sdt {WORD}><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>In a content control.</w:t></w:r></w:p>"
    "</w:sdtContent></w:sdt>"
)


def letter(document: Any) -> None:
    document.add_heading("The Plan", 0)
    document.add_heading("Costs", 1)
    document.add_paragraph("It costs 4 € in all.")
    for text in ("first", "second"):
        document.add_paragraph(text, style="List Bullet")
    document.add_paragraph("")
    table = document.add_table(3, 2)
    for row, cells in zip(table.rows, (("Item", "Price"), ("Wall", "1,200"), ("Gate", "300")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_heading("Later", 2)
    document.add_paragraph("More.")


def hard_parts(document: Any) -> None:
    body = document.element.body
    for part in (BOX, TRACKED, CONTROL):
        body.insert(len(body) - 1, parse_xml(part))
    merged = document.add_table(2, 2)
    merged.cell(0, 0).merge(merged.cell(0, 1)).text = "Over both"
    merged.cell(1, 0).text, merged.cell(1, 1).text = "left", "right"
    layout = document.add_table(1, 1)
    layout.cell(0, 0).text = "A framed paragraph."


def talk(presentation: Any) -> None:
    slide(presentation, "Wall\vproject", "lower text", notes="Say hello.")
    slide(presentation, None)
    third = slide(presentation, "Numbers")
    table = third.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for position, text in enumerate(("Year", "Sum", "2020", "1.1")):
        table.cell(position // 2, position % 2).text = text
    group = third.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(1)).text_frame.text = "in a group"
    third.shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1)).text_frame.text = "above the table"


WORDS = (
    Specimen(
        "plan.docx",
        lambda: docx(letter, title="", author="Ada", created=dt.datetime(2024, 1, 2, 3, 4)),
        "The Plan\n\nCosts\n\nIt costs 4 € in all.\n\n- first\n- second\n\nItem: Wall; Price: 1,200"
        "\n\nItem: Gate; Price: 300\n\nLater\n\nMore.",
        title="The Plan",
        author="Ada",
        published="2024-01-02",
        headings=((1, "The Plan"), (1, "Costs"), (2, "Later")),
    ),
    Specimen(
        "named.docx",
        lambda: docx(lambda document: document.add_paragraph("Words."), title="A proper title"),
        "Words.",
        title="A proper title",
    ),
    Specimen(
        "document1.docx",
        lambda: docx(
            lambda document: document.add_paragraph("Words."), title="Microsoft Word - x.doc", author="User"
        ),
        "Words.",
    ),
    Specimen(
        "hard parts.docx",
        lambda: docx(hard_parts),
        "Anchor.\n\nIn a box.\n\nKept added end\nline-\n\nIn a content control.\n\nOver both\n\nleft | right"
        "\n\nA framed paragraph.",
    ),
    Specimen(
        "hollow.docx",
        lambda: docx(lambda document: document.add_paragraph(" ")),
        fails="no text in this file",
    ),
    Specimen("empty.docx", b"", fails="empty file"),
    Specimen("text.docx", b"just words", fails="not a DOCX, or damaged: file is not a zip file"),
    Specimen(
        "other.docx",
        lambda: zipped({"a.txt": "x"}),
        fails="not a DOCX, or damaged: it holds no Word document",
    ),
    Specimen(
        "sheet.docx", lambda: xlsx({"S": [["a"]]}), fails="not a DOCX, or damaged: it holds no Word document"
    ),
    Specimen("cut.docx", lambda: docx(letter)[:-900], fails="not a DOCX, or damaged: file is not a zip file"),
    Specimen("bomb.docx", bomb, fails="expands to 32 MiB from 32 KiB: not opened"),
    Specimen("locked.docx", encrypted_office, fails="password-protected DOCX"),
    Specimen("old.docx", OLE + bytes(1024), fails="not a DOCX: an older Office format"),
)

SLIDES = (
    Specimen(
        "talk.pptx",
        lambda: pptx(talk, title="PowerPoint Presentation", author="Bob"),
        "Wall project\n\nlower text\n\nSay hello.\n\nNumbers\n\nabove the table\n\nYear: 2020; Sum: 1.1"
        "\n\nin a group",
        title="Wall project",
        author="Bob",
        headings=((1, "Wall project"), (1, "Numbers")),
        pages=(
            (1, "Wall project\n\nlower text\n\nSay hello."),
            (3, "Numbers\n\nabove the table\n\nYear: 2020; Sum: 1.1\n\nin a group"),
        ),
        notes=("slide 2 has no text",),
    ),
    Specimen("hollow.pptx", lambda: pptx(lambda each: slide(each, None)), fails="no text in this file"),
    Specimen("word.pptx", lambda: docx(letter), fails="not a PPTX, or damaged: it holds no presentation"),
    Specimen("locked.pptx", encrypted_office, fails="password-protected PPTX"),
)

SHEETS = (
    Specimen(
        "sales.xlsx",
        lambda: xlsx(
            {
                "Sales 2024": [
                    ["Sales of the year"],
                    [],
                    ["Region", "Day", "Sum", "Share", "Paid", "At"],
                    ["North", dt.date(2024, 1, 2), 1234.5, 0.125, True, dt.time(9, 30)],
                    ["South", dt.datetime(2024, 1, 3, 4, 5), 3, 0.5, False, None],
                    ["Phone", None, 4915112345678901, None, None, None],
                    ["Total", None, "=SUM(C4:C5)", None, None, None],
                ],
                "Empty": [],
                "Notes": [["only one cell"], ["and another"]],
            },
            formats={"D4": "0.0%", "D5": "0%"},
            title="Sales",
            creator="Ada",
        ),
        "Sales 2024\n\nSales of the year"
        "\n\nRegion: North; Day: 2024-01-02; Sum: 1234.5; Share: 12.5%; Paid: TRUE; At: 09:30:00"
        "\n\nRegion: South; Day: 2024-01-03 04:05:00; Sum: 3; Share: 50%; Paid: FALSE"
        "\n\nRegion: Phone; Sum: 4915112345678901\n\nRegion: Total\n\nNotes\n\nonly one cell\n\nand another",
        title="Sales",
        author="Ada",
        published="2023-05-06",
        headings=((1, "Sales 2024"), (1, "Notes")),
    ),
    Specimen("hollow.xlsx", lambda: xlsx({"S": []}), fails="no text in this file"),
    Specimen(
        "zip.xlsx", lambda: zipped({"a.txt": "x"}), fails="not an XLSX, or damaged: it holds no workbook"
    ),
    Specimen("locked.xlsx", encrypted_office, fails="password-protected XLSX"),
    Specimen(
        "flagged.xlsx", lambda: with_flag_of_encryption(xlsx({"S": [["a"]]})), fails="password-protected XLSX"
    ),
    Specimen("bomb.xlsx", bomb, fails="expands to 32 MiB from 32 KiB: not opened"),
)

BOOKS = (
    Specimen(
        "book.epub",
        lambda: epub(
            {
                "nav.xhtml": xhtml("<nav><ol><li>One</li></ol></nav>"),
                "two words.xhtml": xhtml(
                    "<h1>One</h1><p>It was&nbsp;night &amp; caf&eacute;.</p><h2>Deeper</h2>"
                ),
                "last.xhtml": xhtml("<section><h1>End</h1><p>All <i>is</i> well.</p></section>"),
            },
            metadata="<dc:title>The Book</dc:title><dc:creator>A. Uthor</dc:creator>"
            "<dc:creator>B. Other</dc:creator><dc:date>1999-05</dc:date>",
            spine=("nav.xhtml", "last.xhtml", "two words.xhtml"),
        ),
        "End\n\nAll is well.\n\nOne\n\nIt was night & café.\n\nDeeper",
        title="The Book",
        author="A. Uthor, B. Other",
        published="1999-05",
        headings=((1, "End"), (1, "One"), (2, "Deeper")),
    ),
    Specimen(
        "sloppy.epub",
        lambda: epub({"a.xhtml": "<html><body><p>Not closed<br>here", "gone.xhtml": ""}, metadata=""),
        "Not closed\nhere",
        notes=("the chapter gone.xhtml is missing",),
    ),
    Specimen(
        "fonts.epub",
        lambda: epub(
            {"a.xhtml": xhtml("<p>Fine.</p>")},
            extra={
                "META-INF/encryption.xml": '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
                '<e:EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></e:EncryptedData></encryption>'
            },
        ),
        "Fine.",
        title="The Book",
    ),
    Specimen(
        "locked.epub",
        lambda: epub(
            {"a.xhtml": "scrambled"},
            extra={
                "META-INF/encryption.xml": '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
                '<e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></e:EncryptedData>'
                "</encryption>"
            },
        ),
        fails="copy-protected EPUB",
    ),
    Specimen(
        "zip.epub", lambda: zipped({"a.txt": "x"}), fails="not an EPUB: it has no META-INF/container.xml"
    ),
    Specimen("bomb.epub", bomb, fails="expands to 32 MiB from 32 KiB: not opened"),
    Specimen(
        "pictures.epub", lambda: epub({"a.xhtml": xhtml('<img src="x.png"/>')}), fails="no text in this file"
    ),
)

OFFICE_SPECIMENS = (*WORDS, *SLIDES, *SHEETS, *BOOKS)
