"""An index as one reads it: snapshots that see one version throughout."""

from __future__ import annotations

import contextlib
import dataclasses
import fnmatch
import os
import re
import shlex
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from index_store.backend import Backend, open_backend
from index_store.catalog import Catalog
from index_store.chroma import PassageStore
from index_store.embedder import Embedder, Vector, open_embedder
from index_store.errors import IndexDamagedError, IndexMissingError, UnknownSourceError, damaged
from index_store.generation import catalog_path, current
from index_store.lexical import expression
from index_store.manifest import Manifest
from index_store.resume import unfinished_documents
from index_store.settings import IndexSettings, model_cache
from index_store.types import Document, FileStatus, Hit, IndexStatus, Passage

_FILTERED_BY_CHROMA = 1000  # contents; more than that are filtered here, after an unfiltered query


_TRIES = 5

Found = TypeVar("Found")


class Snapshot:
    """One version of an index, as long as its `with` block lasts. For one thread at a time."""

    def __init__(
        self, catalog: Catalog, vectors: PassageStore, version: str, newest: Callable[[], str]
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._newest = newest
        self.version = version

    def is_current(self) -> bool:
        """Whether nobody has changed the index since this snapshot was taken."""
        return self._newest() == self.version

    def dense(self, vector: Vector, k: int, sources: Sequence[str] | None = None) -> tuple[Hit, ...]:
        """The `k` passages nearest to `vector`, scored by cosine; `sources` as `matching` gives them."""
        contents = None if sources is None else self._catalog.content_ids(sources)
        if contents is not None and len(contents) > _FILTERED_BY_CHROMA:
            contents = None
        total = self._vectors.count()
        self._require_whole(total)
        asked = k
        while True:
            found = self._vectors.query(vector, min(asked, total), contents) if total else []
            hits = self._hits(found, k, sources)
            if len(hits) == k or len(found) < asked or asked >= total:
                return hits
            asked *= 4  # vectors of passages that are not live, or not asked for, took the places

    def lexical(self, query: str, k: int, sources: Sequence[str] | None = None) -> tuple[Hit, ...]:
        """The `k` passages with the highest BM25 score for the words of `query`."""
        words = expression(query)
        return self._hits(self._catalog.match(words, k, sources), k, sources) if words else ()

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        """The stored vectors of these passages; ids without one are left out."""
        return self._vectors.vectors(ids)

    def neighbours(self, ids: Sequence[str]) -> dict[str, tuple[Passage | None, Passage | None]]:
        """For each passage, the one before and the one after it in its document; None where there is none."""
        near = self._catalog.neighbours(ids)
        found = self._catalog.passages([id for pair in near.values() for id in pair if id])
        return {id: (found.get(before or ""), found.get(after or "")) for id, (before, after) in near.items()}

    def sample(self, most: int, sources: Sequence[str] | None = None) -> tuple[Passage, ...]:
        """At most `most` passages, spread evenly over the documents; `sources` as `matching` gives them."""
        contents = None if sources is None else self._catalog.content_ids(sources)
        ids = self._catalog.passage_ids(contents)
        step = max(1, -(-len(ids) // most))
        found = self._catalog.passages(ids[::step], sources)
        return tuple(found[id] for id in ids[::step] if id in found)

    def sources(self) -> tuple[str, ...]:
        """Every document of the index, sorted."""
        return self._catalog.sources()

    def document(self, source: str) -> Document:
        """The document at `source`. Raises UnknownSourceError."""
        return self._catalog.document(source)

    def unread(self) -> tuple[int, int]:
        """How many files could not be read, and of how many."""
        failed = len(self._catalog.failures())
        return failed, failed + self._catalog.counts()[0]

    def matching(self, patterns: Sequence[str]) -> tuple[str, ...]:
        """The sources that equal one of the patterns, match it as a glob, or lie in the folder it names.

        Raises UnknownSourceError for a pattern that nothing matches.
        """
        sources = self._catalog.sources()
        chosen: set[str] = set()
        for pattern in patterns:
            match = re.compile(fnmatch.translate(pattern)).match
            folder = pattern.rstrip("/") + "/"
            found = {each for each in sources if each == pattern or match(each) or each.startswith(folder)}
            if not found:
                raise UnknownSourceError(f"No document of the index matches {pattern!r}. See: qa status")
            chosen |= found
        return tuple(sorted(chosen))

    def _require_whole(self, vectors: int) -> None:
        """A lost vector makes answers silently worse; one that a rebuild has just deleted does not."""
        _, passages = self._catalog.counts()
        if vectors < passages and self.is_current():
            raise IndexDamagedError(
                f"{passages - vectors} of {passages} passages have no vector. Run: qa doctor --repair"
            )

    def _hits(
        self, found: Sequence[tuple[str, float]], k: int, sources: Sequence[str] | None
    ) -> tuple[Hit, ...]:
        live = self._catalog.passages([id for id, _ in found], sources)
        kept = [(live[id], score) for id, score in found if id in live][:k]
        return tuple(Hit(passage, score, rank) for rank, (passage, score) in enumerate(kept, 1))


class IndexStore:
    """An index opened for questions. It sees what any process rebuilds at its next snapshot."""

    def __init__(self, backend: Backend, embedder: Embedder, settings: IndexSettings) -> None:
        self._backend = backend
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: tuple[str, PassageStore] | None = None
        self.embedder = embedder

    @classmethod
    def open(cls, index: str | os.PathLike[str], settings: IndexSettings | None = None) -> IndexStore:
        """Open the index in the folder `index`.

        Raises IndexMissingError when there is none, and IndexMismatchError when it was built with
        another model or other settings.
        """
        settings = settings or IndexSettings.from_environment()
        backend = open_backend(Path(index).expanduser().resolve(), settings.chroma_url)
        backend.refresh()
        _require_current(backend.folder)
        store = cls(backend, open_embedder(settings.embedding_model, model_cache()), settings)
        with store._catalog():
            return store

    @property
    def folder(self) -> Path:
        """The index's folder on this machine."""
        return self._backend.folder

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The index as it is now, unchanged until the `with` block ends."""
        with self._catalog() as (generation, catalog):
            version = f"{generation.name}.{catalog.version()}"
            with self._lock:
                if self._opened is None or self._opened[0] != version:
                    self._opened = (version, self._backend.vectors(generation))
                vectors = self._opened[1]
            yield Snapshot(catalog, vectors, version, self._version)

    @contextlib.contextmanager
    def reading(self, work: Callable[[Snapshot], Found]) -> Iterator[tuple[Snapshot, Found]]:
        """A snapshot, and what `work` finds in it.

        Vectors are not part of the catalog's transaction: when a rebuild commits while `work` is at it,
        it is done again on a new snapshot.
        """
        for last in (False,) * (_TRIES - 1) + (True,):
            with self.snapshot() as snapshot:
                try:
                    found = work(snapshot)
                except IndexDamagedError:
                    if last or snapshot.is_current():
                        raise
                    continue
                if last or snapshot.is_current():
                    yield snapshot, found
                    return

    def sources(self) -> tuple[str, ...]:
        """Every document of the index, sorted."""
        with self._catalog() as (_, catalog):
            return tuple(sorted(catalog.sources()))

    def document(self, source: str, *, boxes: bool = False) -> Document:
        """The document at `source`, whose text all offsets count in. Raises UnknownSourceError.

        With `boxes`, also where the text of a PDF stands on its pages.
        """
        with self._catalog() as (_, catalog):
            document = catalog.document(source)
            return dataclasses.replace(document, boxes=catalog.boxes(source)) if boxes else document

    def files(self) -> tuple[FileStatus, ...]:
        """Every file that the last rebuild found, sorted by source: indexed, failed or skipped."""
        with self._catalog() as (_, catalog):
            return tuple(sorted(catalog.files(), key=lambda file: file.source))

    def status(self) -> IndexStatus:
        """What the index holds."""
        with self._catalog() as (generation, catalog):
            documents, passages = catalog.counts()
            manifest = catalog.manifest()
            return IndexStatus(
                index=str(self.folder),
                corpus=manifest.corpus,
                documents=documents,
                passages=passages,
                failed=tuple((source, reason) for source, (reason, _) in catalog.failures().items()),
                notes=catalog.notes(),
                embedding_model=manifest.embedding_model,
                version=f"{generation.name}.{catalog.version()}",
                built=catalog.changed(),
                unfinished=unfinished_documents(self.folder),
            )

    def _version(self) -> str:
        with self._catalog() as (generation, catalog):
            return f"{generation.name}.{catalog.version()}"

    def close(self) -> None:
        """Let go of the files; the store can still be used and opens them again."""
        with self._lock:
            self._opened = None

    @contextlib.contextmanager
    def _catalog(self) -> Iterator[tuple[Path, Catalog]]:
        self._backend.refresh()
        generation = _require_current(self.folder)
        try:
            with contextlib.closing(Catalog(catalog_path(generation))) as catalog:
                catalog.begin_reading()
                manifest = catalog.manifest()
                manifest.require(self._wanted(manifest), str(self.folder))
                yield generation, catalog
        except sqlite3.DatabaseError as exc:
            raise damaged(self.folder, exc) from exc

    def _wanted(self, manifest: Manifest) -> Manifest:
        return Manifest(
            manifest.corpus, self.embedder.name, self.embedder.dimension, self._settings.passage_tokens
        )


def _require_current(index: Path) -> Path:
    """The generation that serves. Raises IndexMissingError, which names what an interrupted build left."""
    generation = current(index)
    if generation is None:
        unfinished = unfinished_documents(index)
        what = (
            f"There is no index at {index} yet"
            if unfinished is None
            else f"The first build of the index at {index} is not finished; {unfinished} documents are done"
        )
        raise IndexMissingError(f"{what}. Run: qa rebuild FOLDER --index {shlex.quote(str(index))}")
    return generation
