"""Files to documents: one function per format, one registry. A new format is one function and one line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index_store.errors import DocumentError
from index_store.types import Document, Heading


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a format yields: the text that offsets count in, and what the document says of itself."""

    text: str
    title: str = ""
    headings: tuple[Heading, ...] = ()


Reader = Callable[[bytes], Extracted]

_MARKDOWN_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)


def read(path: Path, source: str) -> Document:
    """Read one file. Raises DocumentError with the reason alone when it holds no readable text."""
    kind = READERS.get(path.suffix.lower())
    if kind is None:
        raise DocumentError(f"files of type {path.suffix or 'unknown'} are not read")
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise DocumentError(exc.strerror or str(exc)) from exc
    name, reader = kind
    found = reader(data)
    if not found.text.strip():
        raise DocumentError("empty file")
    return Document(
        source=source,
        title=found.title or path.stem,
        text=found.text,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=name,
        headings=found.headings,
        titled=bool(found.title),
    )


def media_type(path: Path) -> str | None:
    """The media type that `read` gives to files of this name, or None for a kind that is not read."""
    kind = READERS.get(path.suffix.lower())
    return kind[0] if kind else None


def read_text(data: bytes) -> Extracted:
    """Plain text in UTF-8. A byte order mark is dropped, line ends become `\\n`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise DocumentError(f"not UTF-8 text (byte {exc.start})") from exc
    if "\0" in text:
        raise DocumentError("binary data, not text")
    return Extracted(text.replace("\r\n", "\n").replace("\r", "\n"))


def read_markdown(data: bytes) -> Extracted:
    """Markdown as it is written; its headings are found, the first one is the title."""
    text = read_text(data).text
    matches = tuple(_MARKDOWN_HEADING.finditer(text))
    headings = tuple(Heading(len(match[1]), match.start(), match.end()) for match in matches)
    return Extracted(text, matches[0][2] if matches else "", headings)


READERS: Mapping[str, tuple[str, Reader]] = {
    ".txt": ("text/plain", read_text),
    ".md": ("text/markdown", read_markdown),
}
