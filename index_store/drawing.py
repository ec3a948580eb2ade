"""The process in which pages of PDFs are drawn: what goes wrong in it costs one image."""

from __future__ import annotations

import hashlib
import io
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index_store.readers.worker import limit_memory

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

Size = tuple[float, float]
_MOST_PIXELS: Final = 16_000_000
_COMPRESSION: Final = 3  # of 9: a page of text is a third larger than at best, and there in half the time


@dataclass(frozen=True, slots=True)
class Request:
    """The image of page `number` (1-based), `width` pixels wide; without a number, the sizes of all pages.

    `sha256` is of the file as it was indexed.
    """

    path: Path
    sha256: str
    number: int = 0
    width: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is drawn: the file is another one by now, or cannot be drawn."""

    reason: str
    changed: bool = False


Reply = bytes | tuple[Size, ...] | Refusal


def serve(descriptor: int, seconds: float, memory: int) -> None:
    """Answer each Request on the connection with a Reply, until the other side is gone.

    Time is kept by the kernel: its alarm ends the process, whatever the renderer is doing.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    limit_memory(memory)
    connection: Connection = Connection(descriptor)
    desk = _Desk()
    while True:
        try:
            request = connection.recv()
            signal.setitimer(signal.ITIMER_REAL, seconds)
            reply = desk.answer(request)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send(reply)
        except (EOFError, OSError):
            return


class _Desk:
    """Draws from the file that was asked for last, which it keeps open."""

    def __init__(self) -> None:
        self._key: tuple[Path, str, int, int] | None = None
        self._open: PdfDocument | None = None

    def answer(self, request: Request) -> Reply:
        from pypdfium2 import PdfiumError

        try:
            document = self._document(request)
            if isinstance(document, Refusal):
                return document
            return _image(document, request) if request.number else _sizes(document)
        except (PdfiumError, MemoryError, OSError, ValueError, IndexError) as exc:
            return Refusal(str(exc) or type(exc).__name__)

    def _document(self, request: Request) -> PdfDocument | Refusal:
        """The file, opened; it is hashed again whenever its size or time of change is another."""
        from pypdfium2 import PdfDocument

        status = request.path.stat()
        key = (request.path, request.sha256, status.st_size, status.st_mtime_ns)
        if self._open is None or key != self._key:
            with request.path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != request.sha256:
                    return Refusal("The file has changed since it was indexed.", changed=True)
            if self._open is not None:
                self._open.close()
            self._key, self._open = key, PdfDocument(request.path)
            self._open.init_forms()
        return self._open


def _sizes(document: PdfDocument) -> tuple[Size, ...]:
    return tuple(document.get_page_size(index) for index in range(len(document)))


def _image(document: PdfDocument, request: Request) -> bytes:
    page = document[request.number - 1]
    width, height = page.get_size()
    scale = request.width / width
    scale = min(scale, (_MOST_PIXELS / (width * height)) ** 0.5)
    image = page.render(scale=scale).to_pil()
    page.close()
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=_COMPRESSION)
    return out.getvalue()
