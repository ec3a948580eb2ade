"""The files of a catalog, with what is known of each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from index_store.readers import title_of
from index_store.types import FileStatus


def indexed(db: sqlite3.Connection) -> Iterator[FileStatus]:
    """The files whose text is in the catalog."""
    rows = db.execute(
        "SELECT source, size, mtime_ns, title, author, media_type, published, json_array_length(pages),"
        " (SELECT count(*) FROM passages WHERE passages.content = sources.content), notes"
        " FROM sources JOIN contents ON contents.rowid = content"
    )
    for source, size, mtime_ns, title, author, media_type, published, pages, passages, notes in rows:
        yield FileStatus(
            source,
            "indexed",
            title=title or title_of(Path(source)),
            author=author,
            media_type=media_type,
            published=published,
            pages=pages or None,
            passages=passages,
            size=size,
            modified=iso_time(mtime_ns),
            notes=tuple(json.loads(notes)),
        )


def iso_time(nanoseconds: int) -> str:
    """A file's time of change as an ISO time in UTC."""
    return datetime.fromtimestamp(nanoseconds // 1_000_000_000, UTC).isoformat()
