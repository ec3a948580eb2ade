"""A file → a Document. The next format joins with one function and one line of `READERS`."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from io import BufferedReader
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast

from index_store.errors import DocumentError
from index_store.readers.extracted import Extracted, one_line
from index_store.types import Document

# Grows whenever the same file would give another document, which makes what was read before out of date.
VERSION: Final = 1

Extract = Callable[[bytes, Path], Extracted]


@dataclass(frozen=True, slots=True)
class Reader:
    """How files of one suffix are read.

    `where` is a module (with a dot before it, one of this package) and the function in it, found when
    first needed: a corpus of notes need not load what parses spreadsheets. `is_plain` says that reading
    is decoding alone, which can neither hang nor crash.
    """

    media_type: str
    where: str
    is_plain: bool = False

    @property
    def extract(self) -> Extract:
        """The function: bytes and path → what stands in them. Raises DocumentError, or what a parser does."""
        module, function = self.where.split(":")
        return cast(Extract, getattr(import_module(module, __name__), function))


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_TEXT: Final = Reader("text/plain", ".plain:read_text", is_plain=True)
_MARKDOWN: Final = Reader("text/markdown", ".plain:read_markdown", is_plain=True)
_HTML: Final = Reader("text/html", ".html:read_html")
_JSON_LINES: Final = Reader("application/jsonl", ".records:read_jsonl")
_CODE_SUFFIXES: Final = (
    ".adb .ads .asm .bash .bat .bib .c .cc .cfg .clj .cmake .cmd .coffee .conf .cpp .cs .css .cxx .d "
    ".dart .diff .el .erl .ex .exs .f .f90 .fish .for .fs .go .gradle .graphql .groovy .h .hh .hpp .hs "
    ".hxx .ini .java .jl .js .jsx .kt .kts .less .lisp .lua .m .mjs .ml .mm .nim .nix .pas .patch .php "
    ".pl .pm .proto .ps1 .py .pyi .r .rb .rs .sass .scala .scm .scss .sh .sql .svelte .swift .tcl .tex "
    ".toml .ts .tsx .v .vb .vhd .vue .xml .yaml .yml .zig .zsh"
)
_TEXT_SUFFIXES: Final = ".txt .text .log .rst .adoc .asciidoc .org .srt .vtt .po .properties .nfo"

READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    dict.fromkeys(_TEXT_SUFFIXES.split(), _TEXT)
    | dict.fromkeys(_CODE_SUFFIXES.split(), _TEXT)
    | dict.fromkeys((".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd"), _MARKDOWN)
    | dict.fromkeys((".html", ".htm", ".xhtml"), _HTML)
    | dict.fromkeys((".jsonl", ".ndjson"), _JSON_LINES)
    | {
        ".json": Reader("application/json", ".records:read_json"),
        ".csv": Reader("text/csv", ".table:read_csv"),
        ".tsv": Reader("text/tab-separated-values", ".table:read_csv"),
        ".pdf": Reader("application/pdf", ".pdf:read_pdf"),
        ".docx": Reader(f"{_OFFICE}.wordprocessingml.document", ".word:read_docx"),
        ".pptx": Reader(f"{_OFFICE}.presentationml.presentation", ".slides:read_pptx"),
        ".xlsx": Reader(f"{_OFFICE}.spreadsheetml.sheet", ".workbook:read_xlsx"),
        ".epub": Reader("application/epub+zip", ".epub:read_epub"),
        ".eml": Reader("message/rfc822", ".mail:read_eml"),
    }
)
# Text files that go without a suffix.
_BARE_NAMES: Final = (
    "authors brewfile changelog changes copying contributing dockerfile gemfile history install justfile "
    "license licence makefile news notice procfile rakefile readme thanks todo vagrantfile version"
)
_NAMES: Final = frozenset(_BARE_NAMES.split())
_WORD_BREAK: Final = re.compile(r"[\s_+]+|(?<=\w)-(?=\w)")


def reader_of(name: str) -> Reader | None:
    """The reader for a file of this name, or None for a kind of file that is not read."""
    dot = name.rfind(".")
    if dot > 0:
        return READERS.get(name[dot:].lower())
    return _TEXT if name.lower() in _NAMES else None


def media_type(path: Path) -> str | None:
    """The media type by the file's name, or None for a kind of file that is not read."""
    reader = reader_of(path.name)
    return reader.media_type if reader else None


def read(path: Path, source: str) -> Document:
    """The file as a document. Raises DocumentError with the reason alone, for whatever cannot be read.

    MemoryError is left to the caller, who knows the limit.
    """
    reader = reader_of(path.name)
    if reader is None:
        raise DocumentError(f"a kind of file that is not read ({path.suffix or 'no suffix'})")
    data = _bytes(path)
    extracted = _extracted(reader, data, path)
    if not extracted.text.strip():
        raise DocumentError("empty file" if not data.strip() or reader.is_plain else "no text in this file")
    return _document(extracted, source, title_of(path), sha256(data).hexdigest(), reader.media_type)


def _document(extracted: Extracted, source: str, file_title: str, digest: str, media_type: str) -> Document:
    return Document(
        source=source,
        title=extracted.title or file_title,
        text=extracted.text,
        sha256=digest,
        media_type=media_type,
        published=extracted.published,
        pages=extracted.pages,
        headings=extracted.headings,
        titled=bool(extracted.title),
        author=extracted.author,
        boxes=extracted.boxes,
        notes=extracted.notes,
    )


def _extracted(reader: Reader, data: bytes, path: Path) -> Extracted:
    if not data:
        raise DocumentError("empty file")
    try:
        return reader.extract(data, path)
    except (DocumentError, MemoryError):
        raise
    except RecursionError as exc:
        raise DocumentError("nested too deeply") from exc
    except Exception as exc:  # parsers fail in as many ways as files are broken
        message = one_line(str(exc)) or ""
        raise DocumentError(
            f"damaged, or not what its name says ({type(exc).__name__}: {message[:200]})"
        ) from exc


def opened(path: Path) -> BufferedReader:
    """The file, open for reading. Raises DocumentError with the reason when it cannot be, or is no file."""
    try:
        # What was a file may be a pipe by now, whose opening would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as exc:
        raise unreadable(exc) from exc
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise DocumentError("not a regular file")
    return os.fdopen(descriptor, "rb")


def unreadable(error: OSError) -> DocumentError:
    """The reason, as it stands in reports."""
    if isinstance(error, FileNotFoundError):
        return DocumentError("no longer there")
    return DocumentError(f"cannot be read: {(error.strerror or str(error)).lower()}")


def _bytes(path: Path) -> bytes:
    """The file's bytes, all of one moment."""
    with opened(path) as file:
        try:
            before = os.fstat(file.fileno())
            data = file.read()
            after = os.fstat(file.fileno())
        except OSError as exc:
            raise unreadable(exc) from exc
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        data
    ) != after.st_size:
        raise DocumentError("changed while being read")
    return data


def title_of(path: Path) -> str:
    """What stands for the title of a document that has none: the name of its file, as words."""
    stem = os.fsencode(path.stem).decode(errors="replace")
    return (one_line(_WORD_BREAK.sub(" ", stem)) or stem).strip() or path.name
