"""Who says something, and all that somebody says, asked of documents."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from answering import answered

from qa import Assistant, Settings


def test_what_somebody_said_may_take_several_sentences(assistant: Assistant) -> None:
    answer = assistant.ask("What did Grossi tell reporters?")
    assert [each.quote.split()[0] for each in answer.citations] == ["Separately", "“It", "Grossi"]


@pytest.mark.parametrize(
    ("text", "question", "lead"),
    [
        (
            "“The company denied the claim in a letter,” said Robert Hall, a clerk.",
            "Who denied the claim?",
            "company",
        ),
        (
            "According to Martin Shaw, the deal was confirmed by Diana Cole.",
            "Who confirmed the deal?",
            "Diana Cole",
        ),
        (
            "“Maria Lopez called the police at once,” said Tom Hall, a clerk.",
            "Who called the police?",
            "Maria Lopez",
        ),
        (
            "Tom Hall was told by Ann Lee that the bridge was shut.",
            "Who told Hall that the bridge was shut?",
            "Ann Lee",
        ),
        (
            "“Lee, the minister who denied the claim, resigned on 4 May,” said Tom Hall, a reporter.",
            "When did the minister who denied the claim resign?",
            "4 May",
        ),
    ],
)
def test_who_is_spoken_of_may_be_the_answer(tmp_path: Path, text: str, question: str, lead: str) -> None:
    _, answer = answered(tmp_path, {"a.txt": text}, question, threshold=0.0)
    assert lead in answer.lead


def test_what_two_say_keeps_its_numbers_where_their_names_contradict(tmp_path: Path) -> None:
    files = {}
    for name, pronoun in (("Ann Lee", "she"), ("Tom Hall", "he")):
        told = f"Engineer {name} warned the council about the Torvik dam on Monday."
        claim = f"“The steel has rusted and the old Torvik dam will break in a storm,” {pronoun} said."
        files[f"{name}.txt"] = f"{told} {claim}"
    question = "Who said that the old Torvik dam will break in a storm?"
    _, answer = answered(tmp_path, files, question, threshold=0.0)
    assert answer.disagreement
    says = re.findall(r"\[(\d)\] says (?:Engineer )?([\w ]+)", answer.lead)
    assert len(says) == 2
    for number, name in says:
        assert answer.citations[int(number) - 1].source == f"{name}.txt"


FERRY = (
    "“We cannot sail with eleven people,” said Marta Lindqvist, the chief executive of the line.\n"
    "Tom Haddow, who keeps the shop, told the Aldwin Courier that he expects to lose half of his income."
    " “My bread comes on that boat, and so do my customers,” he said.\n"
    "Councillor Priya Raman denied that the board had known. “Nobody showed us those figures,” she said."
    " She added that a smaller boat could be hired by January.\n"
    "But Dr Ellen Voss, an economist, warned that a smaller boat would be unable to sail in strong winds."
)


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("ferry")
    (folder / "ferry.txt").write_text(FERRY, encoding="utf-8")
    settings = Settings(threshold=0.0)
    with Assistant.open(folder / "ferry.txt", index=folder / "index", settings=settings) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("Who said “My bread comes on that boat”?", "Tom Haddow"),
        ("Who said that his bread comes on that boat?", "Tom Haddow"),
        ("Who said a smaller boat could be hired by January?", "Priya Raman"),
        ("Who suggested that a smaller boat could be hired?", "Priya Raman"),
        ("Who warned that a smaller boat would be unable to sail?", "Dr Ellen Voss"),
    ],
)
def test_who_says_it_word_for_word_goes_before_who_says_the_like(
    ferry: Assistant, question: str, lead: str
) -> None:
    assert ferry.ask(question).lead.removeprefix("Councillor ") == lead


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("What did Marta Lindqvist say?", ["“We cannot"]),
        ("What did Tom Haddow say?", ["Tom Haddow,", "“My bread"]),
        ("What did Priya Raman say?", ["Councillor Priya", "“Nobody showed", "She added"]),
        ("What did Raman say about a smaller boat?", ["She added", "Councillor Priya"]),
    ],
)
def test_what_somebody_says_is_all_of_his_and_nothing_of_another(
    ferry: Assistant, question: str, begins: list[str]
) -> None:
    assert [" ".join(each.text.split()[:2]) for each in ferry.ask(question).sentences] == begins


HARBOUR = {
    f"a{n}.txt": f"Maria Lund said the harbour car park had been swept on day {n}." for n in range(4)
} | {
    "z.txt": "The council met to decide the future of the harbour. Maria Lund said the harbour must be closed"
    " to cargo ships because the sea wall is failing."
}
TREATY = {
    "treaty.txt": "Prime Minister Ole Strand met Prime Minister Ida Kjell. Prime Minister Ida Kjell said the"
    " treaty was a mistake. Prime Minister Ole Strand said the treaty would bring peace."
}
VACCINE = {
    "vaccine.txt": "Dr Helen Marsh spoke about the new vaccine. “It is safe, it is cheap, and every child"
    " should have it,” Marsh told delegates. Marsh said the vaccine was named after her teacher."
}


@pytest.mark.parametrize(
    ("files", "question", "said"),
    [
        (HARBOUR, "What did Maria Lund say about the harbour?", "the sea wall is failing"),
        (VACCINE, "What did Helen Marsh say about the vaccine?", "It is safe"),
    ],
)
def test_the_best_that_somebody_says_is_told(
    tmp_path: Path, files: dict[str, str], question: str, said: str
) -> None:
    _, answer = answered(tmp_path, files, question, threshold=0.0)
    assert said in answer.text


def test_a_namesakes_words_are_not_told(tmp_path: Path) -> None:
    question = "What did Prime Minister Ole Strand say about the treaty?"
    _, answer = answered(tmp_path, TREATY, question, threshold=0.0)
    assert "would bring peace" in answer.text and "a mistake" not in answer.text
