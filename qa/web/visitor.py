"""Who sends a request, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from qa.web.guard import hostname, is_private

if TYPE_CHECKING:
    import gradio as gr
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

UPLOAD = "/gradio_api/upload"
RELAYED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers that only a proxy sends: whoever asks is then not where the connection comes from."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever sent a request. `name` is empty unless they signed in."""

    name: str = ""
    address: str = ""
    local: bool = False
    """Whether they sit at this machine, as far as a connection can tell."""

    @property
    def may_change_corpus(self) -> bool:
        """Whether they may upload, delete and rebuild: signed in, or at this machine."""
        return bool(self.name) or self.local


def visitor(request: gr.Request | Request) -> Visitor:
    """Who sent this request; nobody who may do anything when the page is served without `Reception`."""
    state = getattr(request, "state", None)
    found = getattr(state, "visitor", None)
    return found if isinstance(found, Visitor) else Visitor()


def may_change_corpus(request: gr.Request | Request) -> bool:
    """Whether this request may upload, delete and rebuild. Ask it at the server, at every such event."""
    return visitor(request).may_change_corpus


class Reception:
    """ASGI middleware that notes at each request who sent it, for `visitor`, and takes files from those alone
    who may change the corpus.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            who = Visitor(address=address(scope), local=is_local(scope))
            scope.setdefault("state", {})["visitor"] = who
            if route(scope).rstrip("/") == UPLOAD and not who.may_change_corpus:
                await JSONResponse({"detail": "Sign in to add documents."}, 403)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def route(scope: Scope) -> str:
    """The path that a request asks for, below the root path if the page has one."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] if root and f"{path}/".startswith(f"{root}/") else path


def address(scope: Scope) -> str:
    """The address that a request comes from."""
    client = scope.get("client")
    return client[0] if client else ""


def is_local(scope: Scope) -> bool:
    """Whether a request comes straight from this machine and asks for it by its own name."""
    headers = Headers(scope=scope)
    relayed = any(name in headers for name in RELAYED)
    return not relayed and is_private(address(scope)) and is_private(hostname(headers.get("host", "")))
