"""What machines ask of the server: whether it is well, and what it has counted."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

import anyio
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qa.web.library import Library
from qa.web.limits import refused
from qa.web.login import Login
from qa.web.visitor import visitor

if TYPE_CHECKING:
    from starlette.requests import Request

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
CHALLENGE = 'Basic realm="Footnote metrics", charset="UTF-8"'


class Probes:
    """/healthz for anyone, and /metrics for who is signed in or sits at this machine.

    A program signs in to /metrics by HTTP Basic, as Prometheus does, each time it asks.
    """

    def __init__(self, library: Library, login: Login | None) -> None:
        self.library = library
        self.login = login
        self._one = anyio.CapacityLimiter(1)  # opening an index may take long: no thread waits for that

    def routes(self) -> list[Route]:
        """The two routes."""
        return [Route("/healthz", self.health), Route("/metrics", self.metrics)]

    async def health(self, _request: Request) -> Response:
        """200 if questions can be answered, else 503; nothing about what, or why."""
        shelf = await anyio.to_thread.run_sync(self.library.shelf, limiter=self._one)
        well = shelf.status is not None
        return JSONResponse({"status": "ok" if well else "unavailable"}, 200 if well else 503)

    async def metrics(self, request: Request) -> Response:
        """The counters and gauges of `Metrics`."""
        if not visitor(request).may_change_corpus and (refusal := await self._stranger(request)):
            return refusal
        shelf = await anyio.to_thread.run_sync(self.library.shelf, limiter=self._one)
        return Response(self.library.metrics.text(shelf.status), media_type=EXPOSITION)

    async def _stranger(self, request: Request) -> Response | None:
        """Why they may not read the metrics; None if they show a name and password that go together."""
        if self.login is None:
            return refused(403, "The metrics are for this machine alone, unless there is an auth file.")
        given = _basic(request.headers.get("authorization", ""))
        status, why, wait = 401, "Sign in to read the metrics.", 0
        if given is not None:
            verdict = await self.login.verdict(request, *given)
            if verdict is None:
                return None
            status, why, wait = verdict
        response = refused(status, why)
        response.headers["Retry-After" if wait else "WWW-Authenticate"] = str(wait) if wait else CHALLENGE
        return response


def _basic(authorization: str) -> tuple[str, str] | None:
    """Name and password as RFC 7617 carries them."""
    scheme, _, coded = authorization.partition(" ")
    try:
        name, colon, password = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if scheme.lower() == "basic" and colon else None
