"""Who sends a request: what the page may conclude from a connection, and what not."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from gradio.route_utils import Request as GradioRequest
from starlette.requests import Request

from qa.web.forwarded import Forwarded
from qa.web.visitor import Visitor, is_local, may_change_corpus, visitor


def scope(client: str, host: str, **headers: str) -> dict[str, Any]:
    sent = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    encoded = [(name.encode(), value.encode()) for name, value in sent.items()]
    return {"type": "http", "client": (client, 50000), "headers": encoded}


@pytest.mark.parametrize(
    ("client", "host", "headers", "local"),
    [
        ("127.0.0.1", "127.0.0.1:7860", {}, True),
        ("127.0.0.1", "localhost", {}, True),
        ("::1", "[::1]:7860", {}, True),
        ("127.0.0.1", "footnote.example", {}, False),
        ("127.0.0.1", "localhost", {"x_forwarded_for": "127.0.0.1"}, False),
        ("127.0.0.1", "localhost", {"via": "1.1 desk"}, False),
        ("127.0.0.1", "localhost", {"forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", "", {}, False),
        ("192.0.2.7", "localhost", {}, False),
        ("", "localhost", {}, False),
    ],
)
def test_only_a_direct_connection_from_this_machine_is_local(
    client: str, host: str, headers: dict[str, str], local: bool
) -> None:
    found = []

    async def page(scope: Any, *_channels: Any) -> None:
        found.append(is_local(scope))

    asyncio.run(Forwarded(page, ())(scope(client, host, **headers), cast(Any, None), cast(Any, None)))
    assert found == [local]


def test_without_the_word_of_forwarded_nobody_is_local() -> None:
    assert not is_local(scope("127.0.0.1", "localhost"))


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (Visitor("ada", "192.0.2.7"), True),
        (Visitor("", "127.0.0.1", True), True),
        (Visitor("", "192.0.2.7"), False),
    ],
)
def test_the_corpus_is_changed_by_the_signed_in_and_by_this_machine(who: Visitor, may: bool) -> None:
    request = Request({"type": "http", "headers": [], "state": {"visitor": who}})
    assert (visitor(request), may_change_corpus(request)) == (who, may)
    assert may_change_corpus(GradioRequest(request)) is may


def test_nobody_may_change_the_corpus_of_a_page_that_is_served_without_us() -> None:
    assert not may_change_corpus(Request({"type": "http", "headers": []}))
    assert not may_change_corpus(GradioRequest(session_hash="a"))
