"""The files of a corpus, as they stand on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index_store.errors import CorpusError
from index_store.readers import READERS
from index_store.settings import CorpusPath, corpus_paths


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file: `source` is its path below the corpus root, with `/`; size in bytes."""

    source: str
    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """The root that sources are relative to, and the files in order of source."""

    root: Path
    files: tuple[CorpusFile, ...]


def scan(corpus: CorpusPath) -> Corpus:
    """Walk the corpus: one folder, or one or more files. Hidden files and foreign types are passed over.

    Raises CorpusError when a path does not exist.
    """
    paths = corpus_paths(corpus)
    for path in paths:
        if not path.exists():
            raise CorpusError(
                f"There is nothing at {path}. Name a folder or file that exists: qa rebuild PATH"
            )
    if len(paths) == 1 and paths[0].is_dir():
        root, found = paths[0], _walk(paths[0])
    else:
        root, found = _common_folder(paths), iter(paths)
    return Corpus(root, tuple(sorted((_stat(root, path) for path in found), key=lambda file: file.source)))


def corpus_root(corpus: CorpusPath) -> Path:
    """The folder that sources are relative to."""
    paths = corpus_paths(corpus)
    return paths[0] if len(paths) == 1 and not paths[0].is_file() else _common_folder(paths)


def _common_folder(paths: tuple[Path, ...]) -> Path:
    for path in paths:
        if path.is_dir():
            raise CorpusError(f"{path} is a folder among several paths. Give one folder, or files only.")
    return Path(os.path.commonpath([path.parent for path in paths]))


def _walk(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path))
            elif Path(entry.name).suffix.lower() in READERS and entry.is_file():
                yield Path(entry.path)


def _stat(root: Path, path: Path) -> CorpusFile:
    stat = path.stat()
    return CorpusFile(path.relative_to(root).as_posix(), path, stat.st_size, stat.st_mtime_ns)
