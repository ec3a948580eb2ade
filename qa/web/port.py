"""An address of this machine: taken before there is anything to serve, and then served at."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from qa.web.access import ServeError
from qa.web.guard import bracketed

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

PARTING = 2
"""Seconds that an answer on its way has left when serving ends."""


class Port:
    """`port` of `host`, taken at once. Serve it, then close it. `ServeError` if it cannot be had."""

    def __init__(self, host: str, port: int) -> None:
        if not 1 <= port <= 65535:  # 0 would be any free port, which nobody would know
            raise ServeError(f"There is no port {port}. Choose one from 1 to 65535 with --port or QA_PORT.")
        name = "localhost" if host in ("0.0.0.0", "::") else host
        self.address = f"http://{bracketed(name)}:{port}/"
        self._named = f"Port {port} on {host}"
        self._socket = self._bound(host, port)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is being served."""
        return self._thread is not None and self._thread.is_alive()

    def serve(self, app: ASGIApp, parting: Callable[[], None]) -> None:
        """Serve `app` in the background; returns when it answers, however long a busy machine takes.

        `parting` is called before serving ends, to tell those who listen without end.
        """
        import uvicorn

        try:
            self._socket.listen()
        except OSError as error:
            raise self._unusable(error) from error
        config = uvicorn.Config(
            app, log_level="warning", proxy_headers=False, timeout_graceful_shutdown=PARTING
        )
        self._server = server = uvicorn.Server(config)
        self._parting = parting
        self._thread = threading.Thread(target=self._run, args=(server,), name="web", daemon=True)
        self._thread.start()
        while not server.started:
            if not self._thread.is_alive():
                raise ServeError(f"{self._named} could not be served; what was logged says why.")
            time.sleep(0.01)

    def close(self) -> None:
        """End serving, and let go of the address."""
        if self._server is not None and self._thread is not None:
            self._parting()
            self._server.should_exit = True
            self._thread.join()
        self._socket.close()

    def _run(self, server: uvicorn.Server) -> None:
        with contextlib.suppress(SystemExit):  # by which uvicorn leaves when the application does not start
            server.run([self._socket])

    def _bound(self, host: str, port: int) -> socket.socket:
        taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((host, port))
        except OSError as error:
            taken.close()
            raise self._unusable(error) from error
        return taken

    def _unusable(self, error: OSError) -> ServeError:
        return ServeError(
            f"{self._named} cannot be used: {error.strerror or error}. Stop what is running there, "
            "or choose another port with --port or QA_PORT."
        )
