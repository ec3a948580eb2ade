"""The page as many people meet it: who comes in, what each may do, and what none may see of another."""

from __future__ import annotations

import base64
import dataclasses
import http.client
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import pytest
from gradio_client import Client
from gradio_client.exceptions import AuthenticationError
from test_web_parts import ANSWER, STATUS, Fake, library
from web_fixtures.browsing import free_port

from qa.cli import main
from qa.types import Answer, Event
from qa.web import login, users
from qa.web.access import Access, ServeError
from qa.web.limits import MESSAGE_BYTES, Rate, payer
from qa.web.server import launch
from qa.web.sessions import EACH, LIFETIME, Sessions
from qa.web.users import AuthFile
from qa.web.visitor import Visitor

PASSWORDS = {"ada": "mill wheel 1802", "ben": "river bank 77"}
BUILT = dataclasses.replace(STATUS, built="2026-01-02T03:04:05+00:00", failed=(("a.pdf", "It is locked."),))


class Answering(Fake):
    """A fake that also answers at once."""

    def ask(self, _question: str) -> Answer:
        return ANSWER


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Hashes that cost less, and more tries than these tests take."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(users, "ROUNDS", 4)
        patched.setattr(login, "TRIES_PER_MINUTE", 1000)
        yield


@pytest.fixture(scope="module")
def auth_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("auth") / "users"
    for name, password in PASSWORDS.items():
        AuthFile(path).add(name, password)
    return path


