"""Documents into a generation: embed what is new, store it, make it live, in batches that can be cut off."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index_store.backend import Backend
from index_store.catalog import Catalog
from index_store.change import Change, NewContent, Stamp
from index_store.chroma import PassageStore
from index_store.chunker import PREFIX_TOKENS, chunk, content_id, embedding_text
from index_store.embedder import Embedder, Vector
from index_store.errors import IndexDamagedError
from index_store.generation import catalog_path
from index_store.manifest import Manifest
from index_store.progress import Meter
from index_store.types import Document

_BATCH_PASSAGES = 256  # what a killed rebuild may have to do again
_BATCH_DOCUMENTS = 1024
_STEP_PASSAGES = 64


@dataclass
class _Batch:
    contents: dict[str, NewContent] = field(default_factory=dict)
    sources: list[tuple[str, str, Stamp]] = field(default_factory=list)
    failures: list[tuple[str, str, Stamp]] = field(default_factory=list)

    @property
    def full(self) -> bool:
        passages = sum(len(content.passages) for content in self.contents.values())
        return passages >= _BATCH_PASSAGES or len(self.sources) + len(self.failures) >= _BATCH_DOCUMENTS


class Builder:
    """Writes one generation. A document is live when its batch is committed, whole, or not at all."""

    def __init__(
        self,
        backend: Backend,
        generation: Path,
        manifest: Manifest,
        embedder: Embedder,
        donor: Builder | None = None,
        meter: Meter | None = None,
    ) -> None:
        """`donor` is another generation of the same model: texts that it embedded are not embedded again."""
        generation.mkdir(parents=True, exist_ok=True)
        self._backend = backend
        self._generation = generation
        self._embedder = embedder
        self._limit = min(manifest.passage_tokens, embedder.max_tokens - PREFIX_TOKENS)
        self._batch = _Batch()
        self._renamed: set[str] = set()  # contents that may be known under another source now
        self._donor = donor
        self.catalog = Catalog.create(catalog_path(generation), manifest)
        self._meter = meter or Meter()
        self.embedded = 0

    @cached_property
    def vectors(self) -> PassageStore:
        return self._backend.vectors(self._generation)

    def add(self, document: Document, stamp: Stamp) -> None:
        """Index a document, or the new version of one."""
        identity = content_id(document.sha256, document.media_type)
        if identity not in self._batch.contents and not self.catalog.has_content(identity):
            passages = chunk(document, self._embedder.count_tokens, self._limit)
            hashes = tuple(_hash(embedding_text(document, passage)) for passage in passages)
            self._batch.contents[identity] = NewContent(identity, document, passages, hashes)
        self._batch.sources.append((document.source, identity, stamp))
        self._flush_if_full()

    def point(self, source: str, identity: str, stamp: Stamp) -> None:
        """Let `source` have a content that is live already."""
        self._batch.sources.append((source, identity, stamp))
        self._renamed.add(identity)
        self._flush_if_full()

    def fail(self, source: str, reason: str, stamp: Stamp) -> None:
        """Note that a file could not be read; what was known of it goes."""
        self._batch.failures.append((source, reason, stamp))
        self._flush_if_full()

    def relocate(self, moved: Sequence[tuple[str, str, str, Stamp]], removed: Sequence[str]) -> None:
        """Move sources (old, new, content id, stamp) and remove others, in one step."""
        if moved or removed:
            known = self.catalog.known()
            gone = (*(old for old, _, _, _ in moved), *removed)
            self._renamed |= {known[source].content_id for source in gone if source in known}
            self._write(
                sources=tuple((new, identity, stamp) for _, new, identity, stamp in moved),
                removed=(*(old for old, _, _, _ in moved), *removed),
            )

    def settle_in(self, corpus: str) -> None:
        """Note where the files are, if they are not where they were."""
        if self.catalog.manifest().corpus != corpus:
            self._write(corpus=corpus)

    def skip(self, skipped: Sequence[tuple[str, str]]) -> None:
        """Note what is left out on purpose, and why, unless it is noted already."""
        if self.catalog.skipped() != tuple(skipped):
            self._write(skipped=tuple(skipped))

    def restamp(self, stamps: Sequence[tuple[str, Stamp]]) -> None:
        """Note new times for files whose content is as it was."""
        if stamps:
            self._write(stamps=tuple(stamps))

    def finish(self) -> None:
        """Commit what is left and delete the vectors of passages that are not live."""
        self._flush()
        for identity, _, passages in self.catalog.contents(self.catalog.passage_ids(self._renamed)):
            self.vectors.rename(passages, [identity] * len(passages))
        stale = self.catalog.unsettled()
        if stale:
            self.vectors.delete(stale)
            self._write(settled=stale)

    def restore_vectors(self, anew: bool = False) -> None:
        """Compute the vectors that are missing, or with `anew` all, and delete those of no passage."""
        stored = set(self.vectors.ids())
        live = set(self.catalog.passage_ids())
        stale = stored if anew else stored - live
        self.vectors.delete(sorted(stale))
        for identity, document, passages in self.catalog.contents(sorted(live - (stored - stale))):
            vectors = self._embedder.embed([embedding_text(document, passage) for passage in passages])
            self.vectors.upsert(passages, [identity] * len(passages), vectors)

    def keep(self) -> None:
        """Commit what was read, telling nobody: of a rebuild that is being stopped.

        But no large document, which would take long: the next rebuild finds the vectors it has so far.
        """
        batch, self._meter = self._batch, Meter()
        small = {id: each for id, each in batch.contents.items() if len(each.passages) < _BATCH_PASSAGES}
        large = batch.contents.keys() - small.keys()
        self._batch = _Batch(small, [each for each in batch.sources if each[1] not in large], batch.failures)
        self._flush()

    def close(self) -> None:
        self.catalog.close()

    def _flush_if_full(self) -> None:
        if self._batch.full:
            self._flush()

    def _flush(self) -> None:
        batch = self._batch
        contents = tuple(batch.contents.values())
        if contents:
            self._write(announced=tuple(_passages(contents)))  # so that no vector is ever orphaned
            self._store(contents)
        if contents or batch.sources or batch.failures:
            self._write(contents=contents, sources=tuple(batch.sources), failures=tuple(batch.failures))
            self._batch = _Batch()
            self._meter.committed()

    def _write(self, **parts: Any) -> None:
        change = Change(datetime.now(UTC).isoformat(timespec="seconds"), **parts)
        number = self.catalog.version() + 1
        self._backend.record(self._generation, number, change)
        self.catalog.apply(change, number)

    def _store(self, contents: Sequence[NewContent]) -> None:
        """Write the vectors in steps, so that an interruption costs little and progress shows."""
        passages = [passage for content in contents for passage in content.passages]
        ids = [content.id for content in contents for _ in content.passages]
        texts = [
            embedding_text(content.document, passage) for content in contents for passage in content.passages
        ]
        known = self._known_vectors({_hash(text) for text in texts})
        for start in range(0, len(passages), _STEP_PASSAGES):
            step = slice(start, start + _STEP_PASSAGES)
            vectors = self._embed(texts[step], known)
            self.vectors.upsert(passages[step], ids[step], vectors)
            self._meter.stored(len(vectors), len(passages) - start - len(vectors))

    def _embed(self, texts: Sequence[str], known: dict[str, Vector]) -> Vector:
        """A row per text; `known` has the vectors by the hash of their text, and gains the new ones."""
        hashes = [_hash(text) for text in texts]
        new = {digest: text for digest, text in zip(hashes, texts, strict=True) if digest not in known}
        known |= zip(new, self._embedder.embed(list(new.values())), strict=True)
        self.embedded += len(new)
        return np.stack([known[digest] for digest in hashes])

    def _known_vectors(self, hashes: set[str]) -> dict[str, Vector]:
        donated: dict[str, Vector] = {}
        if self._donor:
            with contextlib.suppress(IndexDamagedError):  # what cannot be had is computed
                donated = self._donor._known_vectors(hashes)
        ids = self.catalog.embedded_as(hashes - donated.keys())
        vectors = self.vectors.vectors(list(ids.values())) if ids else {}
        return donated | {digest: vectors[id] for digest, id in ids.items() if id in vectors}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _passages(contents: Sequence[NewContent]) -> Iterator[tuple[str, str]]:
    for content in contents:
        yield from zip((passage.id for passage in content.passages), content.embedded, strict=True)
