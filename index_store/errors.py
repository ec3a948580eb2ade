"""Everything that can go wrong with an index. Each message ends in what to do next."""

from __future__ import annotations

import shlex
from pathlib import Path


class IndexStoreError(Exception):
    """The root of every error that `index_store` raises on purpose."""


class CorpusError(IndexStoreError):
    """The corpus path does not exist, cannot be read, or holds the index."""


class DocumentError(IndexStoreError):
    """One file could not be read as a document; the message is the reason alone."""


class ReaderProcessError(IndexStoreError):
    """The processes that read files cannot be started."""


class IndexMissingError(IndexStoreError):
    """There is no index at this path yet."""


class IndexMismatchError(IndexStoreError):
    """The index was built from another corpus, or with another model, chunker or format."""


class IndexWriteError(IndexStoreError):
    """The index cannot be written: the disk is full, or the folder is not ours to write."""


class IndexLockedError(IndexStoreError):
    """Another process is rebuilding this index."""


class RebuildCancelledError(IndexStoreError):
    """For a progress callback to raise: the rebuild ends, what it has done stays, the next one goes on."""

    def __init__(
        self, message: str = "The rebuild was stopped. What is done is kept. To go on, run: qa rebuild"
    ) -> None:
        super().__init__(message)


class IndexDamagedError(IndexStoreError):
    """A part of the index is missing or unreadable."""


def damaged(index: Path, fault: Exception) -> IndexDamagedError:
    """The error for an index whose catalog SQLite cannot read."""
    return IndexDamagedError(
        f"The catalog of the index at {index} is damaged: {fault}. "
        f"Run: qa rebuild FOLDER --full --index {shlex.quote(str(index))}"
    )


class StoreUnavailableError(IndexStoreError):
    """The Chroma server does not answer."""


class EmbeddingModelError(IndexStoreError):
    """The embedding model cannot be loaded, or its weights are not the official ones."""


class UnknownSourceError(IndexStoreError):
    """No document of the index has this source."""


class OriginalMissingError(IndexStoreError):
    """The file that a document was read from is not on this machine."""


class DocumentChangedError(IndexStoreError):
    """The file that a document was read from is another one by now."""


class PageError(IndexStoreError):
    """A page cannot be drawn; the message is the reason alone."""


class SettingsError(IndexStoreError):
    """A setting or environment variable has a value that cannot be used."""
