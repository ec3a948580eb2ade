"""Vectors in Chroma, in the shape that llama-index's ChromaVectorStore reads and writes."""

from __future__ import annotations

import contextlib
import functools
import os
import weakref
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from index_store.embedder import Vector
from index_store.errors import IndexDamagedError, SettingsError, StoreUnavailableError
from index_store.node import node_metadata
from index_store.types import Passage

COLLECTION = "passages"
_CONFIGURATION: Any = {"hnsw": {"space": "cosine", "ef_search": 200}}
_SILENT: Any = {"anonymized_telemetry": False, "chroma_otel_collection_endpoint": ""}
_PAGE = 200  # records in one request
_BATCH = 5000  # below Chroma's limit for one call on every platform


class PassageStore(Protocol):
    """Passages by vector. Ids that are not there are passed over."""

    def upsert(self, passages: Sequence[Passage], content_ids: Sequence[str], vectors: Vector) -> None:
        """Store each passage with its vector and the identity of its document's content."""

    def rename(self, passages: Sequence[Passage], content_ids: Sequence[str]) -> None:
        """Give passages that are there already the source and title they have now."""

    def delete(self, ids: Sequence[str]) -> None:
        """Remove these passages."""

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        """The stored vectors of these passages."""

    def query(
        self, vector: Vector, n: int, content_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Ids and cosines of the `n` nearest passages, nearest first, of these contents alone if given."""

    def ids(self) -> list[str]:
        """The ids of all passages."""

    def count(self) -> int:
        """The number of passages."""


class ChromaStore:
    """A Chroma collection as a PassageStore. `place` is named in errors."""

    def __init__(self, collection: Any, place: str) -> None:
        self._collection = collection
        self._place = place

    @classmethod
    def embedded(cls, folder: Path) -> ChromaStore:
        """Open the collection in `folder`, seeing all that any process has written until now."""
        from chromadb.api import ServerAPI
        from chromadb.api.models.Collection import Collection
        from chromadb.config import Settings, System

        folder.mkdir(parents=True, exist_ok=True)
        # A system of its own: the one that Chroma shares among the clients of a path keeps its vectors
        # in memory and does not see what other processes wrote since.
        system = System(Settings(is_persistent=True, persist_directory=str(folder), **_SILENT))
        with _translated(str(folder)):
            server: Any = system.instance(ServerAPI)  # type: ignore[type-abstract]  # as Chroma does
            system.start()
            model = server.get_or_create_collection(COLLECTION, configuration=_CONFIGURATION)
        store = cls(Collection(client=server, model=model, embedding_function=None), str(folder))
        weakref.finalize(store, system.stop)
        return store

    def upsert(self, passages: Sequence[Passage], content_ids: Sequence[str], vectors: Vector) -> None:
        for part in _parts(len(passages)):
            with _translated(self._place):
                self._collection.upsert(
                    ids=[passage.id for passage in passages[part]],
                    embeddings=vectors[part],
                    documents=[passage.text for passage in passages[part]],
                    metadatas=list(map(node_metadata, passages[part], content_ids[part])),
                )

    def rename(self, passages: Sequence[Passage], content_ids: Sequence[str]) -> None:
        for part in _parts(len(passages)):
            with _translated(self._place):
                self._collection.update(
                    ids=[passage.id for passage in passages[part]],
                    metadatas=list(map(node_metadata, passages[part], content_ids[part])),
                )

    def delete(self, ids: Sequence[str]) -> None:
        for part in _parts(len(ids)):
            with _translated(self._place):
                self._collection.delete(ids=list(ids[part]))

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        found: dict[str, Vector] = {}
        for part in _parts(len(ids)):
            with _translated(self._place):
                got = self._collection.get(ids=list(ids[part]), include=["embeddings"])
            found |= zip(got["ids"], np.asarray(got["embeddings"], np.float32), strict=True)
        return found

    def query(
        self, vector: Vector, n: int, content_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        where = None if content_ids is None else {"document_id": {"$in": list(content_ids)}}
        with _translated(self._place):
            got = self._collection.query(
                query_embeddings=[vector], n_results=n, where=where, include=["distances"]
            )
        return [(id, 1.0 - distance) for id, distance in zip(got["ids"][0], got["distances"][0], strict=True)]

    def ids(self) -> list[str]:
        found: list[str] = []
        while True:
            with _translated(self._place):
                page = self._collection.get(include=[], limit=_BATCH, offset=len(found))["ids"]
            found += page
            if len(page) < _BATCH:
                return found

    def count(self) -> int:
        with _translated(self._place):
            return int(self._collection.count())


@dataclass(frozen=True, slots=True)
class Record:
    """A text with a few numbers and words beside it."""

    id: str
    text: str
    metadata: Mapping[str, str | int | float]


class ChromaRecords:
    """A collection used as a small table of records, without vectors that mean anything."""

    def __init__(self, collection: Any, place: str) -> None:
        self._collection = collection
        self._place = place

    def get(self, id: str) -> Record | None:
        with _translated(self._place):
            return next(iter(_records(self._collection.get(ids=[id]))), None)

    def newer_than(self, number: int) -> list[Record]:
        """The records whose metadata `number` is greater."""
        found: list[Record] = []
        while True:
            with _translated(self._place):
                page = _records(
                    self._collection.get(where={"number": {"$gt": number}}, limit=_PAGE, offset=len(found))
                )
            found += page
            if len(page) < _PAGE:
                return found

    def upsert(self, records: Sequence[Record]) -> None:
        for at in range(0, len(records), _PAGE):
            page = records[at : at + _PAGE]
            with _translated(self._place):
                self._collection.upsert(
                    ids=[record.id for record in page],
                    documents=[record.text for record in page],
                    metadatas=[dict(record.metadata) for record in page],
                    embeddings=[[1.0]] * len(page),
                )

    def delete(self, ids: Sequence[str]) -> None:
        with _translated(self._place):
            self._collection.delete(ids=list(ids))


class ChromaServer:
    """A Chroma server, or Chroma Cloud with `CHROMA_API_KEY`, `CHROMA_TENANT` and `CHROMA_DATABASE`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._collections: dict[str, Any] = {}

    def passages(self, name: str) -> ChromaStore:
        return ChromaStore(self._collection(name, _CONFIGURATION), self.url)

    def records(self, name: str) -> ChromaRecords:
        return ChromaRecords(self._collection(name, None), self.url)

    def delete_collections(self, prefix: str, keep: Set[str]) -> None:
        """Delete the collections whose name begins with `prefix`, but those in `keep`."""
        with _translated(self.url):
            for collection in self._client.list_collections():
                if collection.name.startswith(prefix) and collection.name not in keep:
                    self._client.delete_collection(collection.name)
                    self._collections.pop(collection.name, None)

    def _collection(self, name: str, configuration: Any) -> Any:
        if name not in self._collections:
            with _translated(self.url):
                self._collections[name] = self._client.get_or_create_collection(
                    name, configuration=configuration, embedding_function=None
                )
        return self._collections[name]

    @functools.cached_property
    def _client(self) -> Any:
        import chromadb
        from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings

        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                f"QA_CHROMA_URL is {self.url!r}. Give an address such as http://localhost:8000"
            )
        key = os.environ.get("CHROMA_API_KEY")
        return chromadb.HttpClient(
            host=parts.hostname,
            port=parts.port or (443 if parts.scheme == "https" else 8000),
            ssl=parts.scheme == "https",
            headers={"x-chroma-token": key} if key else None,
            tenant=os.environ.get("CHROMA_TENANT", DEFAULT_TENANT),
            database=os.environ.get("CHROMA_DATABASE", DEFAULT_DATABASE),
            settings=Settings(**_SILENT),
        )


@functools.cache
def chroma_server(url: str) -> ChromaServer:
    """The server at `url`: one for the process, whose connections all indexes share."""
    return ChromaServer(url)


def _records(got: Any) -> list[Record]:
    return [
        Record(id, text, metadata)
        for id, text, metadata in zip(got["ids"], got["documents"], got["metadatas"], strict=True)
    ]


def _parts(length: int) -> Iterator[slice]:
    return (slice(start, start + _BATCH) for start in range(0, length, _BATCH))


@contextlib.contextmanager
def _translated(place: str) -> Iterator[None]:
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except (httpx.HTTPError, ValueError) as exc:  # Chroma's client wraps a refused connection in ValueError
        raise StoreUnavailableError(
            f"The Chroma server at {place} cannot be reached: {exc}. Start it, or correct QA_CHROMA_URL."
        ) from exc
    except (ChromaError, OSError) as exc:
        raise IndexDamagedError(
            f"The vector store at {place} cannot be used: {exc}. Make room if the disk is full; if it is "
            "damaged, run: qa rebuild --full"
        ) from exc
