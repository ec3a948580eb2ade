"""How the page looks in real Chromium: themes, contrast, a phone, the keyboard, and motion."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect
from web_fixtures.article import ATTACKS, QUOTE, UNANSWERED
from web_fixtures.article import assistant as assistant
from web_fixtures.article import site as site
from web_fixtures.article import stepwise as stepwise
from web_fixtures.browsing import Open
from web_fixtures.stepwise import Stepwise


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(250, 250, 248)"), ("dark", "rgb(22, 24, 29)")])
def test_both_themes_are_legible(site: str, read: Open, scheme: str, paper: str) -> None:
    reader = read(site, color_scheme=scheme, reduced_motion="reduce")
    background = "getComputedStyle(document.querySelector('#fn-shell')).backgroundColor"
    assert reader.page.evaluate(background) == paper
    seen = reader.contrasts()
    reader.ask(UNANSWERED, "insufficient")
    seen |= reader.contrasts()
    reader.ask("x" * 3000, "failed")
    seen |= reader.contrasts()
    reader.ask(ATTACKS)
    seen |= reader.contrasts()
    reader.open_first_citation()
    seen |= reader.contrasts()
    assert len(seen) > 25
    assert {text: contrast for text, contrast in seen.items() if contrast < 4.5} == {}


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_sources_are_a_sheet_over_the_chat(site: str, read: Open, width: int) -> None:
    reader = read(site, viewport={"width": width, "height": 844}, has_touch=True)
    pane = reader.page.locator("#fn-pane")
    expect(pane).to_be_hidden()
    reader.ask(ATTACKS)
    assert reader.page.evaluate("document.documentElement.scrollWidth") == width
    marker = reader.turn.locator("a.fn-cite")
    marker.tap()
    expect(reader.page.get_by_role("dialog", name="Sources")).to_be_visible()
    assert reader.words_in_the_document() == QUOTE
    assert reader.page.locator("#fn-middle").evaluate("middle => middle.inert") is True
    assert reader.page.locator("#fn-viewer").evaluate("each => each.scrollWidth <= each.clientWidth")
    reader.page.get_by_role("button", name="← Sources").tap()
    expect(reader.cards.first).to_be_in_viewport()
    reader.page.get_by_role("button", name="Close the sources").tap()
    expect(pane).to_be_hidden()
    expect(marker).to_be_focused()
    reader.turn.get_by_role("button", name="1 source").tap()
    expect(reader.cards.first).to_be_in_viewport()
    reader.cards.first.tap()
    assert reader.words_in_the_document() == QUOTE
    reader.page.get_by_role("button", name="Close the sources").tap()  # from the document as well
    expect(pane).to_be_hidden()


def test_everything_is_done_from_the_keyboard(site: str, read: Open) -> None:
    reader = read(site)
    keyboard = reader.page.keyboard
    reader.page.get_by_role("button", name=ATTACKS).focus()
    keyboard.press("Enter")
    reader.come_to("answered")
    marker = reader.turn.locator("a.fn-cite")
    for _ in range(20):
        keyboard.press("Tab")
        if marker.evaluate("each => each === document.activeElement"):
            break
    expect(marker).to_be_focused()
    assert marker.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
    keyboard.press("Enter")
    expect(reader.highlighted.first).to_be_focused()
    assert reader.words_in_the_document() == QUOTE
    keyboard.press("Escape")
    expect(reader.cards.first.locator("a")).to_be_focused()


def test_nothing_of_gradio_shows(site: str, read: Open) -> None:
    page = read(site).page
    assert page.title() == "Footnote"
    assert page.locator("footer, .api-docs, .built-with").count() == 0
    assert "gradio" not in (page.locator("body").inner_text()).lower()
    favicon = page.request.get(f"{site}favicon.ico")
    assert hashlib.sha256(favicon.body()).hexdigest() == hashlib.sha256(FAVICON.read_bytes()).hexdigest()


FAVICON = Path(__file__).parents[1] / "qa" / "web" / "static" / "footnote.svg"


def test_the_browser_is_told_to_load_nothing_from_elsewhere(site: str, read: Open) -> None:
    policy = read(site).page.request.get(site).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_nothing_moves_for_who_wants_no_motion(stepwise: tuple[Stepwise, str], read: Open) -> None:
    held, address = stepwise
    moving = "document.getAnimations().filter((each) => each.playState === 'running').length"
    for motion in ("no-preference", "reduce"):
        reader = read(address, reduced_motion=motion)
        reader.send(ATTACKS)
        held.step()
        expect(reader.turn.locator(".fn-stage")).to_be_visible()
        assert (reader.page.evaluate(moving) > 0) is (motion == "no-preference")
