"""Questions to start from: how they are worded, which are kept, and how they come to the page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect
from web_fixtures.article import ARTICLE, ATTACKS
from web_fixtures.article import assistant as assistant
from web_fixtures.article import site as site
from web_fixtures.browsing import Open, Serve

from qa import Assistant
from qa.web.suggestions import suggest
from qa.web.wording import asked_of


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("The lamp of the lighthouse was lit in 1871.", "When was the lamp of the lighthouse lit?", "1871"),
        ("The inn at Barstow was opened on 4 May 1902.", "When was the inn at Barstow opened?", "4 May 1902"),
        ("Only 57 Russian attacks were reported on Wednesday.", ATTACKS, "57"),
        ("Ostwick is the largest mill in all Europe.", "What is Ostwick?", "the largest mill in all Europe"),
        ("Dr Mary Bell was a miller of Ostwick.", "Who was Dr Mary Bell?", "a miller of Ostwick"),
        ("Ukraine accuses Russia of hiding tanks.", "Who accuses Russia of hiding tanks?", "Ukraine"),
    ],
)  # fmt: skip
def test_a_sentence_is_asked_about_as_people_ask(sentence: str, question: str, answer: str) -> None:
    assert (question, answer) in [(each.question, each.answer) for each in asked_of(sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It was opened in 1871.",
        "The company was founded in 1794.",  # which company?
        "Odo Kraal was a miller of Ostwick.",  # who, or what?
        "Text formats are decoded in the parent up to one mebibyte.",
        f"Ukraine says {'the mill and ' * 10}the barn burned.",
    ],
)
def test_what_would_puzzle_a_reader_is_not_asked(sentence: str) -> None:
    assert list(asked_of(sentence)) == []


def test_what_the_reader_answers_is_suggested_the_same_every_time(assistant: Assistant) -> None:
    found = suggest(assistant)
    assert 2 <= len(found) <= 4 and ATTACKS in found
    assert found[-1] == "What is this document about?"
    assert all(assistant.ask(question).status == "answered" for question in found)
    assert suggest(assistant) == found


def test_an_answer_leads_to_further_questions(site: str, read: Open) -> None:
    reader = read(site)
    reader.ask(ATTACKS)
    further = reader.turn.locator(".fn-next .fn-ask")
    asked = further.first.inner_text()
    assert asked != ATTACKS
    further.first.click()
    expect(reader.turns).to_have_count(2)
    reader.come_to("answered")
    assert reader.turn.locator("h2").inner_text() == asked
    expect(reader.turns.first.locator(".fn-next")).to_be_hidden()


def test_questions_come_to_the_page_and_others_with_other_documents(
    serve: Serve, read: Open, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "lamp.txt").write_text("The lamp of the lighthouse was lit in 1871.\n")
    with Assistant.open(corpus, index=tmp_path / "index") as held:
        reader = read(serve(lambda: held))
        asked = reader.page.locator(".fn-starters .fn-ask")
        expect(asked).to_have_text(
            ["When was the lamp of the lighthouse lit?", "What is this document about?"]
        )
        asked.first.click()
        assert "1871" in reader.come_to("answered").inner_text()
        shutil.copy(ARTICLE, corpus)
        held.rebuild()
        reader.page.reload()
        reader.page.get_by_role("button", name="New conversation").click()
        expect(asked.filter(has_text=ATTACKS)).to_be_visible()
        expect(asked.last).to_have_text("What are these documents about?")
