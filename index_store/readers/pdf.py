"""PDF: the text in reading order, page by page, with the place of every character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index_store.errors import DocumentError
from index_store.readers.extracted import Extracted
from index_store.readers.properties import real_author, real_title

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

    from index_store.readers.flow import Sheet

# pdfium's codes for why a file cannot be loaded.
_REASONS: Final = {4: "password-protected PDF", 5: "password-protected PDF"}


def read_pdf(data: bytes, _: Path) -> Extracted:
    """The words of all pages. A page with pictures and no words is noted: it is probably scanned.

    The creation date is not taken for the date of publication: it is as often the day of a scan,
    a download or a print. Raises DocumentError when no page has text.
    """
    from index_store.readers.flow import flowing_text
    from index_store.readers.running import without_running_heads

    document = _opened(data)
    try:
        sheets, empty, broken = _sheets(document)
        if not any(sheet.blocks for sheet in sheets):
            raise DocumentError(_nothing(len(document), empty))
        notes = tuple(_noted(empty, "no text (scanned?)", "has", "have"))
        notes += tuple(_noted(broken, "damaged", "is", "are"))
        found = flowing_text(without_running_heads(sheets)).with_notes(*notes)
        metadata = document.get_metadata_dict()
        return found.named(
            title=real_title(metadata.get("Title")), author=real_author(metadata.get("Author"))
        )
    finally:
        document.close()


def _opened(data: bytes) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(data)
    except PdfiumError as exc:
        reason = _REASONS.get(exc.err_code or 0)
        raise DocumentError(reason or ("damaged PDF" if b"%PDF-" in data[:1024] else "not a PDF")) from exc
    document.init_forms()
    return document


def _sheets(document: PdfDocument) -> tuple[list[Sheet], list[int], list[int]]:
    """The pages' text, the numbers of those that show something without words, and of the damaged ones."""
    from pypdfium2 import PdfiumError

    sheets, empty, broken = [], [], []
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
        except PdfiumError:
            broken.append(number)
            continue
        sheet = _sheet(page, number)
        if not sheet.blocks and _shows_something(page):
            empty.append(number)
        sheets.append(sheet)
        page.close()
    return sheets, empty, broken


def _sheet(page: PdfPage, number: int) -> Sheet:
    from index_store.readers.columns import reading_order
    from index_store.readers.flow import Sheet
    from index_store.readers.glyphs import page_runs

    width, height = page.get_size()
    blocks = reading_order(page_runs(page))
    return Sheet(number, width, height, tuple(map(tuple, blocks)))


def _shows_something(page: PdfPage) -> bool:
    return next(iter(page.get_objects(max_depth=1)), None) is not None


def _nothing(pages: int, empty: list[int]) -> str:
    where = "its only page" if pages == 1 else f"any of its {pages} pages"
    return f"no text on {where} (scanned?)" if empty else "no text in this PDF"


def _noted(numbers: Iterable[int], what: str, one: str, many: str) -> Iterator[str]:
    """`page 3 has …`, `pages 5-9 have …`: a remark for each run of neighbouring pages."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        yield f"page {run[0]} {one} {what}" if len(run) == 1 else f"pages {run[0]}-{run[-1]} {many} {what}"
