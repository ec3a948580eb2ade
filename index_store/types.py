"""The values that pass between the rooms of the index, and out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paginated document: `Document.text[start:end]` is its text; `number` is 1-based."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading: `Document.text[start:end]` is its text; `level` is 1 for the outermost."""

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LineBox:
    """Where the line `Document.text[start:end]` stands on its page, from the page's top left corner.

    Units are 1/65535 of the page's width and height. `edges` holds the left edge of each character
    and the right edge of the last one, as little-endian 16-bit numbers.
    """

    start: int
    end: int
    top: int
    bottom: int
    edges: bytes


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """The lines of one page (`number` is 1-based) with their places; the size is in points, as displayed."""

    number: int
    width: float
    height: float
    lines: tuple[LineBox, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file's extracted text, in which every offset of Footnote counts (in Unicode code points).

    `source` is the path relative to the corpus root, with `/`. `sha256` is of the file's bytes.
    `titled` says whether `title` stands in the document or was made from the file's name.
    `published` is an ISO date (or a year, or year and month), or None when the document names none.
    `boxes` says where the text stands on the pages of a PDF; `notes` what the report should mention,
    such as a page without text.
    """

    source: str
    title: str
    text: str
    sha256: str
    media_type: str
    published: str | None = None
    pages: tuple[Page, ...] = ()
    headings: tuple[Heading, ...] = ()
    titled: bool = False
    author: str | None = None
    boxes: tuple[PageBoxes, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences: `document.text[start:end] == text`. `page` is 1-based, or None.

    `id` derives from the document's content and the span, never from the path.
    `heading` is the section the passage stands in, "" when there is none. `titled` says whether `title`
    stands in the document or was made from the file's name.
    """

    id: str
    source: str
    title: str
    text: str
    start: int
    end: int
    page: int | None = None
    heading: str = ""
    titled: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query. A higher `score` is better; `rank` is 1 for the best."""

    passage: Passage
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild did, or with `dry_run` would do. Every source stands in one field.

    `moved_from[i]` is where `moved[i]` was before. `failed` pairs a source with the reason it could not
    be read, `skipped` with the reason it was left out on purpose. `notes` pairs a document of the index
    with what is missing from it, such as a page without text.
    `embedded` counts the passages whose vectors had to be computed. `resumed` is the number of documents
    that a build which was cut off had done, and this one went on from.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    moved_from: tuple[str, ...] = ()
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0
    dry_run: bool = False
    resumed: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is; the files are those that this stage has to look into.

    `stage` is "scanning" (files are compared with what is known of them), "indexing" or "finishing".
    `passages` were stored so far, `passages_per_second` in this stage. `seconds` have passed since the
    rebuild began; `seconds_left` is what the rest of "indexing" takes if its files are like those
    before, by their size, or None before there is any to go by.
    """

    stage: str
    files_done: int
    files_total: int
    passages: int
    seconds: float
    passages_per_second: float = 0.0
    seconds_left: float | None = None


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class FileStatus:
    """A file of the corpus as the last rebuild found it.

    `reason` says why it is "failed" (could not be read; a source that ends in `/` is a folder) or
    "skipped" (left out on purpose). `notes` say what is missing from an "indexed" one, such as a page
    without text. `pages` is the number of pages, None when the document has none. `size` is in bytes,
    `modified` an ISO time in UTC; both are None when nobody looked.
    """

    source: str
    state: Literal["indexed", "failed", "skipped"]
    reason: str = ""
    title: str = ""
    author: str | None = None
    media_type: str = ""
    published: str | None = None
    pages: int | None = None
    passages: int = 0
    size: int | None = None
    modified: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What an index holds: what `qa status` prints.

    `unfinished` is the number of documents in a new index that a full rebuild has not finished, or None.
    """

    index: str
    corpus: str
    documents: int
    passages: int
    failed: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    embedding_model: str
    version: str
    built: str
    unfinished: int | None = None
