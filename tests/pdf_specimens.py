"""Awkward PDFs."""

from __future__ import annotations

from making import all_of, lines, nothing, pdf, picture
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from specimens import Specimen

HARBOUR = (
    "The committee met on Tuesday to discuss the long-term plan for the harbour. It was a well-known "
    "question, and after several hours of lively debate the members agreed to postpone the decision until "
    "the engineers had examined the walls, which nobody had done since they were built a century ago."
)
RIVER = (
    "Rivers carry sand from the mountains to the plains and lay it down where the current slackens. Whoever "
    "builds beside them has to reckon with that, for a bed that rises by a hand each year will be above the "
    "fields within a lifetime, and no dike was ever built that high or kept in repair for that long."
)


def wrapped(text: str, width: float, size: float = 11) -> list[str]:
    """The text in lines that fit the width."""
    rows = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if stringWidth(longer, "Times-Roman", size) > width:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


def side_by_side(canvas: Canvas) -> None:
    """Two columns, drawn row by row across both, below a title and above a caption over both."""
    lines(["On rivers and harbours"], x=190, y=780, font="Times-Bold", size=20)(canvas)
    left, right = wrapped(HARBOUR, 200), wrapped(RIVER, 200)
    for row, (one, two) in enumerate(zip(left, right, strict=False)):
        lines([one], x=72, y=720 - 14 * row)(canvas)
        lines([two], x=310, y=720 - 14 * row)(canvas)
    lines(["Figure 1. A caption that runs over both of the columns and says what is to be seen."], y=480)(
        canvas
    )


def side_by_side_text() -> str:
    left, right = wrapped(HARBOUR, 200), wrapped(RIVER, 200)
    rows = min(len(left), len(right))
    return (
        f"On rivers and harbours\n\n{' '.join(left[:rows])}\n\n{' '.join(right[:rows])}"
        "\n\nFigure 1. A caption that runs over both of the columns and says what is to be seen."
    )


def turned(canvas: Canvas) -> None:
    canvas.setPageRotation(90)
    canvas.saveState()
    canvas.translate(100, 100)
    canvas.rotate(90)
    canvas.drawString(0, 0, "Upright when displayed.")
    canvas.restoreState()


