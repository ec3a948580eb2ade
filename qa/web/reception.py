"""At the door: who comes, who has to sign in first, and whose conversation is whose."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse

from qa.web.guard import READING
from qa.web.limits import refused
from qa.web.login import COOKIE, LOGIN
from qa.web.sessions import Sessions
from qa.web.visitor import UPLOAD, Visitor, address, is_local, route

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN = frozenset({LOGIN, "/healthz", "/metrics", "/favicon.ico", "/robots.txt"})
"""What strangers are answered; /metrics has its own rule."""

CONVERSATIONS = 200
"""How many open conversations of one user are known as theirs; the oldest is let go."""


class Reception:
    """ASGI middleware that notes who sent a request, for `visitor`, and turns away who may not come in.

    Without `sessions` nobody signs in, and everyone comes in. Behind a proxy (`proxied`) nobody is taken to
    sit at this machine. Files are taken from those alone who may change the corpus.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions | None, proxied: bool) -> None:
        self.app = app
        self.sessions = sessions
        self.proxied = proxied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and self.sessions is not None:  # the page uses none
            await send({"type": "websocket.close"})
        elif scope["type"] == "http":
            who = self._who(scope)
            scope.setdefault("state", {})["visitor"] = who
            await (self._refusal(scope, who) or self.app)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _who(self, scope: Scope) -> Visitor:
        token = Request(scope).cookies.get(COOKIE, "") if self.sessions is not None else ""
        name = self.sessions.name_of(token) if self.sessions is not None and token else ""
        return Visitor(name, address(scope), not self.proxied and is_local(scope))

    def _refusal(self, scope: Scope, who: Visitor) -> Response | None:
        path = route(scope)
        if self.sessions is not None and not who.name and path.rstrip("/") not in OPEN:
            if scope["method"] in READING and "text/html" in Headers(scope=scope).get("accept", ""):
                return RedirectResponse(f"{scope.get('root_path', '')}{LOGIN}", 303)
            return refused(401, "You are not signed in. Reload the page to sign in.")
        if path.rstrip("/") == UPLOAD and not who.may_change_corpus:
            return refused(403, "Only who is signed in or sits at this machine may add documents.")
        return None


class Belongings:
    """ASGI middleware that keeps each conversation to the user who began it.

    Gradio keeps what belongs to a conversation under its `session_hash`, and gives it to whoever names that.
    Here the first user to name one owns it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._owners: dict[str, str] = {}
        self._owned: dict[str, deque[str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        who: Visitor | None = scope.get("state", {}).get("visitor")
        if scope["type"] != "http" or who is None or not who.name:
            await self.app(scope, receive, send)
            return
        named = _named(scope)
        if scope["method"] not in READING and route(scope).startswith("/gradio_api/"):
            if not _is_form(scope):
                body = await Request(scope, receive).body()
                named |= _named_in(body)
                receive = _replayed(body, receive)
            elif route(scope).rstrip("/") != UPLOAD:  # the page sends no form, in which one could be named
                await refused(415, "Send this as JSON.")(scope, receive, send)
                return
        if all(self._owns(who.name, each) for each in named):
            await self.app(scope, receive, send)
        else:
            await refused(403, "This is somebody else's conversation. Reload the page.")(scope, receive, send)

    def _owns(self, name: str, conversation: str) -> bool:
        owner = self._owners.get(conversation)
        if owner is None:
            owned = self._owned.setdefault(name, deque())
            if len(owned) >= CONVERSATIONS:
                del self._owners[owned.popleft()]
            owned.append(conversation)
            self._owners[conversation] = owner = name
        return owner == name


def _named(scope: Scope) -> set[str]:
    """The conversations that an address names: by ?session_hash=, or as its last part."""
    named = set(QueryParams(scope["query_string"]).getlist("session_hash"))
    before, _, last = route(scope).rstrip("/").rpartition("/")
    return named | {last} if before == "/gradio_api/heartbeat" else named


def _named_in(body: bytes) -> set[str]:
    try:
        message = json.loads(body)
    except ValueError:
        return set()  # Gradio refuses it as well
    named = message.get("session_hash") if isinstance(message, dict) else None
    return {named} if isinstance(named, str) else set()


def _is_form(scope: Scope) -> bool:
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("multipart/form-data", "application/x-www-form-urlencoded")


def _replayed(body: bytes, receive: Receive) -> Receive:
    """`receive` with the body that was already read; after it, whether the client has left."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Any:
        return first.pop() if first else await receive()

    return again
