"""What a change does to the tables of a catalog, within one transaction."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Sequence

from index_store.boxes import pack
from index_store.change import Change, NewContent, Stamp

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE contents (
    rowid INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, sha256 TEXT NOT NULL, media_type TEXT NOT NULL,
    title TEXT NOT NULL, author TEXT, published TEXT, notes TEXT NOT NULL, pages TEXT NOT NULL,
    headings TEXT NOT NULL, text TEXT NOT NULL, boxes BLOB NOT NULL);  -- what is long comes last
CREATE TABLE sources (
    source TEXT PRIMARY KEY, content INTEGER NOT NULL REFERENCES contents, size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX sources_content ON sources (content);
CREATE TABLE passages (
    rowid INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, content INTEGER NOT NULL REFERENCES contents,
    start INTEGER NOT NULL, end INTEGER NOT NULL, page INTEGER, heading TEXT NOT NULL, text TEXT NOT NULL,
    embedded TEXT NOT NULL);
CREATE INDEX passages_content ON passages (content, start);
CREATE INDEX passages_embedded ON passages (embedded);
CREATE TABLE failures (
    source TEXT PRIMARY KEY, reason TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL
    ) WITHOUT ROWID;
CREATE TABLE skipped (source TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE unsettled (id TEXT PRIMARY KEY, embedded TEXT NOT NULL) WITHOUT ROWID;
CREATE VIEW passage_words AS
    SELECT passages.rowid AS rowid, contents.title AS title, heading, passages.text AS text
    FROM passages JOIN contents ON contents.rowid = passages.content;
CREATE VIRTUAL TABLE lexical USING fts5 (
    title, heading, text, content='passage_words', tokenize='porter unicode61 remove_diacritics 2');
"""


def make(db: sqlite3.Connection, change: Change) -> None:
    """Make the change; the caller begins and commits."""
    db.executemany("INSERT OR IGNORE INTO unsettled VALUES (?, ?)", change.announced)
    db.executemany("DELETE FROM unsettled WHERE id = ?", [(id,) for id in change.settled])
    for content in change.contents:
        _add_content(db, content)
    _point_sources(db, change.sources)
    _forget(db, [*change.removed, *(source for source, _, _ in change.failures)])
    db.executemany(
        "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)",
        [(source, reason, stamp.size, stamp.mtime_ns) for source, reason, stamp in change.failures],
    )
    db.executemany(
        "UPDATE sources SET size = ?, mtime_ns = ? WHERE source = ?",
        [(stamp.size, stamp.mtime_ns, source) for source, stamp in change.stamps],
    )
    if change.skipped is not None:
        db.execute("DELETE FROM skipped")
        db.executemany("INSERT INTO skipped VALUES (?, ?)", change.skipped)
    if change.corpus:
        db.execute(
            "UPDATE meta SET value = json_set(value, '$.corpus', ?) WHERE key = 'manifest'", (change.corpus,)
        )
    drop_unused_contents(db)
    db.execute("DELETE FROM unsettled WHERE id IN (SELECT id FROM passages)")
    db.execute("INSERT OR REPLACE INTO meta VALUES ('changed', ?)", (change.now,))


def _add_content(db: sqlite3.Connection, content: NewContent) -> None:
    document = content.document
    cursor = db.execute(
        "INSERT OR IGNORE INTO contents (id, sha256, media_type, title, author, published, text, pages,"
        " headings, notes, boxes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            content.id,
            document.sha256,
            document.media_type,
            document.title if document.titled else "",
            document.author,
            document.published,
            document.text,
            json.dumps([dataclasses.astuple(page) for page in document.pages]),
            json.dumps([dataclasses.astuple(heading) for heading in document.headings]),
            json.dumps(document.notes),
            pack(document.boxes) if document.boxes else b"",
        ),
    )
    if not cursor.rowcount:
        return  # another file of the same content came first
    rowid = cursor.lastrowid
    db.executemany(
        "INSERT INTO passages (id, content, start, end, page, heading, text, embedded)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (each.id, rowid, each.start, each.end, each.page, each.heading, each.text, embedded)
            for each, embedded in zip(content.passages, content.embedded, strict=True)
        ],
    )
    db.execute(
        "INSERT INTO lexical (rowid, title, heading, text) SELECT passage_words.* FROM passage_words"
        " JOIN passages USING (rowid) WHERE content = ?",
        (rowid,),
    )


def _point_sources(db: sqlite3.Connection, sources: Sequence[tuple[str, str, Stamp]]) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO sources SELECT ?, rowid, ?, ? FROM contents WHERE id = ?",
        [(source, stamp.size, stamp.mtime_ns, content) for source, content, stamp in sources],
    )
    db.executemany("DELETE FROM failures WHERE source = ?", [(source,) for source, _, _ in sources])


def _forget(db: sqlite3.Connection, sources: Sequence[str]) -> None:
    for table in ("sources", "failures"):
        db.executemany(f"DELETE FROM {table} WHERE source = ?", [(source,) for source in sources])


def drop_unused_contents(db: sqlite3.Connection) -> None:
    """Delete the documents that no source has; their vectors become unsettled."""
    unused = [
        row[0]
        for row in db.execute("SELECT rowid FROM contents WHERE rowid NOT IN (SELECT content FROM sources)")
    ]
    for rowid in unused:
        db.execute(
            "INSERT INTO lexical (lexical, rowid, title, heading, text) SELECT 'delete', passage_words.*"
            " FROM passage_words JOIN passages USING (rowid) WHERE content = ?",
            (rowid,),
        )
        db.execute(
            "INSERT OR IGNORE INTO unsettled SELECT id, embedded FROM passages WHERE content = ?",
            (rowid,),
        )
        db.execute("DELETE FROM passages WHERE content = ?", (rowid,))
        db.execute("DELETE FROM contents WHERE rowid = ?", (rowid,))
