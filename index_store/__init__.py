"""Documents to passages to a searchable index: `rebuild` writes it, `IndexStore` reads it."""

import index_store.silence  # noqa: F401  before the libraries that it silences
from index_store.chunker import page_at
from index_store.corpus import corpus_name
from index_store.embedder import Embedder, Vector
from index_store.errors import (
    CorpusError,
    DocumentChangedError,
    DocumentError,
    EmbeddingModelError,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexStoreError,
    IndexWriteError,
    OriginalMissingError,
    PageError,
    RebuildCancelledError,
    SettingsError,
    StoreUnavailableError,
    UnknownSourceError,
)
from index_store.original import original
from index_store.pages import PageRenderer
from index_store.rebuild import rebuild
from index_store.sentences import sentence_spans
from index_store.settings import CorpusPath, IndexSettings, corpus_paths, index_folder
from index_store.store import IndexStore, Snapshot
from index_store.types import (
    Document,
    FileStatus,
    Heading,
    Hit,
    IndexStatus,
    Page,
    PageBoxes,
    Passage,
    Progress,
    ProgressCallback,
    RebuildReport,
)
from index_store.weights import Weights, find_weights

__all__ = [
    "CorpusError",
    "CorpusPath",
    "Document",
    "DocumentChangedError",
    "DocumentError",
    "Embedder",
    "EmbeddingModelError",
    "FileStatus",
    "Heading",
    "Hit",
    "IndexDamagedError",
    "IndexLockedError",
    "IndexMismatchError",
    "IndexMissingError",
    "IndexSettings",
    "IndexStatus",
    "IndexStore",
    "IndexStoreError",
    "IndexWriteError",
    "OriginalMissingError",
    "Page",
    "PageBoxes",
    "PageError",
    "PageRenderer",
    "Passage",
    "Progress",
    "ProgressCallback",
    "RebuildCancelledError",
    "RebuildReport",
    "SettingsError",
    "Snapshot",
    "StoreUnavailableError",
    "UnknownSourceError",
    "Vector",
    "Weights",
    "corpus_name",
    "corpus_paths",
    "find_weights",
    "index_folder",
    "original",
    "page_at",
    "rebuild",
    "sentence_spans",
]
