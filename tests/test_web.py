"""The page in real Chromium, over a real assistant: what a reader does, and what they then see."""

from __future__ import annotations

import hashlib
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from web_fixtures.browsing import Open, Serve
from web_fixtures.stepwise import Stepwise

from index_store import IndexMissingError
from qa import Assistant
from qa.web import build_page
from qa.web.library import Library
from qa.web.server import ServeError, launch

ARTICLE = Path(__file__).parents[1] / "seeds" / "000_02a9af07749c0ccb.txt"
ATTACKS = "How many Russian attacks were reported on Wednesday?"
QUOTE = "Only 57 Russian attacks were reported on Wednesday."
UNANSWERED = "Who won the 2018 World Cup?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the seed article."""
    corpus = tmp_path_factory.mktemp("corpus")
    shutil.copy(ARTICLE, corpus)
    with Assistant.open(corpus, index=tmp_path_factory.mktemp("index") / "index") as assistant:
        yield assistant


@pytest.fixture(scope="module")
def site(serve: Serve, assistant: Assistant) -> str:
    """The address of the page over the seed article."""
    return serve(lambda: assistant)


@pytest.fixture
def stepwise(assistant: Assistant, serve: Serve) -> Iterator[tuple[Stepwise, str]]:
    """An assistant that answers step by step, and the address of a page over it."""
    held = Stepwise(assistant)
    yield held, serve(lambda: held)
    held.free()


# The main job


def test_a_question_is_answered_and_its_marker_opens_the_quoted_words(site: str, read: Open) -> None:
    reader = read(site)
    reader.ask(ATTACKS)
    assert reader.turn.locator("h2").inner_text() == ATTACKS
    assert reader.turn.locator(".fn-answer").text_content() == f"{QUOTE} [1]"

    assert reader.open_first_citation() == QUOTE
    text = reader.page.locator("#fn-viewer .fn-text").text_content()
    assert text == ARTICLE.read_text(encoding="utf-8")

    reader.page.get_by_role("button", name="← Sources").click()
    expect(reader.cards.first).to_be_visible()
    expect(reader.page.locator("#fn-viewer")).to_be_hidden()


def test_a_card_shows_file_position_and_the_quote_in_its_passage_and_opens_it(site: str, read: Open) -> None:
    reader = read(site)
    reader.ask(ATTACKS)
    expect(reader.cards).to_have_count(1)
    card = reader.cards.first
    assert card.locator(".fn-number").inner_text() == "1"
    assert card.locator(".fn-file").inner_text() == ARTICLE.name
    assert card.locator(".fn-where").inner_text() == "characters 1321–1372"
    assert card.locator("mark").all_text_contents() == [QUOTE]
    passage = card.locator("blockquote").text_content() or ""
    before, after = passage.split(QUOTE)
    whole = ARTICLE.read_text(encoding="utf-8")
    assert before.lstrip("… ") in whole and after.rstrip("… ") in whole
    assert len(before) > 100 or len(after) > 100

    card.locator("blockquote").click()
    assert reader.words_in_the_document() == QUOTE


def test_every_marker_has_the_card_of_its_number(site: str, read: Open, assistant: Assistant) -> None:
    question = "Why does Moscow want Bakhmut?"
    answer = assistant.ask(question)
    reader = read(site)
    turn = reader.ask(question)
    markers = turn.locator("a.fn-cite")
    assert markers.all_text_contents() == [f" [{each.number}]" for each in answer.citations]
    for marker, citation in zip(markers.all(), answer.citations, strict=True):
        card = reader.page.locator(marker.get_attribute("href") or "")
        assert card.locator("mark").text_content() == citation.quote
        marker.click()
        assert reader.words_in_the_document() == citation.quote
        expect(card.locator("a")).to_have_attribute("aria-current", "true")


def test_an_earlier_answer_keeps_its_sources(site: str, read: Open) -> None:
    reader = read(site)
    reader.ask(ATTACKS)
    reader.ask("Who is the head of the IAEA?")
    expect(reader.cards.locator("mark")).to_contain_text("Rafael Grossi")
    reader.turns.first.get_by_role("button", name="1 source").click()
    expect(reader.cards.locator("mark")).to_have_text(QUOTE)
    reader.turns.first.locator("a.fn-cite").click()
    assert reader.words_in_the_document() == QUOTE


