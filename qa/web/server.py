"""The page on a port: what it is served with, and what is said when it cannot be."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from index_store.errors import IndexStoreError
from qa.errors import QAError
from qa.web.assets import favicon, head
from qa.web.guard import Guard, bracketed, is_private
from qa.web.library import Library, stocked

if TYPE_CHECKING:
    import gradio as gr

    from qa import Assistant


class ServeError(QAError):
    """The page cannot be served at this address."""


def serve(open_assistant: Callable[[], Assistant], *, host: str, port: int) -> None:
    """Open the assistant, serve the page, print its address, and return when interrupted.

    An index that cannot be opened does not keep the page away: the page says why, and tries again.
    """
    _claim(host, port)  # before an index is built that nobody could then ask
    library = Library(open_assistant)
    try:
        with library.lent() as assistant:
            stocked(assistant)
    except IndexStoreError as error:
        sys.stderr.write(f"{library.explain(error)}\n")
    blocks = launch(library, host=host, port=port)
    if not is_private(host):
        sys.stderr.write(f"Anyone who can reach port {port} of {host} can read the indexed documents.\n")
    sys.stdout.write(f"Footnote is at {blocks.local_url} (Ctrl+C stops it)\n")
    sys.stdout.flush()
    try:
        library.warm()
        while blocks.is_running:
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        blocks.close(verbose=False)


def launch(library: Library, *, host: str, port: int) -> gr.Blocks:
    """The page, being served in the background. `ServeError` if the address cannot be had."""
    _claim(host, port)
    # Not telemetry, which index_store.silence switches off: after every call Gradio sums up all calls so
    # far, for a dashboard that we don't serve.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(sys.maxsize))
    from qa.web.page import Page

    blocks = Page(library).blocks
    blocks.launch(
        server_name=bracketed(host),
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        **_options(host),
    )
    return blocks


def _options(host: str) -> dict[str, Any]:
    """Our look and our headers, and nothing of what Gradio would add to a page."""
    from starlette.middleware import Middleware

    from qa.web.headers import SecurityHeaders
    from qa.web.theme import theme
    from qa.web.visitor import Reception

    return {
        "theme": theme(),
        "head": head(),
        "favicon_path": favicon(),
        "app_kwargs": {
            "middleware": [Middleware(SecurityHeaders), Middleware(Guard, host), Middleware(Reception)]
        },
        "share": False,
        "ssr_mode": False,
        "run_history": False,
        "enable_monitoring": False,
        "footer_links": [],
    }


def _claim(host: str, port: int) -> None:
    """`ServeError` unless something could listen at the address now."""
    if not 1 <= port <= 65535:  # 0 would be any free port, which Gradio does not tell us
        raise ServeError(f"There is no port {port}. Choose one from 1 to 65535 with --port or QA_PORT.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise ServeError(
            f"Port {port} on {host} cannot be used: {error.strerror or error}. Stop what is running "
            "there, or choose another port with --port or QA_PORT."
        ) from error
