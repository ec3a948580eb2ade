"""The served page as the network meets it: who is answered, what is said, and what is left behind."""

from __future__ import annotations

import asyncio
import dataclasses
import http.client
import json
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock
from urllib.parse import urlsplit

import gradio as gr
import pytest
from gradio.route_utils import Request
from test_web_parts import ANSWER, STATUS, Fake, interrupt, library
from web_fixtures.browsing import free_port

from qa.cli import main
from qa.types import Event
from qa.web import chat, server
from qa.web.access import Access, ServeError
from qa.web.guard import Guard, is_private
from qa.web.page import Page
from qa.web.server import launch

ASK = "/gradio_api/call/ask"
WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a page over an assistant of one document."""
    blocks = launch(library(Fake(Event("answer", "", ANSWER))), host="127.0.0.1", port=free_port())
    yield cast(int, urlsplit(blocks.address).port)
    blocks.close()


def status(port: int, method: str, path: str, body: str | None = None, **headers: str) -> int:
    """What the page on the port answers to a request with exactly these headers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    sent = {"Content-Length": str(len(body or "")), "Content-Type": "application/json", **headers}
    for name, value in sent.items():
        connection.putheader(name, value)
    connection.endheaders((body or "").encode())
    response = connection.getresponse()
    response.read()
    assert response.headers["Content-Security-Policy"] or "Upgrade" in headers
    connection.close()
    return response.status


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
def test_the_page_answers_under_the_names_of_this_machine(port: int, name: str) -> None:
    assert status(port, "GET", "/", Host=f"{name}:{port}") == 200
    assert status(port, "GET", "/", Host=name) == 200


@pytest.mark.parametrize(
    "name",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]", "a@localhost", "", "["],
)
@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info", ASK])
def test_the_page_answers_under_no_other_name(port: int, name: str, path: str) -> None:
    for host in (f"{name}:{port}", name):
        assert status(port, "POST" if path == ASK else "GET", path, Host=host) == 403


def test_another_website_cannot_ask(port: int) -> None:
    question = json.dumps({"data": ["Who rebuilt the mill?"]})
    host = f"127.0.0.1:{port}"
    for origin in (
        "http://evil.example",
        "null",
        "",
        f"http://localhost:{port}",
        "http://127.0.0.1",
        f"http://127.0.0.1:{port + 1}",
    ):
        assert status(port, "POST", ASK, question, Host=host, Origin=origin) == 403, origin
        assert status(port, "DELETE", "/", Host=host, Origin=origin) == 403, origin
        assert status(port, "GET", "/", Host=host, Origin=origin, **WEBSOCKET) == 403, origin
    assert status(port, "POST", ASK, question, Host=host, Origin=f"http://{host}") == 200
    assert status(port, "POST", ASK, question, Host=host) == 200
    assert (
        status(port, "GET", "/", Host=host, Origin="http://evil.example") == 200
    )  # its script reads nothing


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/upload?upload_id=1"])
def test_files_are_taken_from_this_machine_alone(port: int, path: str) -> None:
    form = '--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nA\r\n--b--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    host = f"127.0.0.1:{port}"
    assert status(port, "POST", path, form, Host=host, **kind) == 200
    for refused in (path, path.replace("upload", "upload/", 1)):
        assert status(port, "POST", refused, form, Host=host, Via="1.1 desk", **kind) == 403