def test_an_answer_is_written_before_the_eyes_and_nothing_moves(
    stepwise: tuple[Stepwise, str], read: Open
) -> None:
    held, address = stepwise
    reader = read(address)
    reader.send(ATTACKS)
    question, stage = reader.turn.locator("h2"), reader.turn.locator(".fn-stage")
    places = []
    for named in ("Searching the documents", "Reading the passages", "Writing the answer"):
        held.step()
        expect(stage).to_have_text(named)
        places.append(question.bounding_box())
    for written in ("Only", "Only 57", "Only 57 Russian"):
        held.step()
        expect(reader.turn.locator(".fn-answer")).to_have_text(written)
        places.append(question.bounding_box())
    held.free()
    reader.come_to("answered")
    places.append(question.bounding_box())
    assert reader.turn.locator(".fn-answer").text_content() == f"{QUOTE} [1]"
    assert all(place == places[0] for place in places)


def test_stop_ends_the_answer_and_keeps_what_was_written(stepwise: tuple[Stepwise, str], read: Open) -> None:
    held, address = stepwise
    reader = read(address)
    stop = reader.page.get_by_role("button", name="Stop")
    expect(stop).to_be_hidden()
    reader.send(ATTACKS)
    held.step(6)
    expect(reader.turn.locator(".fn-answer")).to_have_text("Only 57 Russian")
    expect(reader.page.get_by_role("button", name="Ask", exact=True)).to_be_hidden()
    stop.click()
    reader.come_to("stopped")
    expect(reader.turn.locator(".fn-answer")).to_have_text("Only 57 Russian")
    expect(stop).to_be_hidden()
    held.free()
    reader.turn.get_by_role("button", name="Ask again").click()
    expect(reader.turn).to_have_attribute("data-state", "answered")
    expect(reader.turns).to_have_count(1)
    assert held.closed.wait(60)


def test_what_the_documents_do_not_say_is_said_with_the_nearest_passages(
    site: str, read: Open, assistant: Assistant
) -> None:
    hits = assistant.ask(UNANSWERED).hits
    reader = read(site)
    turn = reader.ask(UNANSWERED, "insufficient")
    assert turn.locator(".fn-refusal").inner_text() == "The documents don’t say."
    assert turn.locator("a.fn-cite").count() == 0
    expect(reader.page.locator("#fn-cards h2:visible")).to_have_text("Nearest passages")
    expect(reader.cards).to_have_count(len(hits))
    assert reader.cards.locator("mark").count() == 0
    nearest = hits[0].passage
    assert reader.cards.first.locator(".fn-where").inner_text() == (
        f"characters {nearest.start}–{nearest.end}"
    )
    reader.cards.first.click()
    assert reader.words_in_the_document() == nearest.text
    expect(reader.highlighted.first).to_have_attribute("data-kind", "passage")


def test_an_example_is_asked_with_a_click(site: str, read: Open) -> None:
    reader = read(site)
    expect(reader.cards).to_have_count(0)
    reader.page.get_by_role("button", name=ATTACKS).click()
    reader.come_to("answered")
    assert reader.turn.locator("h2").inner_text() == ATTACKS
    assert reader.turn.locator("mark, .fn-answer").first.text_content() == f"{QUOTE} [1]"
    expect(reader.page.locator("#fn-start")).to_be_hidden()


# What is not well


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
    for ask in (lambda: reader.box.press("Enter"), reader.page.get_by_role("button", name="Ask").click):
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
        ours = ".fn-cite, .fn-card-head, .fn-original, .fn-open"
        strange = f"#fn-shell :is(script, img, strong, em, a:not({ours}), math, .katex)"
        assert reader.page.locator(strange).count() == 0
        assert reader.page.evaluate("window.ran") is None


# How it looks and feels


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


# Programs, and the port


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
