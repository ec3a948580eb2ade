"""Words that cannot answer a question: its own again, or of a measure that it does not ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import Assistant
from qa.aptness import apt, is_phrase


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("How much do the glasses cost?", "$449", "48 grams"),
        ("How much was the farm fined?", "12,000 soles", "30 days"),
        ("How much did it cost?", "nothing", "twice as much as before"),
        ("What percentage of the vote did Fontaine get?", "44.6 percent", "71"),
        ("Which percentage of them is blind?", "one in ten", "12"),
        ("Who left the ducks?", "Donna Whitlow", "Someone"),
        ("Who is in charge of ISRO?", "Madhavi Ranganathan", "Indian Space Research Organisation"),
        ("Who runs the Athletics Integrity Unit?", "Brett Hale", "Athletics Integrity Unit"),
        ("wilmer toaquiza cause of death", "a tear gas canister", "Wilmer Toaquiza"),
        ("What is the time rate of change of charge called?", "current", "the time rate of change of charge"),
    ],
)
def test_words_of_another_measure_and_those_of_the_question_are_no_answer(
    question: str, right: str, wrong: str
) -> None:
    assert apt(question, right)
    assert not apt(question, wrong)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How much do they cost?", "free of charge"),
        ("How much will it cost?", "EUR 5m"),
        ("How much paid leave do employees get?", "25 days"),
        ("How much did prices rise?", "8.6 percent"),
        ("What percent of them voted?", "most"),
        ("Who opened the bridge?", "She"),
        ("How many of the sailors survived?", "All of them"),
        ("How many reeds did Bell need?", "two"),
        ("When was the Season Two party?", "May"),
        ("Who can apply?", "Anyone"),
        ("Who was hurt?", "Nobody"),
        ("Which lamp is lit, the red or the green?", "the green"),
        ("Between Smith and Jones, who won?", "Jones"),
        ("Is Brekke School a partner?", "Brekke School"),
        ("What does IAEA stand for?", "International Atomic Energy Agency"),
        ("Where is the University of Oxford?", "Oxford"),
    ],
)
def test_an_answer_that_only_looks_wrong_stays_one(question: str, words: str) -> None:
    assert apt(question, words)


def test_a_unit_may_stand_behind_the_words() -> None:
    asked = "What percentage of homeless people lived in Paris?"
    assert apt(asked, "43", after="% of them")
    assert apt(asked, "43", after=" per cent did")
    assert not apt(asked, "43", after=" people did")


def test_a_phrase_asks_without_a_sentence() -> None:
    assert is_phrase("ghana inflation april")
    assert not is_phrase("Inflation in April was what?")
    assert not is_phrase("May I bring a dog?")
    assert not is_phrase("Isn't parking free?")


NEWS = (
    "ACCRA (Reuters) - Ghana's central bank raised its main rate on Monday after the cedi lost value.\n"
    "Consumer inflation rose to 25.8% in April from 23.1% in March, the statistics service said.\n"
    "The glasses of Volta Optics weigh 48 grams, twice as much as an ordinary pair.\n"
    "They went on sale in Accra for $449, and 71 shops sell them.\n"
)


@pytest.mark.parametrize(
    ("question", "lead"),
    [("ghana inflation april", "25.8%"), ("How much do the glasses of Volta Optics cost?", "$449")],
)
def test_words_that_cannot_answer_make_room_for_those_that_can(
    tmp_path: Path, question: str, lead: str
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "news.txt").write_text(NEWS, encoding="utf-8")
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        assert assistant.ask(question).lead == lead


def test_the_answer_of_a_pronoun_and_a_percentage_are_left_as_they_are(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "bridge.txt").write_text(
        "Greta Lund is the mayor of Halden. She opened the new bridge over the Lenn in May.\n"
    )
    (corpus / "rents.txt").write_text(
        "Rents in Halden rose by 12% last year. Of the homeless people 43% lived in the old town.\n"
    )
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        assert assistant.ask("Who opened the new bridge?").lead == "Greta Lund"
        told = assistant.ask("What percent of the homeless people lived in the old town?")
    assert told.lead == "43%"
