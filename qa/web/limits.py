"""How much one visitor may ask for: how often, and how large."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from qa.web.guard import READING
from qa.web.visitor import UPLOAD, Visitor, route

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MESSAGE_BYTES = 4 * 2**20
"""How large a request is that brings no files: a question, or a conversation."""

FILES = 10
"""How many files of the largest size one upload may bring."""

ARRIVAL = "/documents/file"
"""Where the Documents panel sends one file at a time."""

REMEMBERED = 10_000


class Rate:
    """A token bucket for each key: `per_minute` at once, and refilled at that rate."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when counted

    def wait(self, key: str) -> int:
        """Take a token of this key: 0, or the seconds until there is one."""
        with self._lock:
            now = self._clock()
            tokens, counted = self._buckets.pop(key, (float(self.per_minute), now))
            tokens = min(float(self.per_minute), tokens + (now - counted) * self.per_minute / 60)
            self._buckets[key] = (tokens - 1 if tokens >= 1 else tokens, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        return 0 if tokens >= 1 else math.ceil((1 - tokens) * 60 / self.per_minute)

    def give_back(self, key: str) -> None:
        """Undo one `wait` of this key."""
        with self._lock:
            if key in self._buckets:
                tokens, counted = self._buckets[key]
                self._buckets[key] = (tokens + 1, counted)


def payer(who: Visitor) -> str:
    """In whose name a request counts: the user's, else the address's, of which an IPv6 network is one."""
    if who.name:
        return f"user {who.name}"
    try:
        found = ipaddress.ip_address(who.address)
    except ValueError:
        return who.address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else who.address


class Limits:
    """ASGI middleware that refuses what is too large (413) and what comes too often (429).

    What only reads is not counted. Nor is who sits at this machine and needs not sign in.
    """

    def __init__(self, app: ASGIApp, requests_per_minute: int, upload_megabytes: int) -> None:
        self.app = app
        self.rate = Rate(requests_per_minute)
        megabytes = upload_megabytes * 2**20
        self.limits = {UPLOAD: megabytes * FILES, ARRIVAL: megabytes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changing = scope["type"] == "http" and scope["method"] not in READING
        refusal = (self._too_large(scope) or self._too_often(scope)) if changing else None
        await (refusal or self.app)(scope, receive, send)

    def _too_large(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers:
            return refused(411, "Say how long the request is, with Content-Length.")
        length = headers.get("content-length", "0")
        limit = self.limits.get(route(scope).rstrip("/"), MESSAGE_BYTES)
        if length.isascii() and length.isdigit() and int(length) <= limit:
            return None
        return refused(413, f"This is too large: at most {limit // 2**20} MB are taken at once.")

    def _too_often(self, scope: Scope) -> JSONResponse | None:
        who: Visitor = scope["state"]["visitor"]
        wait = 0 if who.local and not who.name else self.rate.wait(payer(who))
        if wait == 0:
            return None
        response = refused(
            429,
            f"That was more than {self.rate.per_minute} requests in a minute. Ask again in {wait} s.",
        )
        response.headers["Retry-After"] = str(wait)
        return response


def refused(status: int, why: str) -> JSONResponse:
    """A refusal as the page understands it: Gradio shows `detail` or `error`, as the endpoint has it."""
    return JSONResponse({"detail": why, "error": why}, status)
