"""The served page in real Chromium: signing in, two people at once, and behind a real reverse proxy."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from test_web_parts import ANSWER, QUOTE
from web_fixtures.axe import axe as axe
from web_fixtures.axe import violations
from web_fixtures.browsing import CHROMIUM_FLAGS, PHONE, free_port
from web_fixtures.site import PASSWORDS, Answering, Site

from qa.types import Event
from qa.web import login, users
from qa.web.access import Access
from qa.web.users import AuthFile

PROXY = Path(__file__).parent / "web_fixtures" / "proxy.py"
QUESTION = "Who rebuilt the mill?"


class Patient(Answering):
    """Answers a question that begins with "Wait" when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def stream(self, question: str, /, **_options: Any) -> Any:
        yield Event("stage", "searching")
        yield Event("token", "It")
        if question.startswith("Wait"):
            self.go_on.wait(60)
        yield Event("answer", "", ANSWER)


@pytest.fixture(scope="module")
def auth_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("auth") / "users"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(users, "ROUNDS", 4)
        patched.setattr(login, "TRIES_PER_MINUTE", 1000)
        for name, password in PASSWORDS.items():
            AuthFile(path).add(name, password)
        yield path


@pytest.fixture(scope="module")
def site(auth_file: Path) -> Iterator[Site]:
    site = Site.over(Access(auth_file=auth_file), fake=Patient())
    yield site
    site.blocks.close()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["stripped", "kept"])
def proxied(request: pytest.FixtureRequest, auth_file: Path) -> Iterator[str]:
    """The address of a page below /footnote of a reverse proxy that cuts this off the path, or does not."""
    site = Site.over(Access(auth_file=auth_file, root_path="/footnote", trusted_proxies=("127.0.0.1",)))
    with proxy(site.port, "http", *(["keep"] if request.param == "kept" else [])) as port:
        yield f"http://127.0.0.1:{port}/footnote/"
    site.blocks.close()


class proxy:  # a context manager
    """A reverse proxy process before a port, for as long as the block runs; its own port."""

    def __init__(self, upstream: int, scheme: str, *keep: str) -> None:
        self.port = free_port()
        command = [sys.executable, str(PROXY), str(self.port), str(upstream), "/footnote", scheme, *keep]
        self.process = subprocess.Popen(command)

    def __enter__(self) -> int:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/footnote/healthz", timeout=30).close()
            except OSError:
                assert self.process.poll() is None
                threading.Event().wait(0.05)
            else:
                break
        return self.port

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait()


def sign_in(page: Page, address: str, name: str, password: str | None = None) -> None:
    page.goto(address)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORDS[name] if password is None else password)
    page.get_by_role("button", name="Sign in").click()


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".fn-turn h2").last).to_have_text(question)


