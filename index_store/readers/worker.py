"""The process in which files are parsed: what goes wrong in it costs one file."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Final, NamedTuple

from index_store.errors import DocumentError
from index_store.readers import read
from index_store.types import Document

OVER_MEMORY: Final = 75  # the exit status of a worker that has grown over its limit
_MIB: Final = 1 << 20
_GLANCE: Final = 0.1  # seconds between looks at the memory in use
_TIRED: Final = 0.5  # of the memory limit: what stays in use after a file, before a fresh worker is better


@dataclass(frozen=True, slots=True)
class Limits:
    """What the parsing of one file may take: `seconds`, more of them for each MiB of the file, and bytes."""

    seconds: float = 60.0
    seconds_per_mib: float = 5.0
    memory: int = 1 << 30

    def seconds_for(self, path: Path) -> float:
        """The time allowed for this file."""
        try:
            return self.seconds + self.seconds_per_mib * (path.stat().st_size // _MIB)
        except OSError:
            return self.seconds

    @property
    def too_much_memory(self) -> str:
        """The reason when a file needs more memory than is allowed."""
        size = f"{self.memory / (1 << 30):g} GiB" if self.memory >= 1 << 30 else f"{self.memory / _MIB:g} MiB"
        return f"needed more than {size} of memory"


class Reply(NamedTuple):
    """What became of a file. A `tired` worker holds on to much memory and should be replaced."""

    outcome: Document | DocumentError
    tired: bool


def serve(descriptor: int, limits: Limits) -> None:
    """Read the files named on the connection, one after the other, until the other side is gone.

    The first message says that the worker is ready; each further one is a Reply. Time is kept by the
    kernel: its alarm ends the process, whatever the parser is doing and whether or not the parent lives.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends its workers
    connection: Connection = Connection(descriptor)
    files: SimpleQueue[tuple[Path, str]] = SimpleQueue()
    limit_memory(limits.memory)
    Thread(target=_attend, args=(connection, files, limits), daemon=True).start()
    connection.send(None)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # parsers chatter
    while True:
        path, source = files.get()
        signal.setitimer(signal.ITIMER_REAL, limits.seconds_for(path))
        outcome, failed = _outcome(path, source, limits)
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.send(Reply(outcome, failed or _resident() > _TIRED * limits.memory))


def _outcome(path: Path, source: str, limits: Limits) -> tuple[Document | DocumentError, bool]:
    """The document or the reason, and whether memory ran out."""
    try:
        return read(path, source), False
    except DocumentError as exc:
        return exc, False
    except MemoryError:
        return DocumentError(limits.too_much_memory), True


def _attend(connection: Connection, files: SimpleQueue[tuple[Path, str]], limits: Limits) -> None:
    """Take in what is to be read; end the process when the parent is gone or memory over its limit."""
    try:
        while True:
            while not connection.poll(_GLANCE):
                if _resident() > limits.memory:
                    os._exit(OVER_MEMORY)
            files.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)


def limit_memory(memory: int) -> None:
    """A bound for what is asked for at once, which is twice the one for what is in use.

    macOS does not enforce it; there, as everywhere, the looks at the memory in use do.
    """
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = _statm(0) + 2 * memory
        if hard == resource.RLIM_INFINITY or wanted <= hard:
            resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _resident() -> int:
    """The bytes of memory in use; on macOS the most that ever were."""
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return _statm(1)


def _statm(column: int) -> int:
    fields = Path("/proc/self/statm").read_bytes().split()
    return int(fields[column]) * os.sysconf("SC_PAGE_SIZE")