def sideways(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.translate(500, 300)
    canvas.rotate(90)
    canvas.drawString(0, 0, "written up the margin")
    canvas.restoreState()
    canvas.drawString(72, 700, "Level text.")


def ligatures(canvas: Canvas) -> None:
    registerFont(TTFont("Vera", "Vera.ttf"))
    canvas.setFont("Vera", 11)
    canvas.drawString(72, 700, "A ﬁne ﬂoor, ﬁrst.")


def chapter(number: int) -> tuple[str, ...]:
    """The lines of one page of a book, whose last sentence goes on over the page."""
    return (
        f"Page {number} begins here with a row of words that is long enough",
        "to be prose and goes on, as a book does, with a second row like",
        "the first and with a third that ends on a name, a Mister Nobody",
    )


def running(number: int) -> object:
    return all_of(
        lines(["A history of harbours"], y=805, size=9),
        lines(chapter(number)),
        lines([f"Page {number} of 4"], x=270, y=40, size=9),
    )


RUNNING_TEXT = [" ".join(chapter(number)) for number in range(1, 5)]

CUT_WORDS = (
    "These lines are cut where a printer would cut them, as in this exam-",
    "ple, and the well-known word that all of us know is cut to be well-",
    "known; a span of years like that which runs from the year 1914-",
    "1918 keeps its mark, and so does the war of the Franco-",
    "Prussian kind, and that is all there is to say of it.",
)
CUT_WORDS_TEXT = (
    "These lines are cut where a printer would cut them, as in this example, and the well-known word that "
    "all of us know is cut to be well-known; a span of years like that which runs from the year 1914-1918 "
    "keeps its mark, and so does the war of the Franco-Prussian kind, and that is all there is to say of it."
)
TABLE = (
    (72, ["Region", *(f"The region number {row}" for row in range(6))]),
    (300, ["2019", *(f"1,{row}00" for row in range(6))]),
    (400, ["2020", *(f"2,{row}00" for row in range(6))]),
)
TABLE_TEXT = "\n".join("  ".join(cells) for cells in zip(*(column for _, column in TABLE), strict=True))

PDF_SPECIMENS = (
    Specimen(
        "harbour.pdf",
        lambda: pdf(
            all_of(
                lines(["Harbour report"], y=790, font="Times-Bold", size=22),
                lines(["Costs"], y=750, font="Times-Bold", size=15),
                lines(wrapped(HARBOUR, 420), y=720),
                lines(["The second paragraph is indented."], x=90, y=720 - 14 * len(wrapped(HARBOUR, 420))),
            ),
            title="report_final.docx",
            author="Ada",
        ),
        f"Harbour report\n\nCosts\n\n{HARBOUR}\n\nThe second paragraph is indented.",
        title="Harbour report",
        author="Ada",
        headings=((1, "Harbour report"), (2, "Costs")),
        pages=((1, f"Harbour report\n\nCosts\n\n{HARBOUR}\n\nThe second paragraph is indented."),),
    ),
    Specimen(
        "named.pdf",
        lambda: pdf(lines(["Only words."]), title="A proper title"),
        "Only words.",
        title="A proper title",
        pages=((1, "Only words."),),
    ),
    Specimen(
        "hyphens.pdf",
        lambda: pdf(lines(CUT_WORDS)),
        CUT_WORDS_TEXT,
        pages=((1, CUT_WORDS_TEXT),),
    ),
    Specimen(
        "columns.pdf",
        lambda: pdf(side_by_side),
        side_by_side_text(),
        title="On rivers and harbours",
        headings=((1, "On rivers and harbours"),),
        pages=((1, side_by_side_text()),),
    ),
    Specimen(
        "table.pdf",
        lambda: pdf(all_of(*(lines(column, x=x) for x, column in TABLE))),
        TABLE_TEXT,
        pages=((1, TABLE_TEXT),),
    ),
    Specimen(
        "list.pdf",
        lambda: pdf(lines(("We need:", "• nails", "• a hammer", "(c) paint"))),
        "We need:\n• nails\n• a hammer\n(c) paint",
        pages=((1, "We need:\n• nails\n• a hammer\n(c) paint"),),
    ),
    Specimen(
        "running heads.pdf",
        lambda: pdf(*(running(number) for number in range(1, 5))),
        "A history of harbours\n\n" + " ".join(RUNNING_TEXT),
        pages=(
            (1, "A history of harbours\n\n" + RUNNING_TEXT[0]),
            *((n, RUNNING_TEXT[n - 1]) for n in (2, 3, 4)),
        ),
    ),
    Specimen(
        "scanned in part.pdf",
        lambda: pdf(lines(["One."]), picture, nothing, lines(["Four."]), picture, picture),
        "One.\n\nFour.",
        pages=((1, "One."), (4, "Four.")),
        notes=("page 2 has no text (scanned?)", "pages 5-6 have no text (scanned?)"),
    ),
    Specimen(
        "turned.pdf", lambda: pdf(turned), "Upright when displayed.", pages=((1, "Upright when displayed."),)
    ),
    Specimen(
        "sideways.pdf",
        lambda: pdf(sideways),
        "Level text.\n\nwritten up the margin",
        pages=((1, "Level text.\n\nwritten up the margin"),),
    ),
    Specimen(
        "ligatures.pdf", lambda: pdf(ligatures), "A fine floor, first.", pages=((1, "A fine floor, first."),)
    ),
    Specimen(
        "owner's lock.pdf",
        lambda: pdf(lines(["May be read."]), owner="secret"),
        "May be read.",
        pages=((1, "May be read."),),
    ),
    Specimen(
        "locked.pdf", lambda: pdf(lines(["Secret."]), password="secret"), fails="password-protected PDF"
    ),
    Specimen("scan.pdf", lambda: pdf(picture), fails="no text on its only page (scanned?)"),
    Specimen("scans.pdf", lambda: pdf(picture, picture), fails="no text on any of its 2 pages (scanned?)"),
    Specimen("blank.pdf", lambda: pdf(nothing), fails="no text in this PDF"),
    Specimen("empty.pdf", b"", fails="empty file"),
    Specimen("text.pdf", b"just words", fails="not a PDF"),
    Specimen("cut.pdf", lambda: pdf(lines(["One."]))[:200], fails="damaged PDF"),
)
