"""A question for somebody's figure gets it, not another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import Assistant
from qa.attribution import source_of_figure, told_by

COUNCIL = ("22", "The vote came nine months after floods that killed 22 people.")
POLICE = ("19", "The police said that 19 people had died.")
SILENT = ("nothing", "The police said nothing.")
ARRESTS = ("5", "The police arrested 5 looters.")


@pytest.mark.parametrize(
    ("question", "answers", "told"),
    [
        ("How many people died according to the police?", [COUNCIL, POLICE], 1),
        ("acording to police, how many died", [COUNCIL, SILENT, ARRESTS, POLICE], 3),
        ("How many died according to police in Marrick?", [COUNCIL, POLICE], 1),
        ("according to the police how many people died", [COUNCIL, POLICE], 1),
        ("How many people died according to the police?", [POLICE, COUNCIL], None),
        ("How many people died according to the police?", [COUNCIL, ARRESTS, SILENT], None),
        ("How many died according to the police?", [("22", "Their chief said it was 22."), POLICE], None),
        ("How many people died according to the police?", [], None),
    ],
)
def test_the_figure_of_the_source_that_is_named_is_told(
    question: str, answers: list[tuple[str, str]], told: int | None
) -> None:
    assert told_by(source_of_figure(question), answers) == told


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("How many were hurt according to Mayor Maria Lund?", {"lund"}),
        ("How many were hurt according to the health ministry?", {"health", "ministry"}),
        ("According to the Red Crescent, how many were hurt?", {"crescent"}),
        ("According to the annual report, how many were hurt?", set()),
        ("How much will it cost according to the plan?", set()),
        ("Why did it burn down according to the police?", set()),
        ("Who was driving according to the police?", set()),
        ("How many people died?", set()),
    ],
)
def test_only_who_speaks_is_a_source_and_only_of_a_number(question: str, source: set[str]) -> None:
    assert source_of_figure(question) == source


def test_each_source_gets_its_own_figure_from_one_passage_and_from_two_files(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "council.txt").write_text(
        "Councillors in Marrick voted on Monday to build a flood barrier at the mouth of the Ashe.\n"
        "The vote came nine months after floods that killed 22 people and ruined 5,300 homes.\n"
        "A levy on property will cost the average household 68 pounds a year.\n"
        "The opposition says that the true figure will be nearer 115 pounds once interest is counted.\n"
    )
    (corpus / "floods.txt").write_text(
        "Rescue workers were still taking people from upper floors in Marrick on Thursday, two days after"
        " floods drove 14,500 residents from their homes.\n"
        "The police said that 19 people had died and that eight were missing.\n"
    )
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        levy = assistant.ask("How much will the levy cost the average household according to the opposition?")
        killed = "How many people were killed by the floods that ruined homes in Marrick"
        dead, disputed = assistant.ask(f"{killed}, according to the police?"), assistant.ask(f"{killed}?")
    assert levy.lead == "115 pounds"
    assert (dead.lead, dead.hits[0].passage.source) == ("19", "floods.txt")
    assert disputed.hits[0].passage.source == "council.txt"
