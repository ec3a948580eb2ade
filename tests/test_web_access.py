"""Who comes in to a page that many people share, and for how long."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gradio_client import Client
from gradio_client.exceptions import AuthenticationError
from test_web_parts import ANSWER
from web_fixtures.site import PASSWORDS, Site
from web_fixtures.site import auth_file as auth_file
from web_fixtures.site import open_site as open_site
from web_fixtures.site import patience as patience
from web_fixtures.site import site as site

from qa.web import login
from qa.web.access import Access
from qa.web.sessions import EACH, LIFETIME, Sessions
from qa.web.users import AuthFile

BROWSER = {"Accept": "text/html,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/config"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/queue/data?session_hash=a"),
        ("GET", "/gradio_api/heartbeat/a"),
        ("GET", "/theme.css"),
        ("POST", "/gradio_api/call/ask"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/cancel"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/logout"),
        ("GET", "/anything"),
    ],
)
def test_a_stranger_is_told_to_sign_in(site: Site, method: str, path: str) -> None:
    reply = site.send(method, path, "{}" if method == "POST" else "")
    assert (reply.status, reply.says) == (401, "You are not signed in. Reload the page to sign in.")
    assert site.send(method, path, Cookie=f"{login.COOKIE}=guessed").status == 401


def test_a_stranger_with_a_browser_is_sent_to_sign_in(site: Site) -> None:
    reply = site.send("GET", "/", **BROWSER)
    assert (reply.status, reply.headers["Location"]) == (303, "/login")
    page = site.send("GET", "/login", **BROWSER)
    assert page.status == 200 and page.headers["Cache-Control"] == "no-store"
    assert b"<script" not in page.body and b'method="post"' in page.body


def test_signing_in_opens_the_page_and_signing_out_closes_it(site: Site) -> None:
    reply = site.sign_in("ada", **BROWSER)
    assert (reply.status, reply.headers["Location"]) == (303, "/")
    cookie = str(reply.headers["Set-Cookie"])
    assert re.fullmatch(
        rf"{login.COOKIE}=[\w-]{{43}}; HttpOnly; Max-Age={LIFETIME}; Path=/; SameSite=lax", cookie
    )
    held = {"Cookie": cookie.partition(";")[0]}
    assert site.send("GET", "/", **BROWSER, **held).status == 200
    assert site.send("GET", "/gradio_api/user", **held).body == b'"ada"'
    assert site.send("GET", "/login", **BROWSER, **held).headers["Location"] == "/"
    out = site.send("POST", "/logout", **BROWSER, **held)
    assert (out.status, out.headers["Location"]) == (303, "/login")
    assert site.send("GET", "/config", **held).status == 401


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ada", "river bank 77"),
        ("cy", "mill wheel 1802"),
        ("ada", ""),
        ("", ""),
        ("ada", "mill wheel 1802" + "x" * 80),
    ],
)
def test_a_wrong_password_is_refused_and_said_so(site: Site, name: str, password: str) -> None:
    reply = site.sign_in(name, password, X_Test="1")
    assert (reply.status, reply.says) == (401, login.WRONG)
    assert "Set-Cookie" not in reply.headers


def test_the_form_keeps_the_name_and_escapes_it(site: Site) -> None:
    reply = site.sign_in('<i>"eve"', "no such password", **BROWSER)
    assert reply.status == 401
    assert b'value="&lt;i&gt;&#34;eve&#34;"' in reply.body and b"<i>" not in reply.body
    assert login.WRONG.encode() in reply.body


def test_a_program_signs_in_as_gradio_clients_do(site: Site) -> None:
    address = f"http://127.0.0.1:{site.port}"
    with pytest.raises(AuthenticationError):
        Client(address, verbose=False)
    client = Client(address, auth=("ada", PASSWORDS["ada"]), verbose=False)
    assert client.predict("Who rebuilt the mill?", api_name="/ask")["text"] == ANSWER.text
    client.close()


def test_wrong_tries_are_limited_and_the_limit_is_said(
    auth_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "TRIES_PER_MINUTE", 3)
    tried = Site.over(Access(auth_file=auth_file))
    assert [tried.sign_in("ada").status for _ in range(5)] == [200] * 5
    replies = [tried.sign_in("ada", "wrong password") for _ in range(4)]
    assert [each.status for each in replies] == [401] * 3 + [429]
    assert re.fullmatch(r"Too many tries\. Wait \d+ s, then try again\.", replies[-1].says)
    assert tried.sign_in("ada").status == 429  # also for who knows it
    assert b"Too many tries" in tried.sign_in("ben", **BROWSER).body
    tried.blocks.close()


def test_a_user_who_is_removed_or_given_a_new_password_is_signed_out(tmp_path: Path) -> None:
    users = AuthFile(tmp_path / "users")
    for name in ("ada", "ben"):
        users.add(name, PASSWORDS[name])
    sessions = Sessions(users)
    ada, ben = sessions.begin("ada"), sessions.begin("ben")
    assert (sessions.name_of(ada), sessions.name_of(ben), sessions.name_of("guessed")) == ("ada", "ben", "")
    AuthFile(users.path).remove("ada")
    AuthFile(users.path).add("ben", "another password")
    assert (sessions.name_of(ada), sessions.name_of(ben)) == ("", "")


def test_a_session_ends_with_its_time_and_the_oldest_gives_way(tmp_path: Path) -> None:
    now = [0.0]
    users = AuthFile(tmp_path / "users")
    users.add("ada", PASSWORDS["ada"])
    sessions = Sessions(users, clock=lambda: now[0])
    first, *others = [sessions.begin("ada") for _ in range(EACH + 1)]
    assert [sessions.name_of(first), sessions.name_of(others[0]), sessions.name_of(others[-1])] == [
        "",
        "ada",
        "ada",
    ]
    now[0] = LIFETIME
    assert sessions.name_of(others[-1]) == ""
