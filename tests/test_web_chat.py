"""Conversations in real Chromium: kept, found, exported, edited, rated, set up and driven by keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, ViewportSize, expect
from web_fixtures.article import ATTACKS, QUOTE, UNANSWERED
from web_fixtures.article import assistant as assistant
from web_fixtures.article import site as site
from web_fixtures.article import stepwise as stepwise
from web_fixtures.browsing import DESKTOP, PHONE, Open, Serve
from web_fixtures.reader import Reader
from web_fixtures.stepwise import Stepwise

from qa import Assistant
from qa.evaluation.questions import read_questions

IAEA = "Who is the head of the IAEA?"


BOTH = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["390", "1440"])


def rail(page: Page) -> Any:
    return page.locator("#fn-rail")


def open_rail(page: Page) -> None:
    """Show the conversations, which are behind a button on a phone."""
    expect(page.locator(".fn-rail-toggle:visible").first).to_be_attached()
    if not page.get_by_role("button", name="New conversation").is_visible():
        page.get_by_role("button", name="Show conversations").click()


def conversations(page: Page) -> Any:
    return page.locator("#fn-rail .fn-name")


def menu(page: Page, entry: str) -> None:
    open_rail(page)
    page.locator("#fn-rail .fn-more").first.click()
    page.locator("#fn-rail .fn-menu").get_by_role("button", name=entry).click()


def history(request: Request) -> Any:
    """What a question was sent with of the turns before it."""
    body = request.post_data_json
    assert body is not None
    return body["event_data"]["history"]


@BOTH
def test_conversations_are_kept_found_renamed_and_deleted(
    site: str, read: Open, viewport: ViewportSize
) -> None:
    reader = read(site, viewport=viewport)
    page = reader.page
    reader.ask(ATTACKS)
    open_rail(page)
    page.get_by_role("button", name="New conversation").click()
    expect(reader.turns).to_have_count(0)
    reader.ask(IAEA)
    expect(conversations(page)).to_have_text([IAEA, ATTACKS])

    page.reload()
    expect(reader.turn.locator("h2")).to_have_text(IAEA)
    expect(page.locator("#fn-cards .fn-sources:not([hidden]) mark").first).to_contain_text("Rafael Grossi")
    open_rail(page)
    conversations(page).nth(1).click()
    expect(reader.turn.locator("h2")).to_have_text(ATTACKS)
    assert reader.open_first_citation() == QUOTE
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    open_rail(page)
    page.get_by_label("Search conversations").fill("rafael grossi")
    expect(conversations(page)).to_have_text([IAEA])
    page.get_by_label("Search conversations").fill("")

    menu(page, "Rename")
    page.get_by_label("New name of the conversation").fill("Atoms")
    page.keyboard.press("Enter")
    expect(conversations(page).first).to_have_text("Atoms")

    menu(page, "Delete")
    expect(conversations(page)).to_have_text([ATTACKS])
    page.get_by_role("button", name="Undo").click()
    expect(conversations(page)).to_have_text(["Atoms", ATTACKS])
    menu(page, "Delete")
    page.reload()
    expect(conversations(page)).to_have_text([ATTACKS])


@BOTH
def test_a_conversation_is_exported_with_its_quotes_and_hashes(
    site: str, read: Open, assistant: Assistant, viewport: ViewportSize
) -> None:
    answer = assistant.ask(ATTACKS)
    reader = read(site, accept_downloads=True, viewport=viewport)
    reader.ask(ATTACKS)
    exported = {}
    for entry, ending in (("Export as Markdown", ".md"), ("Export as JSON", ".json")):
        with reader.page.expect_download() as download:
            menu(reader.page, entry)
        reader.page.locator("#fn-rail .fn-more").first.click()
        assert (
            download.value.suggested_filename
            == f"How-many-Russian-attacks-were-reported-on-Wednesday{ending}"
        )
        exported[ending] = Path(download.value.path()).read_text(encoding="utf-8")
    (citation,) = answer.citations
    assert f"# {ATTACKS}" in exported[".md"]
    assert answer.to_markdown() in exported[".md"]
    assert f"Answered by {answer.model} from index version {answer.index_version}." in exported[".md"]
    (turn,) = json.loads(exported[".json"])["turns"]
    assert turn["answer"]["citations"][0]["quote"] == citation.quote
    assert turn["answer"]["citations"][0]["document_sha256"] == citation.document_sha256
    assert (turn["answer"]["model"], turn["answer"]["index_version"]) == (answer.model, answer.index_version)


@BOTH
def test_a_question_is_edited_in_place_and_asked_again(site: str, read: Open, viewport: ViewportSize) -> None:
    reader = read(site, viewport=viewport)
    reader.ask(UNANSWERED, "insufficient")
    reader.ask(IAEA)
    first = reader.turns.first
    first.get_by_role("button", name="Edit the question").click()
    box = first.get_by_label("Question to ask instead")
    expect(box).to_have_value(UNANSWERED)
    box.press("Escape")
    expect(first.locator("h2")).to_have_text(UNANSWERED)
    first.get_by_role("button", name="Edit the question").click()
    first.get_by_role("button", name="Leave as it was").click()  # a phone has no Escape
    expect(first.locator("h2")).to_have_text(UNANSWERED)
    first.get_by_role("button", name="Edit the question").click()
    first.get_by_label("Question to ask instead").fill(ATTACKS)
    first.get_by_role("button", name="Ask this").click()
    expect(first).to_have_attribute("data-state", "answered")
    expect(reader.turns.locator("h2")).to_have_text([ATTACKS, IAEA])
    reader.page.get_by_role("button", name="Undo").click()
    expect(reader.turns.locator("h2")).to_have_text([UNANSWERED, IAEA])


@BOTH
def test_a_turn_is_deleted_and_brought_back(site: str, read: Open, viewport: ViewportSize) -> None:
    reader = read(site, viewport=viewport)
    reader.ask(ATTACKS)
    reader.ask(IAEA)
    reader.turns.first.get_by_role("button", name="Delete this question").click()
    expect(reader.turns.locator("h2")).to_have_text([IAEA])
    reader.page.get_by_role("button", name="Undo").click()
    expect(reader.turns.locator("h2")).to_have_text([ATTACKS, IAEA])
    reader.page.reload()
    expect(reader.turns.locator("h2")).to_have_text([ATTACKS, IAEA])


def test_an_answer_is_copied_plain_and_with_its_sources(site: str, read: Open, assistant: Assistant) -> None:
    reader = read(site, permissions=["clipboard-read", "clipboard-write"])
    reader.ask(ATTACKS)
    for name, expected in (
        ("Copy the answer", QUOTE),
        ("Copy with its sources, as Markdown", assistant.ask(ATTACKS).to_markdown()),
    ):
        reader.turn.get_by_role("button", name=name).click()
        expect(reader.page.locator("#fn-toast")).to_have_text("Copied.")
        assert expected in reader.page.evaluate("navigator.clipboard.readText()")
        reader.page.locator("#fn-toast").evaluate("each => each.replaceChildren()")


def ratings(file: Path) -> list[tuple[str, str]]:
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [(row["rating"], row["reason"]) for row in rows]


@BOTH
def test_ratings_are_kept_as_questions_to_evaluate_with(
    serve: Serve, read: Open, tmp_path: Path, viewport: ViewportSize
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "lamp.txt").write_text("The lamp of the lighthouse was lit in 1871.\n")
    with Assistant.open(corpus, index=tmp_path / "index") as held:
        reader = read(serve(lambda: held), viewport=viewport)
        reader.ask("When was the lamp of the lighthouse lit?")
        good, bad = (reader.turn.get_by_role("button", name=f"{each} answer") for each in ("Good", "Bad"))
        with reader.page.expect_response("**/component_server**"):
            good.click()
        expect(reader.page.locator("#fn-toast")).to_contain_text("index-feedback.jsonl")
        expect(good).to_have_attribute("aria-pressed", "true")
        file = tmp_path / "index-feedback.jsonl"
        assert ratings(file) == [("up", "")]
        (question,) = read_questions(file).questions
        assert question.sources == ("lamp.txt",) and question.answerable is True
        assert question.approved == "The lamp of the lighthouse was lit in 1871."
        with reader.page.expect_response("**/component_server**"):
            bad.click()
        assert ratings(file) == [("down", "")]  # before a reason is given, and in place of the thumb up
        expect(bad).to_have_attribute("aria-pressed", "true")
        expect(good).to_have_attribute("aria-pressed", "false")
        reader.page.get_by_label("What is wrong with the answer? Optional.").fill("No <year>.")
        with reader.page.expect_response("**/component_server**"):
            reader.page.keyboard.press("Enter")
        assert ratings(file) == [("down", "No <year>.")]
        (question,) = read_questions(file).questions
        assert question.rejected is not None
        reader.ask("When was the lamp lit?")
        with reader.page.expect_response("**/component_server**"):
            reader.turn.get_by_role("button", name="Good answer").click()
        assert ratings(file) == [("down", "No <year>."), ("up", "")]  # of another answer


def test_a_marker_shows_its_quote_when_pointed_at_or_focused(site: str, read: Open) -> None:
    reader = read(site)
    reader.ask(ATTACKS)
    preview = reader.page.get_by_role("tooltip")
    marker = reader.turn.locator("a.fn-cite")
    marker.hover()
    expect(preview.locator("blockquote")).to_have_text(QUOTE)
    expect(preview).to_contain_text("The quote supports this sentence.")
    reader.box.hover()
    expect(preview).to_be_hidden()
    reader.turn.locator(".fn-evidence").focus()
    reader.page.keyboard.press("Shift+Tab")
    expect(marker).to_be_focused()
    expect(preview).to_be_visible()


@BOTH
def test_a_follow_up_is_shown_as_it_was_understood_and_can_be_changed(
    site: str, read: Open, viewport: ViewportSize
) -> None:
    reader = read(site, viewport=viewport)
    reader.ask("Who is Rafael Grossi?")
    reader.send("What did he tell reporters?")
    expect(reader.turn).not_to_have_attribute("data-state", "running")
    asked = reader.turn.locator(".fn-asked-as span")
    expect(asked).to_contain_text("Rafael Grossi")
    understood = asked.inner_text()
    reader.turn.get_by_role("button", name="Change").click()
    box = reader.turn.get_by_label("Question to ask instead")
    expect(box).to_have_value(understood)

    leaning = "Who warned him about the plant?"  # asked with what was said before, it would be rewritten
    with reader.page.expect_request("**/queue/join**") as sent:
        box.fill(leaning)
        box.press("Enter")
    assert history(sent.value) == []
    expect(reader.turn.locator("h2")).to_have_text(leaning)
    expect(reader.turn).not_to_have_attribute("data-state", "running")
    expect(reader.turn.locator(".fn-asked-as")).to_have_count(0)
    with reader.page.expect_request("**/queue/join**") as sent:
        reader.turn.get_by_role("button", name="Ask again").click()
    assert history(sent.value) == []
    expect(reader.turn).not_to_have_attribute("data-state", "running")
    expect(reader.turn.locator(".fn-asked-as")).to_have_count(0)


@BOTH
def test_settings_go_with_the_next_question_and_stay(site: str, read: Open, viewport: ViewportSize) -> None:
    reader, other = read(site, viewport=viewport), read(site, viewport=viewport)
    reader.page.keyboard.press("Escape")
    open_rail(reader.page)
    reader.page.get_by_role("button", name="Settings").click()
    dialog = reader.page.get_by_role("dialog", name="Settings")
    for setting in ("Passages", "When to refuse", "Theme"):
        group = dialog.get_by_role("group", name=setting)
        assert len(group.locator("p").inner_text()) > 30
    dialog.get_by_role("radio", name="4", exact=True).check()
    dialog.get_by_role("radio", name="Dark", exact=True).check()
    reader.page.go_back()
    expect(dialog).to_be_hidden()
    turn = reader.ask(UNANSWERED, "insufficient")
    cards = reader.page.locator("#fn-cards .fn-sources:not([hidden]) .fn-card")
    expect(turn.locator(".fn-evidence")).to_contain_text("nearest passage")
    assert 1 <= cards.count() <= 4
    paper = "getComputedStyle(document.querySelector('#fn-shell')).backgroundColor"
    reader.page.reload()
    expect(reader.page.locator("#fn-shell")).to_be_visible()
    assert reader.page.evaluate(paper) == "rgb(22, 24, 29)"
    assert other.page.evaluate(paper) == "rgb(250, 250, 248)"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_the_back_button_closes_what_is_open_and_does_not_leave(
    site: str, read: Open, viewport: ViewportSize
) -> None:
    reader = read(site, viewport=viewport)
    reader.ask(ATTACKS)
    reader.open_first_citation()
    reader.page.go_back()
    expect(reader.page.locator("#fn-viewer")).to_be_hidden()
    if viewport is PHONE:
        expect(reader.cards.first).to_be_in_viewport()
        reader.page.go_back()
        expect(reader.page.locator("#fn-pane")).to_be_hidden()
    expect(reader.turn.locator("h2")).to_have_text(ATTACKS)
    assert reader.page.evaluate("history.state?.footnote ?? 0") == 0


def test_the_keyboard_reaches_everything_and_lists_itself(site: str, read: Open) -> None:
    reader = read(site)
    page = reader.page
    page.locator("h1.fn-wordmark").click()
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed.locator("dd")).to_contain_text(["Ask", "New conversation", "Documents"])
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    page.keyboard.press("/")
    expect(reader.box).to_be_focused()
    reader.ask(ATTACKS)
    reader.box.press("ArrowUp")
    expect(reader.turn.get_by_label("Question to ask instead")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1.fn-wordmark").click()
    page.keyboard.press("j")
    assert reader.words_in_the_document() == QUOTE
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(rail(page)).to_be_hidden()
    page.keyboard.press("f")
    expect(page.get_by_label("Search conversations")).to_be_focused()
    page.locator("h1.fn-wordmark").click()
    page.keyboard.press("d")
    expect(page.locator("#fn-documents")).to_be_visible()
    page.keyboard.press("Escape")
    expect(reader.box).to_be_visible()
    page.keyboard.press("n")
    expect(reader.turns).to_have_count(0)


def test_escape_stops_the_answer(stepwise: tuple[Stepwise, str], read: Open) -> None:
    held, address = stepwise
    reader = read(address)
    reader.send(ATTACKS)
    held.step(4)
    expect(reader.turn.locator(".fn-answer")).to_have_text("Only")
    reader.page.keyboard.press("Escape")
    reader.come_to("stopped")
    held.free()


def test_on_a_phone_the_conversations_are_a_drawer(site: str, read: Open) -> None:
    reader = read(site, viewport=PHONE, has_touch=True)
    reader.ask(ATTACKS)
    toggle = reader.page.get_by_role("button", name="Show conversations")
    toggle.tap()
    expect(conversations(reader.page)).to_have_text([ATTACKS])
    reader.page.go_back()
    expect(rail(reader.page)).to_be_hidden()
    expect(toggle).to_be_focused()
    toggle.tap()
    reader.page.get_by_role("button", name="New conversation").tap()
    expect(rail(reader.page)).to_be_hidden()
    expect(reader.turns).to_have_count(0)


def test_the_page_says_when_the_server_has_gone(site: str, read: Open) -> None:
    reader: Reader = read(site)
    reader.ask(ATTACKS)
    reader.page.route("**/component_server**", lambda route: route.fulfill(status=200, body="null"))
    reader.page.route("**/queue/join**", lambda route: route.fulfill(status=200, body='{"event_id": "none"}'))
    reader.box.fill(IAEA)
    reader.box.press("Enter")
    expect(reader.page.locator("#fn-toast")).to_contain_text("Footnote does not answer", timeout=30_000)
    expect(reader.box).to_have_value(IAEA)
    reader.page.unroute_all()