async def answered(served: str, host: str) -> int:
    """What the guard answers under this Host header, when the page is served at that host."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def page(*_asked: Any) -> None:
        await send({"status": 200})

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", host.encode())]}
    await Guard(page, served)(scope, cast(Any, None), send)
    return cast(int, sent[0]["status"])


@pytest.mark.parametrize(
    ("served", "host", "expected"),
    [
        ("192.0.2.7", "192.0.2.7:7860", 200),
        ("192.0.2.7", "127.0.0.1:7860", 200),
        ("192.0.2.7", "192.0.2.8:7860", 403),
        ("Desk.lan", "desk.lan:7860", 200),
        ("fd00::7", "[fd00::7]:7860", 200),
        ("fd00::7", "[fd00::8]:7860", 403),
        ("0.0.0.0", "anything.lan", 200),
        ("::", "anything.lan", 200),
    ],
)
def test_the_page_answers_under_the_name_it_is_served_at(served: str, host: str, expected: int) -> None:
    assert asyncio.run(answered(served, host)) == expected


def test_the_page_is_served_over_ipv6() -> None:
    blocks = launch(library(Fake()), host="::1", port=free_port())
    address = urlsplit(blocks.address)
    connection = http.client.HTTPConnection("::1", cast(int, address.port), timeout=30)
    connection.request("GET", "/")
    response = connection.getresponse()
    response.read()
    assert (address.hostname, response.status) == ("::1", 200)
    connection.close()
    blocks.close()


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("127.0.0.2", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.7", False),
        ("desk.lan", False),
    ],
)
def test_serving_to_others_is_warned_of(
    host: str, private: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unbound = SimpleNamespace(address="http://desk:7860/", is_open=True, serve=Mock(), close=Mock())
    monkeypatch.setattr(server, "Port", lambda _host, _port: unbound)  # tests listen on loopback alone
    monkeypatch.setattr(server, "time", SimpleNamespace(sleep=interrupt))
    server.serve(lambda: cast(Any, Fake()), host=host, port=7860, access=Access(no_auth=True))
    warning = f"Anyone who can reach port 7860 of {host} can read the indexed documents.\n"
    assert capsys.readouterr().err == ("" if private else warning)
    assert is_private(host) is private


def test_an_empty_index_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    unbound = SimpleNamespace(address="http://desk:7860/", is_open=True, serve=Mock(), close=Mock())
    monkeypatch.setattr(server, "Port", lambda _host, _port: unbound)
    monkeypatch.setattr(server, "time", SimpleNamespace(sleep=interrupt))
    empty = Fake(status=dataclasses.replace(STATUS, documents=0))
    server.serve(lambda: cast(Any, empty), host="127.0.0.1", port=7860)
    said = capsys.readouterr().err
    assert said.count("The index holds no documents. Add some on the page.") == 1
    assert said.count("\n") == 1 and "holds no documents" not in caplog.text


@pytest.mark.parametrize("port", [-1, 0, 65536, 99999])
def test_a_port_that_does_not_exist_is_named_with_what_to_do(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ServeError):
        launch(library(Fake()), host="127.0.0.1", port=port)
    assert main(["serve", f"--port={port}"]) == 1
    said = f"There is no port {port}. Choose one from 1 to 65535 with --port or QA_PORT.\n"
    assert capsys.readouterr().err == f"qa: {said}"


# A question's way through the page


def asker(session: str) -> Any:
    return Request(session_hash=session)


def question(text: str) -> gr.EventData:
    return gr.EventData(None, {"question": text, "ticket": 1})


def test_a_question_asks_once_what_is_indexed() -> None:
    fake = Fake(Event("token", "It"), Event("answer", "", ANSWER))
    page = Page(library(fake))
    *_, last = page.respond(question("Who?"), asker("a"))
    assert "2 documents" in last[-1]
    assert fake.statuses == 1
    page.arrive(asker("a"))
    assert fake.statuses == 2


def test_stop_forgets_a_reader_who_has_left() -> None:
    page = Page(library(Fake(Event("token", "It"), Event("token", " was"))))
    answers = page.respond(question("Who?"), asker("a"))
    next(answers)
    assert list(page.runs) == ["a"]
    cast(Any, answers).close()
    assert page.runs == {}


def test_stop_forgets_a_question_that_broke_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_run: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(chat.Run, "turns", broken)
    page = Page(library(Fake()))
    with pytest.raises(ZeroDivisionError):
        next(page.respond(question("Who?"), asker("a")))
    assert page.runs == {}


def test_the_end_of_a_question_leaves_the_next_one_stoppable() -> None:
    go_on = threading.Event()

    class Slow(Fake):
        def stream(self, question: str, /, **_options: Any) -> Any:
            yield Event("token", "It")
            if question == "slow":
                go_on.wait(60)
            yield Event("answer", "", ANSWER)

    page = Page(library(Slow()))
    quick, slow = page.respond(question("quick"), asker("a")), page.respond(question("slow"), asker("a"))
    next(quick)
    next(slow)
    assert ">It<" in next(slow)[0]["article"]
    list(quick)
    page.halt(asker("a"))
    *_, last = slow
    assert last[0]["record"]["state"] == "stopped"
    assert page.runs == {}
    go_on.set()
