"""Awkward PDFs."""

from __future__ import annotations

from collections.abc import Callable

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


def columns(left: list[str], right: list[str], top: float) -> Callable[[Canvas], None]:
    """Two columns, drawn row by row across both."""
    rows = zip(left, right, strict=True)
    return all_of(
        *(
            lines([text], x=x, y=top - 14 * row)
            for row, pair in enumerate(rows)
            for text, x in zip(pair, (72, 310), strict=True)
        )
    )


def side_by_side(canvas: Canvas) -> None:
    """Columns below a title; a caption over both, close to the columns above it and below; two last lines."""
    left, right = SIX_ROWS
    lines(["On rivers and harbours"], x=190, y=780, font="Times-Bold", size=20)(canvas)
    columns(left, right, top=720)(canvas)
    lines([CAPTION], y=720 - 6 * 14)(canvas)
    columns(left, right, top=720 - 7 * 14)(canvas)
    columns(["Left at last."], ["Right at last."], top=720 - 16 * 14)(canvas)


SIX_ROWS = [wrapped(" ".join(wrapped(text, 200)[:6]) + ".", 210) for text in (HARBOUR, RIVER)]
CAPTION = "Figure 1. A caption that runs over both of the columns and says what is to be seen."


def side_by_side_text() -> str:
    left, right = map(" ".join, SIX_ROWS)
    both = f"{left}\n\n{right}"
    return (
        f"On rivers and harbours\n\n{both}\n\n{CAPTION}\n\n{left}\n\nLeft at last."
        f"\n\n{right}\n\nRight at last."
    )


def newsletter(canvas: Canvas) -> None:
    """Two columns, a short heading to the left over what follows, and two other columns."""
    left, right = wrapped(HARBOUR, 200), wrapped(RIVER, 200)
    for rows, x in ((left, 72), (right, 310)):
        lines(rows, x=x, y=760)(canvas)
    lines(["Further news"], y=560)(canvas)
    for rows, x in ((wrapped(RIVER, 260), 72), (wrapped(HARBOUR, 160), 360)):
        lines(rows, x=x, y=520)(canvas)


NEWSLETTER_TEXT = f"{HARBOUR}\n\n{RIVER}\n\nFurther news\n\n{RIVER}\n\n{HARBOUR}"


STRETCHED = (
    "Few words fit on a narrow line, and where they are long the",
    "administrative responsibilities notwithstanding",
    "gaps between them grow and grow, for the edges of the text",
    "have to be even on both of its sides, come what may.",
)


def stretched(canvas: Canvas) -> None:
    """A justified paragraph in which one line has but three words, far apart."""
    lines(STRETCHED[:1])(canvas)
    lines(STRETCHED[2:], y=712)(canvas)
    words = STRETCHED[1].split()
    widths = [stringWidth(word, "Times-Roman", 11) for word in words]
    gap = (stringWidth(STRETCHED[0], "Times-Roman", 11) - sum(widths)) / 2
    assert gap > 26
    for position, word in enumerate(words):
        lines([word], x=72 + sum(widths[:position]) + gap * position, y=726)(canvas)


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


def form(canvas: Canvas) -> None:
    canvas.drawString(72, 740, "Name of the tenant:")
    canvas.acroForm.textfield(name="n", value="Ada Lovelace", x=200, y=735, width=200, height=20, fontSize=11)
    canvas.linkURL("http://x", (72, 600, 200, 620))


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


def running(number: int) -> Callable[[Canvas], None]:
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
    Specimen("stretched.pdf", lambda: pdf(stretched), " ".join(STRETCHED), pages=((1, " ".join(STRETCHED)),)),
    Specimen("newsletter.pdf", lambda: pdf(newsletter), NEWSLETTER_TEXT, pages=((1, NEWSLETTER_TEXT),)),
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
        "form.pdf",
        lambda: pdf(form),
        "Name of the tenant:  Ada Lovelace",
        pages=((1, "Name of the tenant:  Ada Lovelace"),),
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
