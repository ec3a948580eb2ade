"""The web application: our doors and addresses, and behind them Gradio's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from starlette.applications import Starlette
from starlette.middleware import Middleware

from qa.web.access import Access
from qa.web.assets import favicon, head
from qa.web.desk import Desk
from qa.web.forwarded import Forwarded
from qa.web.guard import Guard
from qa.web.headers import SecurityHeaders
from qa.web.limits import Limits
from qa.web.login import Login
from qa.web.probes import Probes
from qa.web.reception import Belongings, Reception
from qa.web.sessions import Sessions
from qa.web.subpath import Subpath
from qa.web.users import AuthFile
from qa.web.visitor import visitor

if TYPE_CHECKING:
    from gradio.routes import App

    from qa.web.page import Page


def application(page: Page, host: str, access: Access) -> tuple[Starlette, App]:
    """What is served at `host` under these rules; and Gradio's own application inside it."""
    upload_bytes = access.upload_megabytes * 2**20
    sessions = Sessions(AuthFile(access.auth_file)) if access.auth_file else None
    login = Login(sessions) if sessions else None
    app = Starlette(
        middleware=_middleware(host, access, sessions),
        routes=[
            *(login.routes() if login else ()),
            *Probes(page.library, login).routes(),
            *Desk(page.library, page.renderer, page.suggestions, upload_bytes).routes(),
        ],
    )
    return app, _mounted(app, page, access, signing_in=login is not None)


def _middleware(host: str, access: Access, sessions: Sessions | None) -> list[Middleware]:
    """The doors that a request goes through, the outermost first."""
    return [
        Middleware(SecurityHeaders),
        Middleware(Forwarded, access.trusted_proxies),
        Middleware(Subpath, access.root_path),
        Middleware(Guard, "" if access.trusted_proxies else host),
        Middleware(Reception, sessions, access.proxied),
        Middleware(Limits, access.requests_per_minute, access.upload_megabytes),
        Middleware(Belongings),
    ]


def _mounted(app: Starlette, page: Page, access: Access, signing_in: bool) -> App:
    """Gradio's application, mounted, with our look and nothing of what it would add to a page.

    `Blocks.launch` would serve it as well, but gives up on a machine that is too busy to answer in time.
    """
    from gradio.routes import mount_gradio_app

    from qa.web.theme import theme

    mount_gradio_app(
        cast(Any, app),  # it asks for FastAPI, and uses what that has of Starlette
        page.blocks,
        "/",
        theme=theme(),
        head=head(),
        favicon_path=favicon(),
        auth_dependency=(lambda request: visitor(request).name or None) if signing_in else None,
        root_path=access.root_path or None,
        max_file_size=access.upload_megabytes * 2**20,
        show_error=False,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        app_kwargs={"openapi_url": None},
    )
    return cast("App", cast(Any, app.routes[-1]).app)
