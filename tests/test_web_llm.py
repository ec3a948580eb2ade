"""The page over a language model: what it shows beside the answer, and what Stop and a failure do."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from llm_server import LLMServer, breaks_off, llm_server, refuses, says, stalls
from playwright.sync_api import ViewportSize, expect
from web_fixtures.browsing import DESKTOP, PHONE, Open, Serve

from qa import Assistant

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "Who seized the nuclear plant?"
SEIZED = "Russian forces seized the plant soon after the invasion."
LIE = "The plant makes 12 cakes."
KEY = "sk-planted-0123456789"
# Where the last word before a mark stands, and where the mark.
LAST_WORD = """mark => {
  const text = mark.closest(".fn-sentence").firstChild;
  const range = document.createRange();
  range.setStart(text, text.data.trimEnd().lastIndexOf(" ") + 1);
  range.setEnd(text, text.data.trimEnd().length);
  return [range, mark].map((each) => each.getBoundingClientRect().toJSON());
}"""
BOTH = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1440", "390"])


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


@pytest.fixture(scope="module")
def writing(server: LLMServer, seed_index: Path) -> Iterator[Assistant]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_LLM_BASE_URL", server.url)
        patch.setenv("QA_LLM_API_KEY", KEY)
        with Assistant.open(SEEDS, index=seed_index, llm="openai-like/test") as assistant:
            server.will(says(f"{SEIZED} [1]"))
            assistant.ask(QUESTION)  # the first answer loads the models
            yield assistant


@pytest.fixture(scope="module")
def site(serve: Serve, writing: Assistant) -> str:
    return serve(lambda: writing)


@pytest.fixture(scope="module")
def strict_site(serve: Serve, writing: Assistant) -> str:
    strict = writing.using(strict=True)
    return serve(lambda: strict)


@BOTH
def test_the_readers_answer_stands_beside_one_that_nothing_supports(
    site: str, server: LLMServer, read: Open, viewport: ViewportSize
) -> None:
    server.will(says(f"{LIE} [1]"))
    reader = read(site, viewport=viewport)
    turn = reader.ask(QUESTION)
    expect(turn.locator('.fn-sentence[data-verdict="unsupported"]')).to_contain_text(LIE)
    other = turn.locator(".fn-alternative")
    expect(other.locator("summary")).to_have_text("The built-in reader answers")
    expect(other.locator("blockquote").first).to_have_text(SEIZED)
    expect(turn.locator(".fn-usage")).to_have_text("200 tokens read, 20 written")
    assert reader.page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    assert min(reader.contrasts().values()) >= 4.5
    other.locator("a.fn-alternative-source").first.hover()
    other.locator("a.fn-alternative-source").first.click()
    assert reader.words_in_the_document() == SEIZED


def test_a_mark_of_doubt_stays_with_the_last_word_of_its_sentence(
    site: str, server: LLMServer, read: Open
) -> None:
    server.will(says("The plant makes twelve large cakes of chocolate on every Monday."))
    reader = read(site)
    mark = reader.ask(QUESTION).locator(".fn-sentence .fn-doubt").first
    lines = set()
    for width in range(320, 420, 5):
        reader.page.set_viewport_size({"width": width, "height": 844})
        word, sign = mark.evaluate(LAST_WORD)
        assert word["right"] <= sign["left"] <= word["right"] + 12
        assert word["top"] < (sign["top"] + sign["bottom"]) / 2 < word["bottom"]
        lines.add(word["top"])
    assert len(lines) > 1  # the sentence was broken in several ways


def test_a_model_s_client_is_loaded_when_it_is_chosen(
    serve: Serve, writing: Assistant, read: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = read(serve(lambda: writing))
    monkeypatch.delitem(sys.modules, "qa.clients.openai")
    with reader.page.expect_response("**/component_server**"):
        reader.page.keyboard.press(",")
        reader.page.get_by_label("openai-like/test").check()
    for thread in threading.enumerate():
        if thread.name == "client":
            thread.join(60)
    assert "qa.clients.openai" in sys.modules


@BOTH
def test_what_strict_left_out_can_be_read(
    strict_site: str, server: LLMServer, read: Open, viewport: ViewportSize
) -> None:
    server.will(says(f"{LIE} [1] {SEIZED} [1]"))
    turn = read(strict_site, viewport=viewport).ask(QUESTION)
    expect(turn.locator(".fn-answer")).to_have_text(f"{SEIZED} [1]")
    notice = turn.locator(".fn-extra-notice")
    expect(notice).to_have_text("Left out, because no passage supports it: 1 sentence.")
    left_out = turn.locator(".fn-removed")
    expect(left_out.locator("li")).to_be_hidden()
    left_out.locator("summary").click()
    expect(left_out.locator("li")).to_have_text(LIE)


@BOTH
def test_a_failure_is_told_with_what_had_been_written(
    site: str, server: LLMServer, read: Open, viewport: ViewportSize
) -> None:
    server.will(breaks_off("The plant was seized by "))
    reader = read(site, viewport=viewport)
    turn = reader.ask(QUESTION)
    expect(turn.locator(".fn-extra-notice")).to_contain_text("broke off the answer. Ask again.")
    expect(turn.locator(".fn-extra-notice")).to_contain_text("The built-in reader answered instead.")
    expect(turn.locator(".fn-answer")).to_contain_text(SEIZED)
    turn.locator(".fn-partial summary").click()
    expect(turn.locator(".fn-partial p")).to_have_text("The plant was seized by")
    reader.page.reload()
    expect(reader.turn.locator(".fn-extra-notice")).to_contain_text("broke off the answer")


def test_waiting_to_ask_again_is_shown(site: str, server: LLMServer, read: Open) -> None:
    server.will(refuses(429, Retry_After="5"), says(f"{SEIZED} [1]"))
    reader = read(site)
    reader.send(QUESTION)
    expect(reader.turn.locator(".fn-stage")).to_contain_text("waiting 5 s to ask again")
    reader.come_to("answered")


def test_stop_ends_the_request(site: str, server: LLMServer, read: Open) -> None:
    server.will(stalls("The plant was "))
    reader = read(site)
    reader.send(QUESTION)
    expect(reader.turn.locator(".fn-answer")).to_contain_text("The plant was")
    reader.page.get_by_role("button", name="Stop").click()
    reader.come_to("stopped")
    expect(reader.turn.locator(".fn-answer")).to_contain_text("The plant was")
    assert server.hung_up.wait(30)


def test_stop_ends_the_rewriting_of_a_follow_up(site: str, server: LLMServer, read: Open) -> None:
    server.will(says(f"{SEIZED} [1]"), stalls())
    reader = read(site)
    reader.ask(QUESTION)
    reader.send("And who runs it?")
    expect(reader.turn.locator(".fn-stage")).to_contain_text("Understanding the question")
    reader.page.get_by_role("button", name="Stop").click()
    reader.come_to("stopped")
    assert server.hung_up.wait(30)


def test_the_page_and_its_exports_never_hold_the_key(site: str, server: LLMServer, read: Open) -> None:
    follow_up = "Who is the head of the IAEA?"
    server.will(refuses(400, f"your key {KEY} is bad"), says(follow_up), says(f"{LIE} [1]"))
    reader = read(site, accept_downloads=True)
    reader.ask(QUESTION)
    reader.ask(follow_up)
    kept = [reader.page.content(), reader.page.evaluate("JSON.stringify(localStorage)")]
    for entry in ("Export as Markdown", "Export as JSON"):
        with reader.page.expect_download() as download:
            reader.page.locator("#fn-rail .fn-more").first.click()
            reader.page.locator("#fn-rail .fn-menu").get_by_role("button", name=entry).click()
        kept.append(Path(download.value.path()).read_text(encoding="utf-8"))
        reader.page.locator("#fn-rail .fn-more").first.click()
    assert "is bad" in kept[2] and "The built-in reader answers" in kept[2]
    assert all(KEY not in each for each in kept)
