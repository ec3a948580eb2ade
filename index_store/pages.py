"""Pages of PDFs as images: drawn in a process of its own, and the last ones kept."""

from __future__ import annotations

import subprocess
import sys
import threading
import weakref
from collections import OrderedDict
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from index_store.drawing import Refusal, Reply, Request, Size
from index_store.errors import DocumentChangedError, PageError

_START: Final = "import sys; sys.path[:] = {path!r}; from index_store import drawing; drawing.serve({call})"
_MIB: Final = 1 << 20


class PageRenderer:
    """Draws pages of PDF files, one at a time, for any number of threads.

    A file that takes the drawing process more than `seconds`, or more than `memory` bytes, or ends it,
    costs its own image: the next request gets a fresh process. Images are kept up to `cache` bytes.
    """

    def __init__(self, *, seconds: float = 20.0, memory: int = 1024 * _MIB, cache: int = 64 * _MIB) -> None:
        self._seconds = seconds
        self._memory = memory
        self._cache = cache
        self._lock = threading.Lock()
        self._images: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._process: _Process | None = None

    def sizes(self, path: Path, sha256: str) -> tuple[Size, ...]:
        """Width and height of each page in points, as displayed.

        Raises DocumentChangedError if the file at `path` is no longer the one with this hash, and
        PageError if it cannot be drawn.
        """
        sizes = self._ask(Request(path, sha256))
        assert isinstance(sizes, tuple)  # a request without a page number is answered so
        return sizes

    def image(self, path: Path, sha256: str, number: int, width: int) -> bytes:
        """Page `number` (1-based) as a PNG, `width` pixels wide, or less for a page of strange proportions.

        Raises as `sizes` does, but for an image that is kept: that of the hash is shown.
        """
        key = (sha256, number, width)
        with self._lock:
            if key in self._images:
                self._images.move_to_end(key)
                return self._images[key]
        image = self._ask(Request(path, sha256, number, width))
        assert isinstance(image, bytes)
        self._keep(key, image)
        return image

    def close(self) -> None:
        """End the process; the renderer can still be used and starts another."""
        with self._lock:
            self._end()

    def _keep(self, key: tuple[str, int, int], image: bytes) -> None:
        with self._lock:
            self._images[key] = image
            while sum(map(len, self._images.values())) > self._cache:
                self._images.popitem(last=False)

    def _ask(self, request: Request) -> bytes | tuple[Size, ...]:
        with self._lock:
            reply = self._reply(request)
        if isinstance(reply, Refusal):
            raise (DocumentChangedError if reply.changed else PageError)(reply.reason)
        return reply

    def _reply(self, request: Request) -> Reply:
        self._process = self._process or _Process(self._seconds, self._memory)
        try:
            self._process.connection.send(request)
            reply: Reply = self._process.connection.recv()
        except (EOFError, OSError):
            self._end()
            return Refusal("Drawing it took too long, or crashed.")
        return reply

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


class _Process:
    """The process that draws. It ends with this object, and with the process that started it."""

    def __init__(self, seconds: float, memory: int) -> None:
        self.connection, there = Pipe()
        call = f"{there.fileno()}, {seconds}, {memory}"
        command = [sys.executable, "-c", _START.format(path=sys.path, call=call)]
        with there:
            process = subprocess.Popen(
                command, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        self.end = weakref.finalize(self, _ended, process, self.connection)


def _ended(process: subprocess.Popen[bytes], connection: Connection) -> None:
    process.kill()
    process.wait()
    connection.close()
