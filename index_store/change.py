"""One step in the life of a catalog, as a value that can be applied, written down and sent."""

from __future__ import annotations

import base64
import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from index_store.boxes import pack, unpack
from index_store.types import Document, Heading, Page, Passage


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file as it was when it was indexed: size in bytes, time of change in nanoseconds."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class NewContent:
    """A document with its passages; `embedded[i]` is the hash of the text embedded for `passages[i]`."""

    id: str
    document: Document
    passages: tuple[Passage, ...]
    embedded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What one transaction does to a catalog.

    `announced` are passages (id, hash of the embedded text) whose vectors are about to be written;
    `settled` are ids whose vectors are gone. `sources` pairs a source with its content's id, `failures`
    with its reason, `stamps` with the new time of a file whose content is as it was. `corpus` is where the
    files are, if that changes; `skipped` what is left out, with the reasons, if that does.
    """

    now: str
    announced: tuple[tuple[str, str], ...] = ()
    settled: tuple[str, ...] = ()
    contents: tuple[NewContent, ...] = ()
    sources: tuple[tuple[str, str, Stamp], ...] = ()
    removed: tuple[str, ...] = ()
    failures: tuple[tuple[str, str, Stamp], ...] = ()
    stamps: tuple[tuple[str, Stamp], ...] = ()
    corpus: str = ""
    skipped: tuple[tuple[str, str], ...] | None = None

    def to_json(self) -> str:
        return json.dumps(
            dataclasses.asdict(_without_boxes(self)) | {"boxes": _boxes(self)}, ensure_ascii=False
        )

    @classmethod
    def from_json(cls, text: str) -> Change:
        data: dict[str, Any] = json.loads(text)
        return cls(
            now=data["now"],
            announced=tuple((id, embedded) for id, embedded in data["announced"]),
            settled=tuple(data["settled"]),
            contents=tuple(map(_content, data["contents"], data["boxes"])),
            sources=tuple((source, content, Stamp(**stamp)) for source, content, stamp in data["sources"]),
            removed=tuple(data["removed"]),
            failures=tuple((source, reason, Stamp(**stamp)) for source, reason, stamp in data["failures"]),
            stamps=tuple((source, Stamp(**stamp)) for source, stamp in data["stamps"]),
            corpus=data["corpus"],
            skipped=None if data["skipped"] is None else tuple(map(tuple, data["skipped"])),
        )


def _without_boxes(change: Change) -> Change:
    """The change with all that JSON can say as it is."""
    bare = (
        dataclasses.replace(each, document=dataclasses.replace(each.document, boxes=()))
        for each in change.contents
    )
    return dataclasses.replace(change, contents=tuple(bare))


def _boxes(change: Change) -> list[str]:
    return [base64.b64encode(pack(each.document.boxes)).decode() for each in change.contents]


def _content(data: dict[str, Any], boxes: str) -> NewContent:
    document = data["document"] | {
        "boxes": unpack(base64.b64decode(boxes)),
        "notes": tuple(data["document"]["notes"]),
        "pages": tuple(Page(**page) for page in data["document"]["pages"]),
        "headings": tuple(Heading(**heading) for heading in data["document"]["headings"]),
    }
    passages = tuple(Passage(**passage) for passage in data["passages"])
    return NewContent(data["id"], Document(**document), passages, tuple(data["embedded"]))
