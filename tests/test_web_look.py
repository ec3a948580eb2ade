"""How the page looks in real Chromium: themes, contrast, a phone, the keyboard, and what axe-core finds."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect
from web_fixtures.article import ATTACKS, QUOTE, UNANSWERED
from web_fixtures.article import assistant as assistant
from web_fixtures.article import site as site
from web_fixtures.article import stepwise as stepwise
from web_fixtures.axe import axe as axe
from web_fixtures.axe import violations
from web_fixtures.browsing import PHONE, WIDE, Open, Serve

from qa import Assistant


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["390", "1920"])
def test_axe_finds_nothing_serious(
    site: str, read: Open, axe: str, scheme: str, viewport: dict[str, int]
) -> None:
    reader = read(site, color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
    page = reader.page
    found = violations(page, axe, "welcome")
    reader.ask(UNANSWERED, "insufficient")
    reader.ask("x" * 3000, "failed")
    reader.ask(ATTACKS)
    found += violations(page, axe, "answers")
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    for name in ("?", ","):
        page.evaluate("document.activeElement.blur()")  # in the box, it would be a letter
        page.keyboard.press(name)
        page.locator("dialog[open]").wait_for()
        found += violations(page, axe, name)
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    reader.open_first_citation()
    found += violations(page, axe, "document")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    if viewport is PHONE:
        page.get_by_role("button", name="Show conversations").click()
        found += violations(page, axe, "rail")
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["390", "1920"])
def test_axe_finds_nothing_serious_in_the_documents(
    serve: Serve, read: Open, axe: str, scheme: str, viewport: dict[str, int], tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with Assistant.open(corpus, index=tmp_path / "index") as held:
        reader = read(
            serve(lambda: held),
            color_scheme=scheme,
            viewport=viewport,
            reduced_motion="reduce",
            forgiven="status of 4",
        )
        page = reader.page
        found = violations(page, axe, "empty")
        files = [corpus.parent / name for name in ("mill.txt", "scan.pdf", "movie.mp4")]
        for file in files:
            file.write_text("The mill of Ostwick burned down in 1802.\n")
        page.get_by_label("Add files").locator("visible=true").set_input_files(files)
        expect(page.locator(".fn-shelf")).to_contain_text("1 document")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("d")
        expect(page.get_by_role("table")).to_contain_text("scan.pdf")
        found += violations(page, axe, "table")
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        page.get_by_role("button", name="Rebuild …").click()
        expect(page.locator(".fn-planned")).to_contain_text("up to date")
        page.get_by_label("Choose mill.txt").check()
        found += violations(page, axe, "plan, and some chosen")
        page.get_by_role("button", name="Remove …").click()
        found += violations(page, axe, "remove")
        assert {text: each for text, each in reader.contrasts().items() if each < 4.5} == {}
    assert found == []
