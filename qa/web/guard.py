"""Who may talk to the page: the page itself and programs, but no other website in the same browser."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::\d*)?", re.IGNORECASE)


class Guard:
    """ASGI middleware that refuses what only another website, or nobody, would ask of the page.

    A website can have its own name resolved to this machine and read the page as its own (DNS
    rebinding): only the Host header tells. And it can post here unasked: only Origin tells.
    Programs send no Origin and may do all that the page may.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        """`host` is where the page is served; empty if it may be under any name."""
        self.app = app
        self.names = None if not host or _everywhere(host) else LOOPBACK | {bracketed(host).lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close"})  # which answers 403 to one that was not yet accepted
        else:
            await (refusal or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if self.names is not None and hostname(host) not in self.names:
            return PlainTextResponse("This page is not served under this name.", 403)
        changing = scope.get("method") not in READING  # a websocket has no method
        if changing and origin is not None and origin.lower().partition("://")[2] != host.lower():
            return PlainTextResponse("Only the page itself may ask this.", 403)
        return None


def bracketed(host: str) -> str:
    """`host` as it stands in an address and in a Host header: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def hostname(host: str) -> str:
    """The name in a Host header, without its port, in lower case; empty if it is none."""
    match = _HOST.fullmatch(host)
    return match[1].lower() if match else ""


def is_private(host: str) -> bool:
    """Whether only this machine can reach what is served at `host`."""
    name = host.strip("[]")
    return bracketed(name).lower() in LOOPBACK or _is(name, "is_loopback")


def _everywhere(host: str) -> bool:
    """Whether this is the address of every interface, whose names we cannot know."""
    return _is(host, "is_unspecified")


def _is(host: str, kind: str) -> bool:
    try:
        return bool(getattr(ipaddress.ip_address(host), kind))
    except ValueError:
        return False
