"""What a reader finds in a file: the text in which offsets count, and what stands where in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from index_store.types import Heading, Page, PageBoxes

# Control characters and invisible marks go; a space that only forbids a line break becomes a plain one,
# so that a quote can be found again by whoever types it.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\xa0\xad\u200b\u202f\u2060\ufeff]")
_REPLACED: Final = {
    **dict.fromkeys((*range(0x09), *range(0x0B, 0x20), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF)),
    **{0x0C: "\n", 0xA0: " ", 0x202F: " "},
}
_ISO_DATE: Final = re.compile(r"\s*(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file's text, and what the file itself says of its title, author and date (None: nothing)."""

    text: str
    title: str | None = None
    author: str | None = None
    published: str | None = None
    headings: tuple[Heading, ...] = ()
    pages: tuple[Page, ...] = ()
    boxes: tuple[PageBoxes, ...] = ()
    notes: tuple[str, ...] = ()

    def named(
        self, *, title: str | None = None, author: str | None = None, published: str | None = None
    ) -> Extracted:
        """The same text; what is given here and not empty wins over what was found before."""
        return replace(
            self,
            title=one_line(title) or self.title,
            author=one_line(author) or self.author,
            published=iso_date(published) or self.published,
        )

    def with_notes(self, *notes: str) -> Extracted:
        """The same text with further remarks for the report."""
        return replace(self, notes=self.notes + notes)


@dataclass(slots=True)
class TextBuilder:
    """Writes a text block by block, and remembers where headings and pages stand in it."""

    headings: list[Heading] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0

    def add(self, text: str, separator: str = "\n\n") -> None:
        """Write a block, parted from what stands before it; a block without words is left out."""
        block = clean(text).strip()
        if block:
            self._write(separator if self._length else "")
            self._write(block)

    def heading(self, text: str, level: int) -> None:
        """Write a section heading on a line of its own."""
        before = self._length
        self.add(" ".join(text.split()))
        if self._length > before:
            length = len(self._parts[-1])
            self.headings.append(Heading(level, self._length - length, self._length))

    def start_page(self) -> int:
        """A mark to hand to `end_page` when the page's blocks are written."""
        return self._length

    def end_page(self, number: int, mark: int) -> bool:
        """Record what was written since the mark as a page; False when it was nothing."""
        if self._length == mark:
            return False
        self.pages.append(Page(number, mark + (2 if mark else 0), self._length))
        return True

    def extracted(self) -> Extracted:
        """All that was written."""
        return Extracted(
            "".join(self._parts),
            headings=tuple(self.headings),
            pages=tuple(self.pages),
            notes=tuple(self.notes),
        )

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def clean(text: str) -> str:
    """The text as every store can hold it: lines end in \\n, nothing invisible, no lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _UNWANTED.search(text):
        text = text.translate(_REPLACED)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def one_line(text: str | None) -> str | None:
    """A title or name on one line, or None when there is none."""
    return " ".join(clean(text).split()) or None if text else None


def iso_date(text: str | None) -> str | None:
    """The ISO date (or year, or year and month) the text begins with; None when the calendar has no such."""
    match = _ISO_DATE.match(text or "")
    if match is None:
        return None
    year, month, day = match.groups()
    if not "1400" <= year <= "2100":  # what programs write when they know no date
        return None
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)
