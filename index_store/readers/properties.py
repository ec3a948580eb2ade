"""What files state of themselves in their properties, when a person rather than a program wrote it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from index_store.readers.extracted import one_line

_PROGRAMS: Final = re.compile(
    r"(untitled|document|dokument|doc|presentation|powerpoint[ -]pr[eäé]sentation|slide|book|workbook|title"
    r"|scan|new|none|null|\(?anonymous\)?|\(?unspecified\)?)[ _-]*\d*$"
    r"|microsoft (word|powerpoint|excel)\b"
    r"|.*\.(docx?|dotx?|pdf|tex|dvi|indd|qxd|pptx?|xlsx?|html?|rtf|odt|txt|ps|eps|jpe?g|png|tiff?)$"
    r"|https?://|[\W\d_]*$",
    re.IGNORECASE,
)
# The templates of python-docx and python-pptx hold these in every file made from them.
_TEMPLATES: Final = frozenset({"2013-12-23T23:15:00", "2013-01-27T09:14:16"})
_NOBODY: Final = frozenset({"", "python-docx", "openpyxl", "anonymous", "unknown", "user", "author", "admin"})


def real_title(title: str | None) -> str | None:
    """The title, unless a program put it there: a file name, "Untitled", "Document1", "Slide 1"."""
    found = one_line(title)
    return None if not found or _PROGRAMS.match(found) else found


def real_author(author: str | None) -> str | None:
    """The author, unless it is the name of a library or of nobody."""
    found = one_line(author)
    return None if not found or found.lower().strip("()") in _NOBODY else found


def real_date(created: datetime | None) -> str | None:
    """The day an Office document was begun, unless it is the day its template was."""
    if created is None or created.replace(tzinfo=None, microsecond=0).isoformat() in _TEMPLATES:
        return None
    return created.date().isoformat()
