"""The documents and passages of an index in SQLite: the one place that says what is live.

A document becomes visible, or disappears, in one transaction; whoever reads in a transaction of his
own sees one version throughout. Vectors live elsewhere, and count only while their passage is here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index_store import soundness
from index_store.boxes import unpack
from index_store.change import Change, Stamp
from index_store.errors import IndexDamagedError, UnknownSourceError
from index_store.listing import indexed, iso_time
from index_store.manifest import Manifest
from index_store.readers import title_of
from index_store.transaction import SCHEMA, make
from index_store.types import Document, FileStatus, Heading, Page, PageBoxes, Passage


@dataclass(frozen=True, slots=True)
class Known:
    """A source that the catalog holds, and the identity of its content."""

    content_id: str
    stamp: Stamp


class Catalog:
    """One connection to the catalog. Not for use by two threads at once."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise IndexDamagedError(f"The catalog {path} is missing. Run: qa rebuild FOLDER --full")
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA foreign_keys = ON")

    @classmethod
    def create(cls, path: Path, manifest: Manifest) -> Catalog:
        """Make an empty catalog, or open the one that an interrupted build left at `path`."""
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("BEGIN IMMEDIATE")
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'lexical'").fetchone():
                for statement in SCHEMA.split(";"):
                    db.execute(statement)
                db.execute("INSERT INTO meta VALUES ('version', '0'), ('manifest', ?)", (manifest.to_json(),))
            db.execute("COMMIT")
        return cls(path)

    @classmethod
    def begun(cls, path: Path) -> Catalog | None:
        """The catalog at `path`, or None when none was made or its making was cut off."""
        if not path.is_file():
            return None
        catalog = cls(path)
        if catalog._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'lexical'").fetchone():
            return catalog
        catalog.close()
        return None

    def close(self) -> None:
        self._db.close()

    def begin_reading(self) -> None:
        """From here on, every read sees the catalog as it is now."""
        self._db.execute("BEGIN")
        self.version()  # the first read fixes the view

    # What there is

    def manifest(self) -> Manifest:
        try:
            return Manifest.from_json(self._meta("manifest"))
        except (ValueError, TypeError) as exc:
            raise IndexDamagedError(
                f"The manifest cannot be read: {exc}. Run: qa rebuild FOLDER --full"
            ) from exc

    def version(self) -> int:
        """A number that grows with every change."""
        return int(self._meta("version"))

    def changed(self) -> str:
        """When the catalog last changed, as an ISO time, or "" for never."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'changed'").fetchone()
        return str(row[0]) if row else ""

    def known(self) -> dict[str, Known]:
        rows = self._db.execute(
            "SELECT source, contents.id, size, mtime_ns"
            " FROM sources JOIN contents ON contents.rowid = content"
        )
        return {source: Known(content_id, Stamp(size, time)) for source, content_id, size, time in rows}

    def failures(self) -> dict[str, tuple[str, Stamp]]:
        rows = self._db.execute("SELECT source, reason, size, mtime_ns FROM failures ORDER BY source")
        return {source: (reason, Stamp(size, time)) for source, reason, size, time in rows}

    def skipped(self) -> tuple[tuple[str, str], ...]:
        """What the last rebuild left out on purpose, and why."""
        return tuple(self._db.execute("SELECT source, reason FROM skipped ORDER BY source"))

    def files(self) -> Iterator[FileStatus]:
        """All files that the last rebuild found, those that could not be read and those left out too."""
        yield from indexed(self._db)
        for source, (reason, stamp) in self.failures().items():
            size, modified = (None, None) if stamp == Stamp(0, 0) else (stamp.size, iso_time(stamp.mtime_ns))
            yield FileStatus(source, "failed", reason, size=size, modified=modified)
        for source, reason in self.skipped():
            yield FileStatus(source, "skipped", reason)

    def sources(self) -> tuple[str, ...]:
        return tuple(row[0] for row in self._db.execute("SELECT source FROM sources ORDER BY source"))

    def counts(self) -> tuple[int, int]:
        """The number of documents (sources) and of passages."""
        row = self._db.execute("SELECT (SELECT count(*) FROM sources), (SELECT count(*) FROM passages)")
        documents, passages = row.fetchone()
        return int(documents), int(passages)

    def content_ids(self, sources: Sequence[str]) -> tuple[str, ...]:
        rows = self._db.execute(
            "SELECT DISTINCT contents.id FROM sources JOIN contents ON contents.rowid = content"
            " WHERE source IN (SELECT value FROM json_each(?)) ORDER BY 1",
            (json.dumps(sources),),
        )
        return tuple(row[0] for row in rows)

    def document(self, source: str) -> Document:
        """The document at `source`. Raises UnknownSourceError."""
        row = self._db.execute(
            "SELECT title, text, sha256, media_type, published, pages, headings, author, notes"
            " FROM sources JOIN contents ON contents.rowid = content WHERE source = ?",
            (source,),
        ).fetchone()
        if row is None:
            raise UnknownSourceError(f"The index holds no document {source!r}. See: qa status")
        title, text, sha256, media_type, published, pages, headings, author, notes = row
        return Document(
            source=source,
            title=title or title_of(Path(source)),
            text=text,
            sha256=sha256,
            media_type=media_type,
            published=published,
            pages=tuple(Page(*page) for page in json.loads(pages)),
            headings=tuple(Heading(*heading) for heading in json.loads(headings)),
            titled=bool(title),
            author=author,
            notes=tuple(json.loads(notes)),
        )

    def boxes(self, source: str) -> tuple[PageBoxes, ...]:
        """Where the text of the document at `source` stands on its pages; empty if it is no PDF."""
        row = self._db.execute(
            "SELECT boxes FROM sources JOIN contents ON contents.rowid = content WHERE source = ?", (source,)
        ).fetchone()
        return unpack(row[0]) if row and row[0] else ()

    def notes(self) -> tuple[tuple[str, str], ...]:
        """What is missing from which document."""
        rows = self._db.execute(
            "SELECT source, notes FROM sources JOIN contents ON contents.rowid = content"
            " WHERE notes != '[]' ORDER BY source"
        )
        return tuple((source, note) for source, notes in rows for note in json.loads(notes))

    def passages(self, ids: Sequence[str], sources: Sequence[str] | None = None) -> dict[str, Passage]:
        """The live passages among `ids`; with `sources`, those of these documents alone.

        Of files with the same content, the first source stands for all.
        """
        rows = self._db.execute(
            "SELECT passages.id, min(source), title, passages.text, start, end, page, heading FROM passages"
            " JOIN contents ON contents.rowid = passages.content JOIN sources USING (content)"
            " WHERE passages.id IN (SELECT value FROM json_each(?1))"
            " AND (?2 IS NULL OR source IN (SELECT value FROM json_each(?2))) GROUP BY passages.id",
            (json.dumps(ids), None if sources is None else json.dumps(sources)),
        )
        return {
            row[0]: Passage(
                row[0],
                row[1],
                row[2] or title_of(Path(row[1])),
                row[3],
                row[4],
                row[5],
                row[6],
                row[7],
                bool(row[2]),
            )
            for row in rows
        }

    def neighbours(self, ids: Sequence[str]) -> dict[str, tuple[str | None, str | None]]:
        """For each passage, the ids of the one before and the one after it in its document, or None."""
        near = (
            "(SELECT id FROM passages AS near WHERE near.content = passages.content"
            " AND near.start {} passages.start ORDER BY near.start {} LIMIT 1)"
        )
        rows = self._db.execute(
            f"SELECT id, {near.format('<', 'DESC')}, {near.format('>', 'ASC')} FROM passages"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
        return {id: (before, after) for id, before, after in rows}

    def match(self, expression: str, k: int, sources: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Ids and BM25 scores (higher is better) of the `k` best passages for an FTS5 expression."""
        rows = self._db.execute(
            "SELECT passages.id, -bm25(lexical) FROM lexical JOIN passages ON passages.rowid = lexical.rowid"
            " WHERE lexical MATCH ?1 AND (?2 IS NULL OR passages.content IN ("
            "   SELECT content FROM sources WHERE source IN (SELECT value FROM json_each(?2))))"
            " ORDER BY bm25(lexical), passages.id LIMIT ?3",
            (expression, None if sources is None else json.dumps(sources), k),
        )
        return [(row[0], float(row[1])) for row in rows]

    def embedded_as(self, hashes: Iterable[str]) -> dict[str, str]:
        """For each hash of an embedded text, the id of a passage whose vector is that text's."""
        wanted = json.dumps(list(hashes))
        found: dict[str, str] = {}
        for table in ("unsettled", "passages"):
            found |= self._db.execute(
                f"SELECT embedded, id FROM {table} WHERE embedded IN (SELECT value FROM json_each(?))",
                (wanted,),
            )
        return found

    def has_content(self, content_id: str) -> bool:
        return self._db.execute("SELECT 1 FROM contents WHERE id = ?", (content_id,)).fetchone() is not None

    def passage_ids(self, content_ids: Iterable[str] | None = None) -> tuple[str, ...]:
        """The ids of all live passages, or of those of these contents, in the order of the documents."""
        wanted = None if content_ids is None else json.dumps(list(content_ids))
        rows = self._db.execute(
            "SELECT passages.id FROM passages JOIN contents ON contents.rowid = content"
            " WHERE ?1 IS NULL OR contents.id IN (SELECT value FROM json_each(?1)) ORDER BY content, start",
            (wanted,),
        )
        return tuple(row[0] for row in rows)

    def contents(self, ids: Sequence[str]) -> Iterator[tuple[str, Document, list[Passage]]]:
        """Content id, document and passages of each document that has passages among `ids`, these alone."""
        passages: dict[str, list[Passage]] = {}
        for passage in self.passages(ids).values():
            passages.setdefault(passage.source, []).append(passage)
        for source, found in passages.items():
            (content_id,) = self.content_ids([source])
            yield content_id, self.document(source), found

    # Its health

    def faults(self) -> Iterator[tuple[str, str]]:
        """Name and detail of what contradicts itself in here."""
        return soundness.faults(self._db)

    def mend(self) -> None:
        """Drop what refers to nothing, and make the word index anew."""
        soundness.mend(self._db)

    # What changes it

    def unsettled(self) -> tuple[str, ...]:
        """Ids that may have a vector without being live."""
        return tuple(row[0] for row in self._db.execute("SELECT id FROM unsettled"))

    def apply(self, change: Change, number: int) -> None:
        """Make a change, in one transaction that takes the catalog to version `number`.

        Does nothing unless that is the version that follows: another process may have been faster.
        """
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if number == self.version() + 1:
                make(self._db, change)
                self._db.execute("UPDATE meta SET value = ? WHERE key = 'version'", (str(number),))
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _meta(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0])
