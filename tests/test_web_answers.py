"""An answer in real Chromium: how it comes, where its markers lead, and what stands beside it."""

from __future__ import annotations

import pytest
from playwright.sync_api import ViewportSize, expect
from web_fixtures.article import ARTICLE, ATTACKS, QUOTE, UNANSWERED
from web_fixtures.article import assistant as assistant
from web_fixtures.article import site as site
from web_fixtures.article import stepwise as stepwise
from web_fixtures.browsing import PHONE, WIDE, Open, Serve
from web_fixtures.stepwise import Stepwise

from qa import Assistant


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
        expect(reader.highlighted.first).to_contain_text(citation.quote[:40])  # no longer the one before
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


@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["390", "1920"])
def test_an_answer_is_written_before_the_eyes_and_nothing_moves(
    stepwise: tuple[Stepwise, str], read: Open, viewport: ViewportSize
) -> None:
    held, address = stepwise
    reader = read(address, viewport=viewport)
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


@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["390", "1920"])
def test_a_follow_up_is_shown_as_it_is_searched_before_its_answer(
    assistant: Assistant, serve: Serve, read: Open, viewport: ViewportSize
) -> None:
    held = Stepwise(assistant)
    reader = read(serve(lambda: held), viewport=viewport, reduced_motion="reduce")  # nothing scrolls still
    held.step(1000)
    reader.ask("Who is Rafael Grossi?")
    held.again()
    reader.send("What did he tell reporters?")
    held.step()
    asked, answer = reader.turn.locator(".fn-asked-as span"), reader.turn.locator(".fn-answer")
    expect(asked).to_have_text("What did Rafael Grossi tell reporters?")
    place = answer.bounding_box()
    held.free()
    reader.come_to("answered")
    expect(asked).to_have_text("What did Rafael Grossi tell reporters?")
    after = answer.bounding_box()
    assert place and after and (place["x"], place["y"]) == (after["x"], after["y"])


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
