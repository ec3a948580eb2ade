"""A question for somebody's word gets what he says, not what others do."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import Assistant
from qa.attribution import told_by

COUNCIL = ("22", "The vote came nine months after floods that killed 22 people.")
POLICE = ("19", "The police said that 19 people had died.")
SILENT = ("nothing", "The police said nothing.")


@pytest.mark.parametrize(
    ("question", "answers", "told"),
    [
        ("How many people died according to the police?", [COUNCIL, POLICE], 1),
        ("acording to police, how many died", [COUNCIL, SILENT, POLICE], 2),
        ("How many died according to police in Marrick?", [COUNCIL, POLICE], 1),
        ("How many people died according to the police?", [POLICE, COUNCIL], None),
        ("How many people died according to the police?", [COUNCIL, SILENT], None),
        ("How many people died?", [COUNCIL, POLICE], None),
        ("According to the article, how many people died?", [COUNCIL, POLICE], None),
        ("How many died according to the police?", [("22", "Their chief said it was 22."), POLICE], None),
        ("How many people died according to the police?", [], None),
    ],
)
def test_the_word_of_the_source_that_is_named_is_told(
    question: str, answers: list[tuple[str, str]], told: int | None
) -> None:
    assert told_by(question, answers) == told


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
        "Floods in Marrick drove 14,500 residents from their homes on Wednesday.\n"
        "The police said that 19 people had died in the floods and that eight were missing.\n"
    )
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        levy = assistant.ask("How much will the levy cost the average household according to the opposition?")
        dead = assistant.ask("How many people died in the Marrick floods according to the police?")
    assert levy.lead == "115 pounds"
    assert dead.sentences[0].text.startswith("The police said that 19 people had died")
    scores = [hit.score for hit in dead.hits]
    assert scores == sorted(scores, reverse=True)
