"""The browser in which readers read, and the pages that they open."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

from qa.web.library import Library
from qa.web.server import launch
from web_fixtures.reader import Reader

SIZES = ((1440, 900), (390, 844), (1920, 1080))
DESKTOP, PHONE, WIDE = (ViewportSize(width=width, height=height) for width, height in SIZES)
PATIENCE = 60_000  # milliseconds, for machines that do much else
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
)
Serve = Callable[[Callable[[], Any]], str]
Open = Callable[..., Reader]


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """Serves a page over what a function opens, for as long as the tests of a module run; its address."""
    served = []

    def start(open_assistant: Callable[[], Any]) -> str:
        blocks = launch(Library(open_assistant), host="127.0.0.1", port=free_port())
        served.append(blocks)
        return blocks.address

    yield start
    for blocks in served:
        blocks.close()


@pytest.fixture
def read(browser: Browser) -> Iterator[Open]:
    """Opens an address as a reader; fails the test on a console error or a request to another host.

    Console messages with the text `forgiven` are what the test brings about: the browser's note of a refusal.
    """
    complaints: list[str] = []
    contexts = []

    def watch_request(url: str) -> None:
        if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname != "127.0.0.1":
            complaints.append(f"requested {url}")

    def complain(text: str, forgiven: str) -> None:
        if not forgiven or forgiven not in text:
            complaints.append(text)

    def open_page(address: str, *, forgiven: str = "", **context_options: Any) -> Reader:
        context = browser.new_context(**{"viewport": DESKTOP, **context_options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complain(m.text, forgiven) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: watch_request(request.url))
        page.on("websocket", lambda websocket: watch_request(websocket.url))
        reader = Reader(page)
        reader.visit(address)
        return reader

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return cast(int, probe.getsockname()[1])
