"""Lists: an item stays with the others where several are asked for, and with the line that introduces it."""

from __future__ import annotations

import re
from dataclasses import dataclass

Span = tuple[int, int]
_ITEM = re.compile(
    r"[^\S\n]*(?:(?:[-*+•‣▪–]|\[[ xX]\])[^\S\n]+)*(?P<item>(?P<number>\(?\d{1,3}[.)][^\S\n]+)?\S[^\n]*)"
)
_LINE = re.compile(r"^[^\n]*", re.MULTILINE)
_MARK = re.compile(r"[^\S\n]*(?:[-*+•‣▪–]|\(?\d{1,3}[.)])[^\S\n]+\S")
_BLOCK = re.compile(r"[^\S\n]*(?:[#|>]|```)")  # a heading, a table, a quotation, code
_MOST = 12  # items; a longer list is no answer
_LONGEST = 1500  # characters of all of them


@dataclass(frozen=True, slots=True)
class Listing:
    """The items of a list, without bullets but with numbers, and the line before it that ends in a colon."""

    introduction: Span | None
    items: tuple[Span, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The introduction, if there is one, and the items."""
        return (self.introduction, *self.items) if self.introduction else self.items


def list_at(text: str, offset: int) -> Listing | None:
    """The list that the character at `offset` is in, unless it is a long one."""
    lines = _lines(text, offset)
    here = next(at for at, (start, end) in enumerate(lines) if offset <= end)
    first = here
    while first > 0 and not _MARK.match(text, *lines[first]) and _goes_on(text, lines, first):
        first -= 1
    if not _MARK.match(text, *lines[first]):
        return None
    while first > 0 and (above := _item_above(text, lines, first)) is not None:
        first = above
    items: list[Span] = []
    last = first
    while last < len(lines):
        found = _ITEM.match(text, *lines[last])
        if _MARK.match(text, *lines[last]) and found:
            items.append(found.span("item"))
        elif found and _goes_on(text, lines, last):
            items[-1] = (items[-1][0], lines[last][1])
        elif text[slice(*lines[last])].strip():
            break
        last += 1
    if not 1 < len(items) <= _MOST or items[-1][1] - items[0][0] > _LONGEST:
        return None
    return Listing(_introduction(text, lines, first), tuple(_trimmed(text, *each) for each in items))


def _lines(text: str, offset: int) -> list[Span]:
    """The lines around an offset, as far as a list could reach."""
    begin = text.rfind("\n", 0, max(0, offset - 2 * _LONGEST)) + 1
    return [found.span() for found in _LINE.finditer(text, begin, offset + 2 * _LONGEST)]


def _goes_on(text: str, lines: list[Span], at: int) -> bool:
    """Whether a line is no line of its own but goes on with the one above."""
    within = at > 0 and text[slice(*lines[at])].strip() and text[slice(*lines[at - 1])].strip()
    return bool(within) and not _BLOCK.match(text, *lines[at])


def _item_above(text: str, lines: list[Span], at: int) -> int | None:
    """The line that the item above begins in."""
    above = at - 1
    while above >= 0 and not text[slice(*lines[above])].strip():
        above -= 1
    while above > 0 and not _MARK.match(text, *lines[above]) and _goes_on(text, lines, above):
        above -= 1
    return above if above >= 0 and _MARK.match(text, *lines[above]) else None


def _introduction(text: str, lines: list[Span], first: int) -> Span | None:
    above = next((each for each in reversed(lines[:first]) if text[slice(*each)].strip()), None)
    return _trimmed(text, *above) if above and text[slice(*above)].rstrip().endswith(":") else None


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
