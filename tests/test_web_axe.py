"""What axe-core finds wrong for whom the page is hard to use: nothing, in any state, theme or width."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from making import lines, pdf
from playwright.sync_api import Page, expect
from web_fixtures.article import ATTACKS, UNANSWERED
from web_fixtures.article import assistant as assistant
from web_fixtures.article import site as site
from web_fixtures.article import stepwise as stepwise
from web_fixtures.axe import axe as axe
from web_fixtures.axe import violations
from web_fixtures.browsing import PHONE, WIDE, Open, Serve
from web_fixtures.gated import Gated
from web_fixtures.stepwise import Stepwise

from index_store.errors import IndexMissingError
from qa import Assistant

Look = Callable[..., Any]
Check = Callable[[str], None]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[PHONE, WIDE], ids=["390", "1920"])
def look(request: pytest.FixtureRequest, read: Open, scheme: str) -> Look:
    """Opens an address in each theme and width."""

    def opened(address: str, **options: Any) -> Any:
        return read(address, color_scheme=scheme, viewport=request.param, reduced_motion="reduce", **options)

    return opened


def checker(page: Page, axe: str) -> tuple[Check, list[str]]:
    """Looks at the page as it is, and notes what it finds; the notes."""
    found: list[str] = []

    def check(place: str) -> None:
        found.extend(violations(page, axe, place))
        width = page.viewport_size and page.viewport_size["width"]
        if page.evaluate("document.documentElement.scrollWidth") != width:
            found.append(f"{place}: wider than the screen")

    return check, found


def press(page: Page, key: str) -> None:
    """A shortcut, which would be a letter in the question box."""
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(key)


def test_the_chat(site: str, look: Look, axe: str) -> None:
    reader = look(site)
    page = reader.page
    check, found = checker(page, axe)
    check("welcome")
    reader.ask(UNANSWERED, "insufficient")
    check("refusal")
    reader.ask("x" * 3000, "failed")
    reader.ask(ATTACKS)
    check("answers")
    reader.turn.locator("a.fn-cite").focus()
    expect(page.get_by_role("tooltip")).to_be_visible()
    check("preview")
    reader.turn.get_by_role("button", name="Edit the question").click()
    check("editing")
    page.keyboard.press("Escape")
    reader.turn.get_by_role("button", name="Bad answer").click()
    check("reason")
    page.keyboard.press("Enter")
    expect(page.locator("#fn-toast")).to_contain_text("Noted in")
    check("rated")
    for key in ("?", ","):
        press(page, key)
        page.locator("dialog[open]").wait_for()
        check(key)
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    if page.get_by_role("button", name="Show conversations").is_visible():
        page.get_by_role("button", name="Show conversations").click()
    page.locator("#fn-rail .fn-more").first.click()
    check("conversations")
    assert found == []


def test_the_evidence(site: str, look: Look, axe: str) -> None:
    reader = look(site)
    check, found = checker(reader.page, axe)
    reader.ask(ATTACKS)
    reader.turn.locator(".fn-evidence").click()
    expect(reader.cards.first).to_be_visible()
    check("cards")
    reader.cards.first.locator("a").click()
    expect(reader.highlighted.first).to_be_in_viewport()
    check("text")
    reader.page.get_by_label("Find in this document").fill("plant")
    expect(reader.page.locator('[data-tool="find"] output')).to_contain_text("1 of")
    check("found")
    assert found == []


def test_a_pdf(serve: Serve, look: Look, axe: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    page_of = lines(["The mill of Ostwick burned down in the summer of 1802."])
    (corpus / "history.pdf").write_bytes(pdf(page_of, lines(["Nobody lives there now."])))
    with Assistant.open(corpus, index=tmp_path / "index") as held:
        reader = look(serve(lambda: held))
        check, found = checker(reader.page, axe)
        reader.ask("When did the mill of Ostwick burn down?")
        reader.turn.locator("a.fn-cite").first.click()
        expect(reader.page.locator(".fn-words .fn-quote rect")).to_be_in_viewport()
        check("pages")
        reader.page.get_by_role("button", name="Show text").click()
        expect(reader.highlighted.first).to_be_in_viewport()
        check("text of a PDF")
    assert found == []


def test_the_documents(serve: Serve, look: Look, axe: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with Assistant.open(corpus, index=tmp_path / "index") as held:
        gated = Gated(held)
        reader = look(serve(lambda: gated), forgiven="status of 4")
        page = reader.page
        check, found = checker(page, axe)
        check("empty")
        press(page, "d")
        expect(page.locator(".fn-empty")).to_be_visible()
        check("no documents")
        files = [corpus.parent / name for name in ("mill.txt", "scan.pdf", "movie.mp4")]
        for file in files:
            file.write_text("The mill of Ostwick burned down in 1802.\n")
        page.get_by_label("Add files").locator("visible=true").set_input_files(files)
        expect(page.locator("#fn-documents .fn-work-text")).to_contain_text("Reading file 1 of 2")
        check("progress")
        gated.gate.set()
        expect(page.get_by_role("table")).to_contain_text("scan.pdf")
        check("table")
        (corpus / "barn.txt").write_text("The barn is red.\n")
        page.get_by_role("button", name="Rebuild …").click()
        expect(page.locator(".fn-planned")).to_contain_text("1 to add")
        page.get_by_label("Choose mill.txt").check()
        check("plan, and some chosen")
        page.get_by_role("button", name="Remove …").click()
        check("remove")
        assert {text: each for text, each in reader.contrasts().items() if each < 4.5} == {}
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Ask only these").click()
        check("restricted")
        press(page, "d")
        page.get_by_label("Filter by name").fill("zebra")
        expect(page.get_by_text("No file matches.")).to_be_visible()
        check("none")
    assert found == []


def test_what_is_on_its_way_or_wrong(
    stepwise: tuple[Stepwise, str], serve: Serve, look: Look, axe: str
) -> None:
    held, address = stepwise
    reader = look(address)
    check, found = checker(reader.page, axe)
    reader.send(ATTACKS)
    held.step(4)
    expect(reader.turn.locator(".fn-answer")).to_have_text("Only")
    check("writing")
    reader.page.get_by_role("button", name="Stop").click()
    reader.come_to("stopped")
    check("stopped")

    def missing() -> Assistant:
        raise IndexMissingError("There is no index in papers. Run: qa rebuild papers")

    reader = look(serve(missing))
    check, more = checker(reader.page, axe)
    expect(reader.page.get_by_role("alert")).to_contain_text("There is no index")
    check("no index")
    reader.ask(ATTACKS, "failed")
    check("failed")
    assert found + more == []
