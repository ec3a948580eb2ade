"""The folder of an index: one generation that serves, perhaps one that is being built beside it.

INDEX/CURRENT              the name of the generation that serves
INDEX/writer.lock          held by the process that rebuilds
INDEX/<fingerprint>-<n>/   a generation: catalog.sqlite and chroma/
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from index_store.errors import IndexLockedError
from index_store.manifest import Manifest

_POINTER = "CURRENT"
_UNFINISHED = "UNFINISHED"
_NAME = re.compile(r"[0-9a-f]{8}-\d+")


def current(index: Path) -> Path | None:
    """The generation that serves, or None when there is none yet."""
    try:
        name = (index / _POINTER).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return index / name


def catalog_path(generation: Path) -> Path:
    return generation / "catalog.sqlite"


def chroma_path(generation: Path) -> Path:
    return generation / "chroma"


def next_generation(index: Path, manifest: Manifest) -> Path:
    """A folder for a new generation, which is not there yet."""
    alike = [folder for folder in _generations(index) if folder.name.startswith(manifest.fingerprint)]
    return index / f"{manifest.fingerprint}-{max(map(_number, alike), default=0) + 1}"


def unfinished(index: Path) -> list[Path]:
    """The generations that are being built, or that interrupted builds left."""
    return [folder for folder in _generations(index) if _is_unfinished(folder)]


def begin(generation: Path) -> None:
    """Make the folder of a generation that is to be built, marked as unfinished until it serves."""
    generation.mkdir(parents=True, exist_ok=True)
    (generation / _UNFINISHED).touch()


def switch(index: Path, generation: Path) -> None:
    """Make `generation` the one that serves, at once and for good."""
    temporary = index / f"{_POINTER}.new"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(generation.name)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(index / _POINTER)
    _sync_folder(index)
    (generation / _UNFINISHED).unlink(missing_ok=True)


def leftovers(index: Path, *keep: Path) -> list[Path]:
    """All generations but these: left by earlier rebuilds, whose last readers are long gone."""
    return [folder for folder in _generations(index) if folder not in keep]


def discard_others(index: Path, *keep: Path) -> None:
    """Delete all generations but these."""
    for folder in leftovers(index, *keep):
        shutil.rmtree(folder)


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


def is_index(folder: Path) -> bool:
    """Whether the folder is an index or may become one: not there, empty, or with the marks of an index."""
    if not folder.exists():
        return True
    if not folder.is_dir():
        return False
    names = {entry.name for entry in folder.iterdir()}
    return not names or bool(names & {_POINTER, "writer.lock"}) or any(map(_NAME.fullmatch, names))


def _generations(index: Path) -> list[Path]:
    if not index.is_dir():
        return []
    return [folder for folder in sorted(index.iterdir()) if folder.is_dir() and _NAME.fullmatch(folder.name)]


def _is_unfinished(generation: Path) -> bool:
    """Whether it is marked so; the mark of one that serves was left by a process killed after the switch."""
    return (generation / _UNFINISHED).exists() and generation != current(generation.parent)


def _sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power failure, where the system can do that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _number(generation: Path) -> int:
    return int(generation.name.rsplit("-", 1)[1])