def state(page: Page) -> Any:
    return page.locator(".fn-turn").last


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_signs_in_without_a_script(site: Site, browser: Browser, scheme: Any) -> None:
    context = browser.new_context(
        java_script_enabled=False, color_scheme=scheme, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    sign_in(page, site.blocks.address, "ada", "something else")
    expect(page.get_by_role("alert")).to_have_text(login.WRONG)
    expect(page.get_by_label("Name")).to_have_value("ada")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Password")).to_have_accessible_description(login.WRONG)
    page.get_by_label("Password").press_sequentially(PASSWORDS["ada"])
    page.keyboard.press("Enter")
    page.wait_for_url(site.blocks.address)
    assert [each["httpOnly"] for each in context.cookies()] == [True]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_where_one_signs_in(
    site: Site, browser: Browser, axe: str, scheme: Any
) -> None:
    page = browser.new_context(color_scheme=scheme, viewport=PHONE, bypass_csp=True).new_page()
    sign_in(page, site.blocks.address, "ada", "something else")
    expect(page.get_by_role("alert")).to_be_visible()
    found = violations(page, axe, "sign in")
    page.get_by_label("Password").fill(PASSWORDS["ada"])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show conversations").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert found + violations(page, axe, "signed in") == []
    page.context.close()


def test_one_sees_who_is_signed_in_and_signs_out(site: Site, browser: Browser) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    sign_in(page, site.blocks.address, "ben")
    page.get_by_role("button", name="Show conversations").click()
    expect(page.locator(".fn-account")).to_contain_text("Signed in as ben")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{site.blocks.address}login")
    page.goto(site.blocks.address)
    expect(page.get_by_label("Password")).to_be_visible()
    page.context.close()


def test_two_people_never_see_or_stop_each_other(site: Site, browser: Browser) -> None:
    pages = {}
    for name in ("ada", "ben"):
        pages[name] = browser.new_context().new_page()
        sign_in(pages[name], site.blocks.address, name)
        ask(pages[name], f"Wait, {name}: who rebuilt the mill?")
        expect(state(pages[name]).locator(".fn-answer")).to_have_text("It")
    pages["ben"].get_by_role("button", name="Stop").click()
    expect(state(pages["ben"])).to_have_attribute("data-state", "stopped")
    expect(state(pages["ada"])).to_have_attribute("data-state", "running")
    site.held.go_on.set()
    expect(state(pages["ada"])).to_have_attribute("data-state", "answered")
    expect(state(pages["ben"])).to_have_attribute("data-state", "stopped")
    for name, page in pages.items():
        assert page.locator(".fn-turn h2").all_inner_texts() == [f"Wait, {name}: who rebuilt the mill?"]
        page.context.close()


def test_a_page_behind_a_proxy_works_below_its_path(proxied: str, browser: Browser) -> None:
    page = browser.new_context().new_page()
    strayed: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda sent: None if sent.url.startswith(proxied) else strayed.append(sent.url))
    page.on("response", lambda got: complaints.append(got.url) if got.status >= 400 else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, proxied, "ada")
    page.wait_for_url(proxied)
    ask(page, QUESTION)
    expect(state(page)).to_have_attribute("data-state", "answered")
    state(page).locator("a.fn-cite").first.click()
    expect(page.locator("#fn-viewer mark")).to_have_text(QUOTE)
    assert [each["path"] for each in page.context.cookies()] == ["/footnote"]
    assert [each for each in strayed if not each.startswith(("data:", "blob:"))] == []
    assert complaints == []
    page.context.close()


def test_the_path_without_its_last_slash_leads_to_the_page(proxied: str, browser: Browser) -> None:
    page = browser.new_context().new_page()
    sign_in(page, proxied, "ada")
    page.wait_for_url(proxied)
    page.goto(proxied.rstrip("/"))
    page.wait_for_url(proxied)
    ask(page, QUESTION)
    expect(state(page)).to_have_attribute("data-state", "answered")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{proxied}login")
    page.context.close()


def test_a_program_asks_through_a_proxy(proxied: str) -> None:
    client = Client(proxied, auth=("ben", PASSWORDS["ben"]), verbose=False)
    assert client.predict(QUESTION, api_name="/ask")["text"] == ANSWER.text
    client.close()


def test_a_trusted_proxy_says_who_asks_and_that_it_was_by_https(auth_file: Path) -> None:
    access = Access(auth_file=auth_file, root_path="/footnote", trusted_proxies=("127.0.0.1",))
    site = Site.over(access)
    with proxy(site.port, "https") as port:
        behind = Site(port, None, site.held)
        behind.below = "/footnote"
        cookie = behind.sign_in("ada").headers["Set-Cookie"]
        assert "; Path=/footnote;" in cookie and cookie.endswith("; Secure")
        config = behind.send("GET", "/config", Cookie=cookie.partition(";")[0])
        assert json.loads(config.body)["root"] == f"https://127.0.0.1:{port}/footnote"
        assert behind.send("GET", "/metrics").status == 401  # it came from this machine, but for whom?
    site.blocks.close()


def test_nobody_else_is_believed_about_who_asks() -> None:
    site = Site.over(Access())
    lies = {
        "X_Forwarded_For": "192.0.2.9",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Proto": "https",
        "X_Gradio_Server": "http://evil.example",
    }
    root = json.loads(site.send("GET", "/config", **lies).body)["root"]
    assert root == f"http://127.0.0.1:{site.port}"
    site.blocks.close()


def test_a_page_says_that_one_asks_too_often(auth_file: Path, browser: Browser) -> None:
    site = Site.over(Access(auth_file=auth_file, requests_per_minute=6))
    page = browser.new_context().new_page()
    sign_in(page, site.blocks.address, "ada")
    said = page.get_by_text("That was more than 6 requests in a minute.").first
    for _ in range(20):
        page.get_by_label("Your question").fill(QUESTION)
        page.get_by_label("Your question").press("Enter")
        page.wait_for_timeout(300)
        if said.is_visible():
            break
    expect(said).to_be_visible()
    page.context.close()
    site.blocks.close()
