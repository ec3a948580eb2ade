"""Spreadsheets (XLSX): each row a line that names its columns."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from index_store.errors import DocumentError
from index_store.readers.container import open_container
from index_store.readers.extracted import Extracted, TextBuilder
from index_store.readers.properties import real_author, real_date, real_title
from index_store.readers.table import table_lines

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_PERCENT: Final = re.compile(r"(?:\.(0+))?%")


def read_xlsx(data: bytes, _: Path) -> Extracted:
    """Each sheet under its name as the heading; of formulas, the results that were stored with them."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    open_container(data, "XLSX").close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features that hold no text
        try:
            workbook = load_workbook(BytesIO(data), read_only=True, data_only=True)
        except (InvalidFileException, KeyError, ValueError) as exc:
            raise DocumentError("not an XLSX, or damaged: it holds no workbook") from exc
        builder = _written(workbook)
    properties = workbook.properties
    return builder.extracted().named(
        title=real_title(properties.title),
        author=real_author(properties.creator),
        published=real_date(properties.created),
    )


def _written(workbook: Workbook) -> TextBuilder:
    builder = TextBuilder()
    for sheet in workbook.worksheets:
        rows = table_lines(_rows(sheet))
        first = next(rows, None)
        if first is None:
            continue
        builder.heading(sheet.title, 1)
        for line in chain([first], rows):
            builder.add(line)
    return builder


def _rows(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # what the file says of its size is often wrong
    for row in sheet.iter_rows():
        yield ["" if cell.value is None else _shown(cell.value, cell.number_format) for cell in row]


def _shown(value: object, number_format: str) -> str:
    """A cell's value as its reader sees it: days without a midnight, whole numbers, percentages."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    if isinstance(value, (int, float)):
        percent = _PERCENT.search(number_format or "")
        if percent:
            return f"{value:.{len(percent[1] or '')}%}"
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    return str(value)
