"""Signing in and out: a page that needs no script, and the same for programs."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import anyio
from markupsafe import Markup
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.routing import Route

from qa.web.limits import Rate, payer, refused
from qa.web.sessions import LIFETIME, Sessions
from qa.web.visitor import visitor

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

LOGIN, LOGOUT = "/login", "/logout"
COOKIE = "footnote_session"

TRIES_PER_MINUTE = 10
FORM_BYTES = 4096

WRONG = "This name and password do not go together."

_ERROR = Markup('<p class="error" id="error" role="alert">{}</p>')
_INVALID = Markup(' aria-invalid="true" aria-describedby="error"')
_FOCUS = Markup(" autofocus")


class Login:
    """The routes to sign in and out at.

    Each address, and each name, may be wrong `TRIES_PER_MINUTE` times a minute.
    """

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.tries = Rate(TRIES_PER_MINUTE)
        self.at_once = anyio.CapacityLimiter(2)  # checking a password keeps a core busy

    def routes(self) -> list[Route]:
        """To be put before Gradio's own, which have the same names."""
        return [
            Route(LOGIN, self.show, methods=["GET"]),
            Route(LOGIN, self.sign_in, methods=["POST"]),
            Route(LOGOUT, self.sign_out, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page; who is signed in goes on to the chat."""
        if visitor(request).name:
            return _onward(request, "/")
        return page()

    async def sign_in(self, request: Request) -> Response:
        """Open a session for a right name and password; else say what is wrong, and with what to go on."""
        if int(request.headers.get("content-length", "0")) > FORM_BYTES:
            return refused(413, "This is no name and password.")
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        name, password = (form.get(field, [""])[0] for field in ("username", "password"))
        verdict = await self.verdict(request, name, password)
        if verdict is not None:
            return _again(request, name, *verdict)
        response = _onward(request, "/") if _is_browser(request) else JSONResponse({"success": True})
        _hold(request, response, self.sessions.begin(name))
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session and forget the cookie."""
        self.sessions.end(request.cookies.get(COOKIE, ""))
        response = _onward(request, LOGIN)
        response.delete_cookie(COOKIE, path=_home(request))
        return response

    async def verdict(self, request: Request, name: str, password: str) -> tuple[int, str, int] | None:
        """None if name and password go together; else the status, why, and for how many seconds to wait."""
        tries = (f"from {payer(visitor(request))}", f"as {name[:64]}")
        if wait := max([self.tries.wait(each) for each in tries]):
            return 429, f"Too many tries. Wait {wait} s, then try again.", wait
        check = self.sessions.users.check
        if not await anyio.to_thread.run_sync(check, name, password, limiter=self.at_once):
            return 401, WRONG, 0
        for each in tries:
            self.tries.give_back(each)  # who is right has all their tries again
        return None


def page(name: str = "", error: str = "", status: int = 200) -> HTMLResponse:
    """The page to sign in at, with what went wrong the last time."""
    static = resources.files("qa.web") / "static"
    style = "".join((static / f"{each}.css").read_text(encoding="utf-8") for each in ("tokens", "login"))
    html = Markup((static / "login.html").read_text(encoding="utf-8")).format(
        style=Markup(style),
        error=_ERROR.format(error) if error else "",
        name=name,
        described=_INVALID if error else "",
        focus_name="" if name else _FOCUS,
        focus_password=_FOCUS if name else "",
    )
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def _again(request: Request, name: str, status: int, why: str, wait: int) -> Response:
    response = page(name, why, status) if _is_browser(request) else refused(status, why)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _onward(request: Request, path: str) -> RedirectResponse:
    return RedirectResponse(f"{request.scope.get('root_path', '')}{path}", 303)


def _hold(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=LIFETIME,
        path=_home(request),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def _home(request: Request) -> str:
    return request.scope.get("root_path") or "/"


def _is_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
