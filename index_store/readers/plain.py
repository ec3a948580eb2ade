"""Text as it stands in the file: notes, logs, source code, Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from index_store.readers.encoding import decode
from index_store.readers.extracted import Extracted, clean
from index_store.types import Heading

_FENCE: Final = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_ATX: Final = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)(.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE: Final = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_NO_PARAGRAPH: Final = re.compile(r"\s*$|\s*(?:[-*+>|]|\d+[.)])(?:\s|$)| {4}|\t")
_FRONT_MATTER: Final = re.compile(r"\A---\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_FIELD: Final = re.compile(r"^(title|date|author)[ \t]*:(.+)$", re.IGNORECASE | re.MULTILINE)
_LINK: Final = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_LONGEST_HEADING: Final = 1000
_EMPHASIS: Final = re.compile(r"(\*\*|__|\*|`|~~)(?=\S)(.+?)(?<=\S)\1")


def read_text(data: bytes, _: Path) -> Extracted:
    """The file's own words, nothing added and nothing left out."""
    text, notes = decode(data)
    return Extracted(clean(text), notes=notes)


def read_markdown(data: bytes, path: Path) -> Extracted:
    """The source as it stands, with its headings; title, date and author from front matter or heading."""
    extracted = read_text(data, path)
    text = extracted.text
    front = _FRONT_MATTER.match(text)
    fields = (
        {key.lower(): value.strip().strip("\"'") for key, value in _FIELD.findall(front[1])} if front else {}
    )
    headings = tuple(_headings(text, front.end() if front else 0))
    first = min(headings, key=lambda heading: (heading.level, heading.start), default=None)
    return Extracted(
        text,
        title=_unmarked(text[first.start : first.end]) or None if first else None,
        headings=headings,
        notes=extracted.notes,
    ).named(title=fields.get("title"), author=fields.get("author"), published=fields.get("date"))


def _headings(text: str, begin: int) -> Iterator[Heading]:
    """The `# …` lines and the underlined single lines, outside code; the span leaves out the marks."""
    before, above, above_start = "", "", begin
    for start, line in _lines_outside_code(text, begin):
        atx, under = _ATX.match(line), _UNDERLINE.match(line)
        if atx and atx[2]:
            yield Heading(len(atx[1]), start + atx.start(2), start + atx.end(2))
        elif under and not _NO_PARAGRAPH.match(above) and not before.strip():
            lead = len(above) - len(above.lstrip())
            yield Heading(
                1 if under[1][0] == "=" else 2, above_start + lead, above_start + len(above.rstrip())
            )
        before, above, above_start = above, "" if atx or under else line, start


def _lines_outside_code(text: str, begin: int) -> Iterator[tuple[int, str]]:
    """Each line with its offset; lines of fenced code, and those too long for a heading, come as empty."""
    fence, start = "", begin
    for line in text[begin:].split("\n"):
        mark = _FENCE.match(line[:_LONGEST_HEADING])
        if mark and not fence:
            fence = mark[1]
            yield start, ""
        elif fence:
            closed = mark and mark[1].startswith(fence) and not line[mark.end() :].strip()
            fence = "" if closed else fence
            yield start, ""
        else:
            yield start, line if len(line) <= _LONGEST_HEADING else ""
        start += len(line) + 1


def _unmarked(heading: str) -> str:
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", heading)).strip()
