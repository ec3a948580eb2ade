"""The page as programs meet it: its one endpoint, and the port it is served at."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from web_fixtures.article import ATTACKS, QUOTE, UNANSWERED
from web_fixtures.article import assistant as assistant
from web_fixtures.article import site as site
from web_fixtures.browsing import free_port

from qa import Assistant
from qa.web import build_page
from qa.web.access import ServeError
from qa.web.library import Library
from qa.web.port import Port
from qa.web.server import launch


def test_the_page_is_built_without_being_served(assistant: Assistant) -> None:
    blocks = build_page(lambda: assistant)
    assert list(blocks.get_api_info()["named_endpoints"]) == ["/ask"]


def test_programs_ask_through_the_endpoint_ask(site: str, assistant: Assistant) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    clients = [Client(site, verbose=False) for _ in range(2)]
    assert list(clients[0].view_api(return_format="dict")["named_endpoints"]) == ["/ask"]
    jobs = [
        client.submit(question, api_name="/ask")
        for client, question in zip(clients, [ATTACKS, UNANSWERED], strict=True)
    ]
    answered, refused = (job.result() for job in jobs)
    assert answered["text"] == f"{QUOTE} [1]"
    (citation,) = answered["citations"]
    document = assistant.document(citation["source"])
    assert document.text[citation["start"] : citation["end"]] == citation["quote"] == QUOTE
    assert (refused["status"], refused["citations"]) == ("insufficient", [])
    with pytest.raises(AppError, match="The question is empty"):
        clients[0].predict("", api_name="/ask")


def test_a_taken_port_is_named_with_what_to_do(assistant: Assistant) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=rf"Port {port} on 127\.0\.0\.1 .* --port or QA_PORT\."):
            launch(Library(lambda: assistant), host="127.0.0.1", port=port)


def test_a_port_is_given_back_when_serving_ends(assistant: Assistant) -> None:
    number = free_port()
    for _ in range(2):
        page = launch(Library(lambda: assistant), host="127.0.0.1", port=number)
        assert (page.is_open, page.address) == (True, f"http://127.0.0.1:{number}/")
        page.close()
        assert page.is_open is False


def test_a_machine_may_take_its_time_to_answer() -> None:
    ready, port = threading.Event(), Port("127.0.0.1", free_port())

    @contextlib.asynccontextmanager
    async def slow(_app: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(ready.wait, 60)
        yield

    serving = threading.Thread(target=port.serve, args=(Starlette(lifespan=slow), lambda: None))
    serving.start()
    serving.join(0.2)
    assert serving.is_alive()
    ready.set()
    serving.join()
    assert port.is_open
    port.close()


def test_an_application_that_does_not_start_is_said_to() -> None:
    port = Port("127.0.0.1", free_port())

    @contextlib.asynccontextmanager
    async def broken(_app: Starlette) -> AsyncIterator[None]:
        raise ValueError("no room")
        yield

    with pytest.raises(ServeError, match="could not be served"):
        port.serve(Starlette(lifespan=broken), lambda: None)
    port.close()
