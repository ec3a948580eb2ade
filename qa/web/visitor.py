"""Who sends a request, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from qa.web.guard import hostname, is_private

if TYPE_CHECKING:
    import gradio as gr
    from starlette.requests import Request
    from starlette.types import Scope

UPLOAD = "/gradio_api/upload"


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
    relayed = scope.get("state", {}).get("relayed", True)
    asked = hostname(Headers(scope=scope).get("host", ""))
    return not relayed and is_private(address(scope)) and is_private(asked)
