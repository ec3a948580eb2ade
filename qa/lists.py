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
_BLOCK = re.compile(r"[#|>]|```")  # a heading, a table, a quotation, code
MOST_ITEMS = 12
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


def is_list(text: str) -> bool:
    """Whether a line of the text is marked as an item."""
    return any(_MARK.match(text, *line.span()) for line in _LINE.finditer(text))


def list_at(text: str, offset: int) -> Listing | None:
    """The list that the character at `offset` is in, or that its line introduces.

    Of a long one the first items, if it is in those.
    """
    lines = _lines(text, offset)
    line = next(at for at, (start, end) in enumerate(lines) if offset <= end)
    first = _item_begins(text, lines, line)
    if first is None and text[slice(*lines[line])].rstrip().endswith(":"):
        below = next((at for at in range(line + 1, len(lines)) if text[slice(*lines[at])].strip()), line)
        first = below if _MARK.match(text, *lines[below]) else None
    if first is None:
        return None
    while (above := _item_begins(text, lines, first - 1)) is not None:
        first = above
    items: list[Span] = []
    for at in range(first, len(lines)):
        found = _ITEM.match(text, *lines[at])
        if found and _MARK.match(text, *lines[at]):
            items.append(found.span("item"))
        elif found and _goes_on(text, lines, at):
            items[-1] = (items[-1][0], lines[at][1])
        elif found:
            break
    items = [each for each in items[:MOST_ITEMS] if each[1] - items[0][0] <= _LONGEST]
    if len(items) < 2 or offset > items[-1][1]:
        return None
    return Listing(_introduction(text, lines, first), tuple(_trimmed(text, *each) for each in items))


def _lines(text: str, offset: int) -> list[Span]:
    """The lines around an offset, as far as a list could reach."""
    begin = text.rfind("\n", 0, max(0, offset - 2 * _LONGEST)) + 1
    return [found.span() for found in _LINE.finditer(text, begin, offset + 2 * _LONGEST)]


def _item_begins(text: str, lines: list[Span], at: int) -> int | None:
    """The line that the item begins in which a line belongs to."""
    while at > 0 and not _MARK.match(text, *lines[at]) and _goes_on(text, lines, at):
        at -= 1
    return at if at >= 0 and _MARK.match(text, *lines[at]) else None


def _goes_on(text: str, lines: list[Span], at: int) -> bool:
    """Whether a line may belong to the item above: it is blank or indented, or no blank line parts them."""
    line, above = (text[slice(*each)] for each in (lines[at], lines[at - 1]))
    return not line.strip() or line[0].isspace() or (bool(above.strip()) and not _BLOCK.match(line))


def _introduction(text: str, lines: list[Span], first: int) -> Span | None:
    above = next((each for each in reversed(lines[:first]) if text[slice(*each)].strip()), None)
    return _trimmed(text, *above) if above and text[slice(*above)].rstrip().endswith(":") else None


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
