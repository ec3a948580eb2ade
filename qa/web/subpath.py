"""Where a reverse proxy shows the page: below a path of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Subpath:
    """ASGI middleware that tells what is behind it of the path, whether the proxy cuts that off or not.

    The path without its last slash leads to the page: the addresses in the page are relative to it.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app = app
        self.root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.root_path and scope["type"] in ("http", "websocket"):
            scope["root_path"] = self.root_path
            if scope["type"] == "http" and scope["path"] in ("", self.root_path):
                await RedirectResponse(self._home(scope), 308)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _home(self, scope: Scope) -> str:
        query = scope["query_string"].decode("latin-1")
        return f"{self.root_path}/{'?' if query else ''}{query}"
