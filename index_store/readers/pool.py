"""Reads many files at once, in processes of their own: a file that breaks its parser costs only itself."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from index_store.errors import DocumentError, ReaderProcessError
from index_store.readers import read, reader_of
from index_store.readers.worker import OVER_MEMORY, Limits
from index_store.types import Document

Outcome = tuple[str, Document | DocumentError]
_File = tuple[Path, str]
_AHEAD: Final = 4  # files a worker holds, so that it need not wait for the next
_MOST_WORKERS: Final = 8
_QUICK: Final = 1 << 20  # bytes
_PATIENCE: Final = 1.0  # seconds
# Not multiprocessing's own start: that would run the caller's main module again in every worker.
_START: Final = (
    "import sys; sys.path[:] = {path!r}; from index_store.readers import worker; worker.serve({call})"
)
_ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")


class ReaderPool:
    """Worker processes that turn files into documents, within `limits` for each file.

    Workers start when first needed and serve until the pool is closed; they end with this process,
    however it ends. Small text files are decoded here: that can neither hang nor crash, and costs
    less than to send them over. A pool serves one thread at a time. `while_waiting` is called every
    second while nothing comes.
    """

    def __init__(
        self,
        workers: int | None = None,
        limits: Limits | None = None,
        while_waiting: Callable[[], None] | None = None,
    ) -> None:
        self._while_waiting = while_waiting or (lambda: None)
        self._most = workers or min(_MOST_WORKERS, os.cpu_count() or 1)
        self._limits = limits or Limits()
        self._workers: list[_Worker] = []
        self._waiting: deque[_File] = deque()
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, files: Iterable[_File]) -> Iterator[Outcome]:
        """The outcome for each (path, source), as they come; files are taken in only as workers are free."""
        try:
            for path, source in files:
                if _is_quick(path):
                    yield source, _read_here(path, source, self._limits)
                    yield from self._arrived(timeout=0)
                    continue
                self._waiting.append((path, source))
                while not self._handed_out():
                    yield from self._arrived()
            while not self._handed_out() or any(worker.files for worker in self._workers):
                yield from self._arrived()
        finally:
            self._waiting.clear()
            for worker in [worker for worker in self._workers if worker.files]:
                self._end(worker)

    def close(self) -> None:
        """End all workers at once."""
        for worker in list(self._workers):
            self._end(worker)
        self._selector.close()

    def _handed_out(self) -> bool:
        """Whether all that waits could be given to workers."""
        while self._waiting:
            worker = min(self._workers, key=lambda worker: len(worker.files), default=None)
            if worker is None or (worker.files and len(self._workers) < self._most):
                worker = _Worker.started(self._limits)
                self._workers.append(worker)
                self._selector.register(worker.connection, selectors.EVENT_READ, worker)
            elif len(worker.files) >= _AHEAD:
                return False
            worker.take(self._waiting.popleft())
        return True

    def _arrived(self, timeout: float | None = None) -> Iterator[Outcome]:
        """What has come from the workers; without a timeout, wait until something does."""
        if not self._workers:
            return
        while not (ready := self._selector.select(_PATIENCE if timeout is None else timeout)):
            if timeout is not None:
                return
            self._while_waiting()
        for key, _ in ready:
            worker: _Worker = key.data
            try:
                reply = worker.connection.recv()
            except (EOFError, OSError):
                yield from self._lost(worker)
                continue
            if reply is None:
                worker.ready = True
                continue
            _, source = worker.files.popleft()
            if reply.tired:
                self._waiting.extendleft(reversed(worker.files))
                self._end(worker)
            yield source, reply.outcome

    def _lost(self, worker: _Worker) -> Iterator[Outcome]:
        """A worker has ended: it was the first of its files, the others are read by another one."""
        status = worker.process.wait()
        files = worker.files.copy()
        self._end(worker)
        if not worker.ready:
            raise ReaderProcessError(
                f"The process that reads files could not start (exit status {status}). "
                "What it printed above says why; then run `qa rebuild` again."
            )
        if files:
            path, source = files.popleft()
            self._waiting.extendleft(reversed(files))
            yield source, DocumentError(_reason(status, self._limits, path))

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        self._selector.unregister(worker.connection)
        worker.end()


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    files: deque[_File] = field(default_factory=deque)
    ready: bool = False

    @staticmethod
    def started(limits: Limits) -> _Worker:
        """A new process, not yet ready: files can be handed to it all the same."""
        here, there = Pipe()
        call = f"{there.fileno()}, worker.{limits!r}"
        command = [sys.executable, "-c", _START.format(path=sys.path, call=call)]
        with there:
            process = subprocess.Popen(
                command,
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=os.environ | _ONE_THREAD,
            )
        return _Worker(process, here)

    def take(self, file: _File) -> None:
        self.files.append(file)
        try:
            self.connection.send(file)
        except OSError:  # it has just ended, which the connection will tell
            return

    def end(self) -> None:
        self.files.clear()
        self.process.kill()
        self.process.wait()
        self.connection.close()


def _is_quick(path: Path) -> bool:
    reader = reader_of(path.name)
    try:
        return reader is None or (reader.is_plain and path.stat().st_size <= _QUICK)
    except OSError:
        return True


def _read_here(path: Path, source: str, limits: Limits) -> Document | DocumentError:
    try:
        return read(path, source)
    except DocumentError as exc:
        return DocumentError(*exc.args)  # without its traceback, which holds the file's bytes
    except MemoryError:
        return DocumentError(limits.too_much_memory)


def _reason(status: int, limits: Limits, path: Path) -> str:
    """Why a worker has ended, as its exit status shows."""
    if status == OVER_MEMORY:
        return limits.too_much_memory
    if status == -signal.SIGALRM:
        return f"took longer than {limits.seconds_for(path):g} s"
    return (
        f"the parser crashed (signal {-status})" if status < 0 else f"the parser ended the process ({status})"
    )
