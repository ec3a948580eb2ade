"""Checks the parts of an index against each other, names each fault, and mends what can be mended."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index_store.backend import Backend, open_backend
from index_store.builder import Builder
from index_store.catalog import Catalog
from index_store.chroma import PassageStore
from index_store.chunker import embedding_text
from index_store.embedder import Embedder, open_embedder
from index_store.errors import IndexMismatchError, IndexStoreError
from index_store.generation import catalog_path, current, is_index, leftovers
from index_store.manifest import Manifest
from index_store.resume import builds, documents_done
from index_store.settings import IndexSettings, model_cache

_LOCK_SECONDS = 5.0
_SAMPLE = 64  # vectors that are computed again
_ALIKE = 0.98  # the cosine of a vector with itself, computed on another machine
REPAIR = "qa doctor --repair"
REBUILD = "qa rebuild --full"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be, and the command that mends it."""

    name: str
    detail: str
    remedy: str = REPAIR


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The faults of an index, none if it is sound, and those that a repair has mended."""

    faults: tuple[Fault, ...]
    mended: tuple[Fault, ...] = ()


def examine(index: Path, settings: IndexSettings | None = None, *, repair: bool = False) -> Diagnosis:
    """Check the index in the folder `index`; with `repair`, mend what can be mended and check again.

    Without `repair` nothing is changed. Raises IndexLockedError while a rebuild is running, and
    EmbeddingModelError when the model cannot be loaded.
    """
    settings = settings or IndexSettings.from_environment()
    doctor = _Doctor(open_backend(index, settings.chroma_url), settings)
    if not index.is_dir() or not is_index(index):
        return Diagnosis((Fault("no index", f"there is none at {index}", "qa rebuild"),))
    with doctor.backend.writer_lock(_LOCK_SECONDS):
        faults = tuple(doctor.faults())
        if not repair or all(fault.remedy != REPAIR for fault in faults):
            return Diagnosis(faults)
        doctor.repair()
        left = tuple(doctor.faults())
        return Diagnosis(left, tuple(fault for fault in faults if fault not in left))


class _Doctor:
    """Holds the writer's lock while it looks and mends."""

    def __init__(self, backend: Backend, settings: IndexSettings) -> None:
        self.backend = backend
        self._embedder: Embedder = open_embedder(settings.embedding_model, model_cache())
        self._settings = settings

    def faults(self) -> Iterator[Fault]:
        """All that is wrong; what depends on a part that cannot be opened is not looked at."""
        try:
            self.backend.refresh()
            generation = current(self.backend.folder)
            if generation is None:
                yield Fault(
                    "no index", f"{self.backend.folder} names no generation that serves", "qa rebuild"
                )
                yield from self._unfinished("qa rebuild")
                return
            if not catalog_path(generation).is_file():
                yield Fault("no catalog", f"{catalog_path(generation)} is missing", REBUILD)
                return
            yield from self._leftovers(generation)
            yield from self._unfinished(REBUILD)
            with closing(Catalog(catalog_path(generation))) as catalog:
                yield from self._in_catalog(catalog)
                yield from self._in_vectors(generation, catalog)
        except IndexMismatchError as exc:
            yield Fault("another manifest", str(exc), REBUILD)
        except (sqlite3.DatabaseError, IndexStoreError, ValueError, TypeError) as exc:
            yield Fault("cannot be opened", f"{type(exc).__name__}: {exc}", REBUILD)

    def repair(self) -> None:
        """Mend what the catalog alone allows to mend: it and the documents in it are taken as true."""
        generation = current(self.backend.folder)
        if generation is None:
            return
        self.backend.discard_others(generation, *builds(self.backend.folder))
        with closing(Catalog(catalog_path(generation))) as catalog:
            manifest = catalog.manifest()
            catalog.mend()
        with closing(Builder(self.backend, generation, manifest, self._embedder)) as builder:
            anew = any(
                fault.name == "wrong vectors" for fault in self._in_vectors(generation, builder.catalog)
            )
            builder.restore_vectors(anew)
            builder.finish()

    def _leftovers(self, generation: Path) -> Iterator[Fault]:
        for folder in leftovers(self.backend.folder, generation, *builds(self.backend.folder)):
            yield Fault("leftover generation", f"{folder} serves nobody")

    def _unfinished(self, remedy: str) -> Iterator[Fault]:
        for folder in builds(self.backend.folder):
            yield Fault("unfinished build", f"{folder} has {documents_done(folder)} documents so far", remedy)

    def _in_catalog(self, catalog: Catalog) -> Iterator[Fault]:
        manifest = catalog.manifest()
        manifest.require(
            Manifest(
                manifest.corpus, self._embedder.name, self._embedder.dimension, self._settings.passage_tokens
            ),
            str(self.backend.folder),
        )
        for name, detail in catalog.faults():
            yield Fault(name, detail, REBUILD if name in ("damaged catalog", "misquoted passage") else REPAIR)

    def _in_vectors(self, generation: Path, catalog: Catalog) -> Iterator[Fault]:
        store = self.backend.vectors(generation)
        live, stored = set(catalog.passage_ids()), set(store.ids())
        if missing := live - stored:
            yield Fault("missing vectors", f"{len(missing)} of {len(live)} passages have no vector")
        if orphans := stored - live:
            yield Fault("orphaned vectors", f"{len(orphans)} vectors belong to no passage")
        if wrong := self._wrong_vectors(store, catalog, sorted(live & stored)[:_SAMPLE]):
            yield Fault("wrong vectors", f"{wrong} of {_SAMPLE} looked at are not those of their passages")

    def _wrong_vectors(self, store: PassageStore, catalog: Catalog, ids: Sequence[str]) -> int:
        vectors = store.vectors(ids)
        texts = {
            passage.id: embedding_text(document, passage)
            for _, document, passages in catalog.contents(ids)
            for passage in passages
            if passage.id in vectors
        }
        expected = self._embedder.embed(list(texts.values()))
        return sum(
            vectors[id].shape != vector.shape or float(vectors[id] @ vector) < _ALIKE
            for id, vector in zip(texts, expected, strict=True)
        )
