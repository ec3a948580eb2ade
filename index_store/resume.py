"""What an interrupted build has done, and where the next one goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from index_store import generation as folders
from index_store.catalog import Catalog
from index_store.manifest import Manifest


def documents_done(generation: Path) -> int | None:
    """How many documents a build has done that does not serve yet; None when nothing can go on from it."""
    try:
        catalog = Catalog.begun(folders.catalog_path(generation))
        if catalog is None:
            return None
        with closing(catalog):
            return catalog.counts()[0]
    except sqlite3.DatabaseError:
        return None


def builds(index: Path) -> list[Path]:
    """The builds that were cut off and can be gone on with."""
    return [each for each in folders.unfinished(index) if documents_done(each) is not None]


def unfinished_documents(index: Path) -> int | None:
    """How many documents the build has done that was cut off here; None when there is none."""
    return next(map(documents_done, builds(index)), None)


def target(index: Path, manifest: Manifest) -> Path:
    """Where to build a new generation: where an interrupted build of the same kind left off, else anew."""
    alike = (each for each in builds(index) if each.name.startswith(manifest.fingerprint))
    return next(alike, None) or folders.next_generation(index, manifest)
