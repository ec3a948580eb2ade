"""What a reverse proxy says of whom it speaks for, believed only of proxies that were named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers

from qa.web.visitor import address

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

SPEAKS_FOR = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers of a proxy: whoever asks is then not where the connection comes from."""

WITHHELD = frozenset({b"forwarded", b"x-real-ip", b"x-gradio-server"})
"""Headers that Gradio would believe of anyone, besides all that begin with X-Forwarded."""


class Forwarded:
    """ASGI middleware that puts in place the client, scheme and host that a trusted proxy names.

    Nothing behind it sees the headers themselves; `scope["state"]["relayed"]` tells whether there were any.
    """

    def __init__(self, app: ASGIApp, trusted: tuple[str, ...]) -> None:
        from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

        self.app = app
        behind: Any = self._without_headers
        self.believing = ProxyHeadersMiddleware(behind, list(trusted))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope.setdefault("state", {})["relayed"] = any(name in headers for name in SPEAKS_FOR)
        if address(scope) in self.believing.trusted_hosts:
            _name_host(scope, ",".join(headers.getlist("x-forwarded-host")))
        believing: Any = self.believing
        await believing(scope, receive, send)

    async def _without_headers(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["headers"] = [
            (name, value)
            for name, value in scope["headers"]
            if name not in WITHHELD and not name.startswith(b"x-forwarded-")
        ]
        await self.app(scope, receive, send)


def _name_host(scope: Scope, named: str) -> None:
    """Put the last host named in the place of the Host header: the nearest proxy named it."""
    host = named.rpartition(",")[2].strip()
    if host:
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope["headers"] = [*others, (b"host", host.encode("latin-1"))]
