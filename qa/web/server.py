"""The page on a port: what it is served with, and what is said when it cannot be."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware

from index_store.errors import IndexStoreError
from qa.web.access import Access, ServeError
from qa.web.assets import favicon, head
from qa.web.desk import Desk
from qa.web.forwarded import Forwarded
from qa.web.guard import Guard, bracketed, is_private
from qa.web.headers import SecurityHeaders
from qa.web.library import Library, stocked
from qa.web.limits import Limits
from qa.web.login import Login
from qa.web.probes import Probes
from qa.web.reception import Belongings, Reception
from qa.web.sessions import Sessions
from qa.web.users import AuthFile

if TYPE_CHECKING:
    import gradio as gr

    from qa import Assistant
    from qa.web.page import Page

NOBODY_ELSE = Access()
"""The page is for this machine alone."""


def serve(
    open_assistant: Callable[[], Assistant], *, host: str, port: int, access: Access = NOBODY_ELSE
) -> None:
    """Open the assistant, serve the page, print its address, and return when interrupted.

    An index that cannot be opened does not keep the page away: the page says why, and tries again.
    """
    _require_permission(host, port, access)
    _claim(host, port)  # before an index is built that nobody could then ask
    library = Library(open_assistant)
    try:
        with library.lent() as assistant:
            stocked(assistant)
    except IndexStoreError as error:
        sys.stderr.write(f"{library.explain(error)}\n")
    blocks = launch(library, host=host, port=port, access=access)
    for warning in _warnings(host, port, access):
        sys.stderr.write(f"{warning}\n")
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


def launch(library: Library, *, host: str, port: int, access: Access = NOBODY_ELSE) -> gr.Blocks:
    """The page, being served in the background. `ServeError` if the address cannot be had."""
    _require_permission(host, port, access)
    _claim(host, port)
    # Not telemetry, which index_store.silence switches off: after every call Gradio sums up all calls so
    # far, for a dashboard that we don't serve.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(sys.maxsize))
    os.environ["FORWARDED_ALLOW_IPS"] = ""  # uvicorn believes every proxy on this machine; see Forwarded
    from qa.web.page import Page

    page = Page(library)
    blocks = page.blocks
    blocks.launch(
        server_name=bracketed(host),
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        **_options(page, host, access),
    )
    return blocks


def _options(page: Page, host: str, access: Access) -> dict[str, Any]:
    """Our look and our doors, and nothing of what Gradio would add to a page."""
    from qa.web.theme import theme
    from qa.web.visitor import visitor

    upload_bytes = access.upload_megabytes * 2**20
    sessions = Sessions(AuthFile(access.auth_file)) if access.auth_file else None
    login = Login(sessions) if sessions else None
    return {
        "theme": theme(),
        "head": head(),
        "favicon_path": favicon(),
        "app_kwargs": {
            "middleware": _middleware(host, access, sessions),
            "routes": [
                *(login.routes() if login else ()),
                *Probes(page.library, login).routes(),
                *Desk(page.library, page.renderer, upload_bytes).routes(),
            ],
        },
        "auth_dependency": (lambda request: visitor(request).name or None) if login else None,
        "root_path": access.root_path,
        "max_file_size": upload_bytes,
        "share": False,
        "ssr_mode": False,
        "run_history": False,
        "enable_monitoring": False,
        "footer_links": [],
    }


def _middleware(host: str, access: Access, sessions: Sessions | None) -> list[Middleware]:
    """The doors that a request goes through, the outermost first."""
    return [
        Middleware(SecurityHeaders),
        Middleware(Forwarded, access.trusted_proxies),
        Middleware(Guard, "" if access.trusted_proxies else host),
        Middleware(Reception, sessions, access.proxied),
        Middleware(Limits, access.requests_per_minute, access.upload_megabytes),
        Middleware(Belongings),
    ]


def _require_permission(host: str, port: int, access: Access) -> None:
    """`ServeError` when others could come in and nobody said who may, or when nobody could sign in."""
    if access.auth_file is not None and not AuthFile(access.auth_file).names():
        raise ServeError(
            f"{access.auth_file} names nobody. Run: qa user add NAME --auth-file {access.auth_file}"
        )
    if access.auth_file is None and not access.no_auth and (access.proxied or not is_private(host)):
        raise ServeError(
            f"Others could reach port {port} of {host}. Say who may: --auth-file FILE, for whom "
            "`qa user add NAME --auth-file FILE` lets in, or --no-auth, for everyone."
        )


def _warnings(host: str, port: int, access: Access) -> Iterator[str]:
    """What whoever starts the server should know."""
    if access.no_auth and (access.proxied or not is_private(host)):
        yield f"Anyone who can reach port {port} of {host} can read the indexed documents."
    if access.auth_file is not None and access.auth_file.stat().st_mode & 0o077:
        yield f"Others on this machine can read {access.auth_file}. Run: chmod 600 {access.auth_file}"


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
