"""The page on a port: what it is served with, and what is said when it cannot be."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from index_store.errors import IndexStoreError
from qa.web.access import Access, ServeError
from qa.web.guard import is_private
from qa.web.library import Library, stocked
from qa.web.port import Port
from qa.web.users import AuthFile

if TYPE_CHECKING:
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
    taken = Port(host, port)  # before an index is built that nobody could then ask
    library = Library(open_assistant)
    try:
        is_ready = _is_ready(library)
        page = _serve(library, taken, host, access)
        for warning in _warnings(host, port, access):
            sys.stderr.write(f"{warning}\n")
        sys.stdout.write(f"Footnote is at {taken.address} (Ctrl+C stops it)\n")
        sys.stdout.flush()
        if is_ready:
            library.warm()
        page.suggestions.prepare()
        while taken.is_open:
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        taken.close()


def _is_ready(library: Library) -> bool:
    """Whether questions can be asked; if not, stderr says why."""
    try:
        with library.lent() as assistant:
            stocked(assistant)
    except IndexStoreError as error:
        sys.stderr.write(f"{library.explain(error)}\n")
        return False
    return True


def launch(library: Library, *, host: str, port: int, access: Access = NOBODY_ELSE) -> Port:
    """The page, being served in the background. `ServeError` if the address cannot be had."""
    _require_permission(host, port, access)
    taken = Port(host, port)
    try:
        _serve(library, taken, host, access)
    except BaseException:
        taken.close()
        raise
    return taken


def _serve(library: Library, port: Port, host: str, access: Access) -> Page:
    from qa.web.application import application  # gradio takes seconds to import
    from qa.web.page import Page

    page = Page(library)
    app, gradio = application(page, host, access)
    port.serve(app, gradio.stop_event.set)
    return page


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
