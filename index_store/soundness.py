"""Whether a catalog contradicts itself, and what can be mended in it without the files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from index_store.transaction import drop_unused_contents

_CONTRADICTIONS = {
    "source without document": "FROM sources WHERE content NOT IN (SELECT rowid FROM contents)",
    "passage without document": "FROM passages WHERE content NOT IN (SELECT rowid FROM contents)",
    "document without source": "FROM contents WHERE rowid NOT IN (SELECT content FROM sources)",
    "unsettled vectors": "FROM unsettled",
    "misquoted passage": "FROM passages JOIN contents ON contents.rowid = content"
    " WHERE substr(contents.text, start + 1, end - start) != passages.text",
}


def faults(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Name and detail of what contradicts itself."""
    for (line,) in db.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield "damaged catalog", line
    try:
        db.execute("INSERT INTO lexical (lexical, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as exc:
        yield "damaged word index", str(exc)
    for name, query in _CONTRADICTIONS.items():
        (count,) = db.execute(f"SELECT count(*) {query}").fetchone()
        if count:
            yield name, f"{count} found"


def mend(db: sqlite3.Connection) -> None:
    """Drop what refers to nothing, and make the word index anew."""
    db.execute("BEGIN IMMEDIATE")
    db.execute("DELETE FROM sources WHERE content NOT IN (SELECT rowid FROM contents)")
    db.execute("DELETE FROM passages WHERE content NOT IN (SELECT rowid FROM contents)")
    db.execute("INSERT INTO lexical (lexical) VALUES ('rebuild')")
    drop_unused_contents(db)
    db.execute("COMMIT")
