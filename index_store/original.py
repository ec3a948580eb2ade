"""The file that a document of the index was read from."""

from __future__ import annotations

import os
from pathlib import Path

from index_store.corpus import corpus_root, name_of
from index_store.errors import CorpusError, OriginalMissingError
from index_store.settings import CorpusPath


def original(corpus: CorpusPath, source: str) -> Path:
    """Where the file at `source` is on this machine; it may have changed since it was indexed.

    `corpus` is what this machine's user named, not what the index says: an index may come from another
    machine, and must not point at other files here. Raises OriginalMissingError.
    """
    try:
        root = corpus_root(corpus)
        path = Path(os.path.realpath(root / name_of(source), strict=True))
    except (OSError, ValueError, CorpusError) as exc:
        raise _missing(source) from exc
    if not path.is_relative_to(root) or not path.is_file():
        raise _missing(source)
    return path


def _missing(source: str) -> OriginalMissingError:
    return OriginalMissingError(f"The file {source} is not on this machine, only its text is.")
