"""The folder of an index: one generation that serves, perhaps one that is being built beside it.

INDEX/CURRENT              the name of the generation that serves
INDEX/writer.lock          held by the process that rebuilds
INDEX/<fingerprint>-<n>/   a generation: catalog.sqlite and chroma/
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from index_store.errors import IndexLockedError, IndexMissingError
from index_store.manifest import Manifest

_POINTER = "CURRENT"


def current(index: Path) -> Path | None:
    """The generation that serves, or None when there is none yet."""
    try:
        name = (index / _POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return index / name


def require_current(index: Path) -> Path:
    """The generation that serves. Raises IndexMissingError."""
    generation = current(index)
    if generation is None:
        raise IndexMissingError(f"There is no index at {index} yet. Run: qa rebuild --index {index}")
    return generation


def catalog_path(generation: Path) -> Path:
    return generation / "catalog.sqlite"


def chroma_path(generation: Path) -> Path:
    return generation / "chroma"


def unfinished(index: Path, manifest: Manifest) -> Path:
    """Where to build a new generation: where an interrupted build of the same kind left off, else anew."""
    serving = current(index)
    left = sorted(index.glob(f"{manifest.fingerprint}-*"))
    for generation in left:
        if generation != serving:
            return generation
    return index / f"{manifest.fingerprint}-{_number(left[-1]) + 1 if left else 1}"


def switch(index: Path, generation: Path) -> None:
    """Make `generation` the one that serves, at once and for good."""
    temporary = index / f"{_POINTER}.new"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(generation.name)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(index / _POINTER)


def leftovers(index: Path, *keep: Path) -> list[Path]:
    """All generations but these: left by earlier rebuilds, whose last readers are long gone."""
    return [folder for folder in sorted(index.iterdir()) if folder.is_dir() and folder not in keep]


def discard_others(index: Path, *keep: Path) -> None:
    """Delete all generations but these."""
    for folder in leftovers(index, *keep):
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def writer_lock(index: Path, timeout: float) -> Iterator[None]:
    """Hold the right to write. Raises IndexLockedError, naming the holder, after `timeout` seconds."""
    index.mkdir(parents=True, exist_ok=True)
    lock = FileLock(index / "writer.lock")
    holder = index / "writer"
    try:
        lock.acquire(timeout=timeout)
    except Timeout as exc:
        who = holder.read_text(encoding="utf-8") if holder.is_file() else "another process"
        raise IndexLockedError(
            f"{who} is rebuilding the index at {index}. Wait until it ends, or stop it; then run: qa rebuild"
        ) from exc
    try:
        holder.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _number(generation: Path) -> int:
    return int(generation.name.rsplit("-", 1)[1])
