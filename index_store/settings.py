"""How an index is built, and where things are kept."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from index_store.errors import SettingsError
from index_store.weights import DEFAULT_MODEL

CorpusPath = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What an index is built with, and the Chroma server that holds it, if any.

    `passage_tokens` is the most tokens a passage's own text may have.
    """

    embedding_model: str = DEFAULT_MODEL
    passage_tokens: int = 200
    chroma_url: str | None = None

    def __post_init__(self) -> None:
        if self.passage_tokens < 16:
            raise SettingsError(f"passage_tokens is {self.passage_tokens}; give 16 or more.")

    @classmethod
    def from_environment(cls) -> IndexSettings:
        """What `QA_EMBEDDING_MODEL` and `QA_CHROMA_URL` say, defaults for the rest."""
        return cls(
            embedding_model=os.environ.get("QA_EMBEDDING_MODEL") or DEFAULT_MODEL,
            chroma_url=os.environ.get("QA_CHROMA_URL") or None,
        )


def index_folder(
    corpus: CorpusPath, index: str | os.PathLike[str] | None, chroma_url: str | None = None
) -> Path:
    """The index's folder: `index` itself, else `$QA_INDEX`, else a folder of its own per corpus.

    With a Chroma server it is this machine's copy of what is needed beside the vectors; the folder's
    name is the index's name on the server, `footnote` by default, whatever the corpus.
    """
    chosen = index or os.environ.get("QA_INDEX")
    if chosen:
        return Path(chosen).expanduser().resolve()
    if chroma_url:
        server = re.sub(r"[^\w.-]+", "-", chroma_url)
        return Path(user_cache_path("footnote", appauthor=False)) / "servers" / server / "footnote"
    paths = sorted(str(path) for path in corpus_paths(corpus))
    digest = hashlib.sha256("\0".join(paths).encode("utf-8", "surrogateescape")).hexdigest()[:10]
    stem = re.sub(r"[^\w.-]+", "-", Path(paths[0]).name) or "root"
    return Path(user_data_path("footnote", appauthor=False)) / "indexes" / f"{stem}-{digest}"


def corpus_paths(corpus: CorpusPath) -> tuple[Path, ...]:
    """The corpus as absolute paths: one folder, or one or more files."""
    given = [corpus] if isinstance(corpus, (str, os.PathLike)) else list(corpus)
    if not given:
        raise SettingsError("The corpus is empty: name a folder or at least one file.")
    return tuple(Path(path).expanduser().resolve() for path in given)


def model_cache() -> Path:
    """Where exported models are kept, for all indexes of this user."""
    return Path(user_cache_path("footnote", appauthor=False)) / "models"


def attic() -> Path:
    """Where files go that are taken out of a corpus, for all corpora of this user."""
    return Path(user_data_path("footnote", appauthor=False)) / "removed"
