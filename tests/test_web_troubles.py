"""What goes wrong on the page, in real Chromium: what is said of it, and how one goes on. Text is data."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from web_fixtures.article import ARTICLE, ATTACKS, QUOTE
from web_fixtures.article import assistant as assistant
from web_fixtures.article import site as site
from web_fixtures.article import stepwise as stepwise
from web_fixtures.browsing import Open, Serve
from web_fixtures.stepwise import Stepwise

from index_store import IndexMissingError
from qa import Assistant


@pytest.mark.parametrize("question", ["x" * 20_000, "why " * 600])
def test_an_overlong_question_gets_a_clear_message(site: str, read: Open, question: str) -> None:
    reader = read(site)
    turn = reader.ask(question, "failed")
    expect(turn.get_by_role("alert")).to_contain_text(
        f"The question has {len(question.strip()):,} characters"
    )
    assert len(turn.locator("h2").inner_text()) < 700
    reader.ask(ATTACKS)


def test_an_empty_question_is_not_asked(site: str, read: Open) -> None:
    reader = read(site)
    reader.box.fill("  ")
    button = reader.page.get_by_role("button", name="Ask")
    ways: tuple[Callable[[], None], ...] = (lambda: reader.box.press("Enter"), button.click)
    for ask in ways:
        ask()
        assert reader.box.evaluate("box => box.validationMessage") == "Type a question first."
    reader.ask(ATTACKS)
    assert reader.box.evaluate("box => box.validationMessage") == ""
    expect(reader.turns).to_have_count(1)


def test_a_missing_index_is_named_with_what_to_run_and_the_next_question_finds_it(
    serve: Serve, read: Open, assistant: Assistant
) -> None:
    there: list[Assistant] = []

    def open_assistant() -> Assistant:
        if not there:
            raise IndexMissingError("There is no index at /nowhere yet. Run: qa rebuild --index /nowhere")
        return there[0]

    reader = read(serve(open_assistant))
    expect(reader.page.locator("#fn-start").get_by_role("alert")).to_contain_text("There is no index")
    turn = reader.ask(ATTACKS, "failed")
    assert turn.get_by_role("alert").locator("code").inner_text() == "qa rebuild --index /nowhere"
    expect(reader.page.locator(".fn-shelf")).to_have_text("No documents to ask yet")
    there.append(assistant)
    turn.get_by_role("button", name="Ask again").click()
    expect(reader.turn).to_have_attribute("data-state", "answered")
    expect(reader.page.locator(".fn-shelf")).to_have_text("1 document")


def test_an_empty_index_is_filled_without_a_restart(serve: Serve, read: Open, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        reader = read(serve(lambda: assistant))
        turn = reader.ask(ATTACKS, "failed")
        expect(turn.get_by_role("alert")).to_contain_text("The index holds no documents.")
        command = turn.get_by_role("alert").locator("code").inner_text()
        assert command == f"qa rebuild {corpus} --index {tmp_path / 'index'}"
        shutil.copy(ARTICLE, corpus)
        assistant.rebuild()
        reader.ask(ATTACKS)
        assert reader.open_first_citation() == QUOTE


def test_an_unforeseen_error_is_logged_and_said_without_its_details(
    serve: Serve, read: Open, assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Stepwise(assistant, trouble=ZeroDivisionError("secret detail"))
    broken.free()
    reader = read(serve(lambda: broken))
    turn = reader.ask(ATTACKS, "failed")
    expect(turn.get_by_role("alert")).to_contain_text("Something went wrong that Footnote did not foresee.")
    assert "secret detail" not in (reader.page.locator("body").text_content() or "")
    assert "secret detail" in caplog.text


def test_a_document_that_is_gone_says_so(serve: Serve, read: Open, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "lamp.txt").write_text("The lamp of the lighthouse was lit in 1871.\n")
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        reader = read(serve(lambda: assistant))
        reader.ask("When was the lamp of the lighthouse lit?")
        (corpus / "lamp.txt").write_text("Long before. The lamp of the lighthouse was lit in 1871.\n")
        assistant.rebuild()
        reader.turn.locator("a.fn-cite").click()
        expect(reader.page.locator(".fn-changed")).to_contain_text("has changed since the answer")
        (corpus / "lamp.txt").unlink()
        shutil.copy(ARTICLE, corpus)
        assistant.rebuild()
        reader.page.keyboard.press("Escape")
        reader.turn.locator("a.fn-cite").click()
        expect(reader.page.locator("#fn-viewer").get_by_role("alert")).to_contain_text("lamp.txt")


def test_a_server_that_does_not_answer_is_said_not_to(site: str, read: Open) -> None:
    reader = read(site)
    reader.ask(ATTACKS)
    reader.page.route(
        re.compile("component_server"),
        lambda route: route.fulfill(body="null", content_type="application/json"),
    )
    reader.turn.locator("a.fn-cite").click()
    expect(reader.page.locator("#fn-viewer").get_by_role("alert")).to_contain_text("does not answer")
    reader.page.unroute_all()
    assert reader.open_first_citation() == QUOTE


# Text is data

HOSTILE = (
    'The beacon of <script>window.ran = 1</script> burns <img src=x onerror="window.ran = 2"> oil, '
    "costs $x^2$ **crowns** and [lies](javascript:window.ran=3) [7] &lt;b&gt; `${window.ran = 4}` {{x}}."
)


def test_markup_in_documents_names_and_questions_is_text(serve: Serve, read: Open, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    name = '<img src=x onerror="window.ran=5">&"\'.txt'
    (corpus / name).write_text(
        f"A lighthouse stands here.\n{HOSTILE}\nThe keeper sleeps.\n", encoding="utf-8"
    )
    question = (
        f'What does the beacon burn? <img src=x onerror="window.ran=2"> {HOSTILE[:60]} **crowns** $x^2$'
    )
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        reader = read(serve(lambda: assistant))
        turn = reader.ask(question)
        assert turn.locator("h2").text_content() == question
        written = HOSTILE.replace("[7]", "(7)")  # as the reader keeps it apart from its own markers
        assert (turn.locator(".fn-answer").text_content() or "").startswith(written)
        assert reader.cards.first.locator(".fn-file").text_content() == name
        assert reader.open_first_citation() == HOSTILE
        assert reader.page.locator(".fn-here").text_content() == name
        ours = ".fn-cite, .fn-card-head, [data-tool=original], .fn-open"
        strange = f"#fn-shell :is(script, img, strong, em, a:not({ours}), math, .katex)"
        assert reader.page.locator(strange).count() == 0
        reader.page.locator("#fn-rail .fn-more").click()
        reader.page.get_by_role("button", name="Rename").click()
        reader.page.get_by_label("New name of the conversation").fill(name)
        reader.page.keyboard.press("Enter")
        expect(reader.page.locator("#fn-rail .fn-name")).to_have_text(name)
        reader.page.get_by_role("button", name="Documents").click()
        expect(reader.page.get_by_role("table").locator(".fn-file")).to_have_text(name)
        assert reader.page.locator(strange).count() == 0
        assert reader.page.evaluate("window.ran") is None