@dataclass
class Site:
    """A page being served, and programs that ask it."""

    port: int
    blocks: Any
    held: Any
    below: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def over(cls, access: Access, fake: Any = None) -> Site:
        fake = fake or Answering(Event("answer", "", ANSWER), status=BUILT)
        blocks = launch(library(fake), host="127.0.0.1", port=free_port(), access=access)
        return cls(cast(int, urlsplit(blocks.local_url).port), blocks, fake)

    def send(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        connection.request(method, self.below + path, body or None, sent)
        response = connection.getresponse()
        reply = Reply(response.status, response.headers, response.read())
        connection.close()
        return reply

    def sign_in(self, name: str, password: str | None = None, **headers: str) -> Reply:
        form = urlencode({"username": name, "password": PASSWORDS[name] if password is None else password})
        return self.send("POST", "/login", form, Content_Type="application/x-www-form-urlencoded", **headers)

    def cookie(self, name: str) -> str:
        """The Cookie header of a user who has signed in."""
        if name not in self.cookies:
            self.cookies[name] = str(self.sign_in(name).headers["Set-Cookie"]).partition(";")[0]
        return self.cookies[name]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Any
    body: bytes

    @property
    def says(self) -> str:
        return str(json.loads(self.body)["detail"])


@pytest.fixture(scope="module")
def site(auth_file: Path) -> Iterator[Site]:
    """A page that asks who comes."""
    site = Site.over(Access(auth_file=auth_file))
    yield site
    site.blocks.close(verbose=False)


@pytest.fixture(scope="module")
def open_site() -> Iterator[Site]:
    """A page that asks nobody, and takes ten requests a minute."""
    site = Site.over(Access(no_auth=True, requests_per_minute=10, upload_megabytes=1))
    yield site
    site.blocks.close(verbose=False)


BROWSER = {"Accept": "text/html,*/*;q=0.8"}

# Who comes in


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
    tried.blocks.close(verbose=False)


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


# What each may do


def test_a_conversation_belongs_to_the_user_who_began_it(site: Site) -> None:
    ada, ben = {"Cookie": site.cookie("ada")}, {"Cookie": site.cookie("ben")}
    theirs = json.dumps({"session_hash": "hers", "data": ["Who?"], "fn_index": 0, "event_id": "e"})
    assert site.send("POST", "/gradio_api/queue/join", theirs, **ada).status == 200
    for path in ("queue/join", "cancel", "run/ask", "call/ask", "component_server", "reset"):
        for kind in ("application/json", "text/plain"):
            reply = site.send("POST", f"/gradio_api/{path}", theirs, **ben | {"Content_Type": kind})
            assert reply.status == 403 and reply.says.startswith("This is somebody else's"), path
    for path in (
        "queue/data?session_hash=hers",
        "queue/data?session_hash=own&session_hash=hers",
        "heartbeat/hers",
    ):
        assert site.send("GET", f"/gradio_api/{path}", **ben).status == 403, path
    form = b'--b\r\nContent-Disposition: form-data; name="session_hash"\r\n\r\nhers\r\n--b--\r\n'
    kind = {"Content_Type": "multipart/form-data; boundary=b"}
    assert site.send("POST", "/gradio_api/component_server", form, **ben, **kind).status == 415
    assert site.send("POST", "/gradio_api/cancel", theirs, **ada).status == 200


def upload(site: Site, content: bytes = b"A", **headers: str) -> Reply:
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    form = head + content + b"\r\n--b--\r\n"
    return site.send(
        "POST", "/gradio_api/upload", form, Content_Type="multipart/form-data; boundary=b", **headers
    )


def test_files_are_taken_from_the_signed_in(site: Site) -> None:
    assert upload(site, Cookie=site.cookie("ada")).status == 200
    assert upload(site).status == 401


def test_files_are_taken_up_to_a_size(open_site: Site) -> None:
    assert upload(open_site, b"A" * 2**20).status == 200
    assert upload(open_site, b"A" * (2**20 + 1)).status == 413
    reply = upload(open_site, b"A" * 10 * 2**20)
    assert (reply.status, reply.says) == (413, "This is too large: at most 10 MB are taken at once.")
    assert upload(open_site, Via="1.1 desk").status == 403


def test_a_question_is_taken_up_to_a_size(open_site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", open_site.port, timeout=30)
    connection.putrequest("POST", "/gradio_api/call/ask")
    connection.putheader("Content-Length", str(MESSAGE_BYTES + 1))
    connection.endheaders()
    reply = connection.getresponse()
    assert (reply.status, json.load(reply)["error"]) == (
        413,
        "This is too large: at most 4 MB are taken at once.",
    )
    connection.close()
    assert open_site.send("POST", "/gradio_api/call/ask", Transfer_Encoding="chunked").status == 411


def test_who_asks_too_often_has_to_wait(open_site: Site) -> None:
    question = json.dumps({"data": ["Who?"]})
    elsewhere = {"Via": "1.1 desk"}
    replies = [open_site.send("POST", "/gradio_api/call/ask", question, **elsewhere) for _ in range(12)]
    refused = [each for each in replies if each.status != 200]
    assert replies[-1] in refused and len(refused) <= 3
    assert re.fullmatch(
        r"That was more than 10 requests in a minute\. Ask again in [1-6] s\.", refused[-1].says
    )
    assert 1 <= int(refused[-1].headers["Retry-After"]) <= 6
    assert open_site.send("GET", "/", **elsewhere).status == 200  # reading goes on
    assert open_site.send("POST", "/gradio_api/call/ask", question).status == 200  # and so does this machine


def test_a_rate_is_kept_for_each_and_refills() -> None:
    now = [0.0]
    rate = Rate(2, clock=lambda: now[0])
    assert [rate.wait("ada"), rate.wait("ada"), rate.wait("ada"), rate.wait("ben")] == [0, 0, 30, 0]
    now[0] = 30
    assert [rate.wait("ada"), rate.wait("ada")] == [0, 30]
    now[0] = 1000
    assert [rate.wait("ada") for _ in range(3)] == [0, 0, 30]


def test_users_and_networks_pay_for_their_requests() -> None:
    assert payer(Visitor("ada", "192.0.2.7")) == "user ada"
    assert payer(Visitor("", "192.0.2.7")) == "192.0.2.7"
    assert payer(Visitor("", "2001:db8::1:2")) == payer(Visitor("", "2001:db8::9")) == "2001:db8::/64"


# What machines ask


def test_health_is_told_to_anyone_and_tells_nothing_else(site: Site) -> None:
    assert (site.send("GET", "/healthz").status, site.send("GET", "/healthz").body) == (
        200,
        b'{"status":"ok"}',
    )
    documents, site.held.shelf = site.held.shelf, dataclasses.replace(BUILT, documents=0)
    reply = site.send("GET", "/healthz")
    site.held.shelf = documents
    assert (reply.status, reply.body) == (503, b'{"status":"unavailable"}')


def test_metrics_count_questions_and_tell_of_the_index(site: Site) -> None:
    def counted() -> dict[str, float]:
        lines = site.send("GET", "/metrics").body.decode().splitlines()
        return {
            name: float(value)
            for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")
        }

    before = counted()
    client = Client(f"http://127.0.0.1:{site.port}", auth=("ben", PASSWORDS["ben"]), verbose=False)
    client.predict("Who rebuilt the mill?", api_name="/ask")
    client.close()
    after = counted()
    asked = 'footnote_questions_total{status="answered"}'
    assert after[asked] == before.get(asked, 0) + 1
    assert after['footnote_question_seconds_sum{stage="total"}'] == pytest.approx(0.25 * after[asked])
    assert after['footnote_index_info{version="v1"}'] == after["footnote_index_up"] == 1
    assert (after["footnote_documents"], after["footnote_passages"], after["footnote_failed_documents"]) == (
        2,
        9,
        1,
    )
    assert after["footnote_index_changed_timestamp_seconds"] == 1767323045


def test_metrics_are_for_this_machine_and_the_signed_in(site: Site, open_site: Site) -> None:
    away = {"Via": "1.1 desk"}
    basic = base64.b64encode(f"ada:{PASSWORDS['ada']}".encode()).decode()
    assert open_site.send("GET", "/metrics").status == 200
    assert open_site.send("GET", "/metrics", **away).status == 403
    reply = site.send("GET", "/metrics", **away)
    assert (reply.status, reply.headers["WWW-Authenticate"].split()[0]) == (401, "Basic")
    assert site.send("GET", "/metrics", **away, Authorization=f"Basic {basic}").status == 200
    assert site.send("GET", "/metrics", **away, Cookie=site.cookie("ada")).status == 200
    for wrong in ("Basic YWRhOm5v", "Basic ***", f"Bearer {basic}", "Basic YWRh"):
        assert site.send("GET", "/metrics", **away, Authorization=wrong).status == 401, wrong


# Setting it up


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "desk.lan"])
def test_others_are_let_in_only_when_that_is_said(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", f"--host={host}"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"qa: Others could reach port 7860 of {host}. Say who may: --auth-file FILE")
    assert "--no-auth" in said


@pytest.mark.parametrize("option", ["--root-path=/footnote", "--trust-proxy=127.0.0.1"])
def test_a_proxy_lets_others_in_as_well(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", option]) == 1
    assert "Others could reach port 7860" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"root_path": "footnote"}, "'footnote' is not a path"),
        ({"root_path": "/foot note"}, "is not a path"),
        ({"root_path": "//evil.example"}, "is not a path"),
        ({"trusted_proxies": ("desk.lan",)}, "'desk.lan' is not the address of a proxy"),
        ({"requests_per_minute": 0}, "--requests-per-minute is 0"),
        ({"upload_megabytes": -1}, "--upload-mb is -1"),
        ({"no_auth": True, "auth_file": Path("users")}, "Give one of them"),
    ],
)
def test_a_wrong_setting_is_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ServeError, match=re.escape(said)):
        Access(**options)


def test_an_auth_file_has_to_name_somebody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "users"
    assert main(["serve", f"--auth-file={path}"]) == 1
    assert capsys.readouterr().err == (
        f"qa: The auth file {path} cannot be read: No such file or directory. "
        f"Run: qa user add NAME --auth-file {path}\n"
    )
    path.write_text("")
    assert main(["serve", f"--auth-file={path}"]) == 1
    assert capsys.readouterr().err == f"qa: {path} names nobody. Run: qa user add NAME --auth-file {path}\n"
    path.write_text("# people\nada:secret\n")
    assert main(["serve", f"--auth-file={path}"]) == 1
    assert capsys.readouterr().err.startswith(
        f"qa: Line 2 of {path} is not a name, a colon and a bcrypt hash."
    )
