"""Why, how and list answers: each further sentence answers by itself, or goes on from one that does."""

from pathlib import Path

import pytest
from answering import answered

from qa import Assistant


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("Why does Moscow want Bakhmut?", ["Moscow says Bakhmut would be", "For the Kremlin, capturing"]),
        ("Which regions did Moscow add to Russia?", ["For the Kremlin, capturing"]),
    ],
)
def test_further_sentences_are_those_that_answer_by_themselves(
    assistant: Assistant, question: str, begins: list[str]
) -> None:
    answer = assistant.ask(question)
    for sentence, begin in zip(answer.sentences, begins, strict=True):
        assert sentence.text.startswith(begin)


@pytest.mark.parametrize(
    ("text", "question", "quoted"),
    [
        (
            "To reset the router, unplug it first. Wait for ten seconds. Then press the red button for five"
            " seconds.",
            "How do I reset the router?",
            ["To reset", "Wait for", "Then press"],
        ),
        (
            "The Kestrel project failed in 2021. One reason was a lack of money. Another was the loss of its"
            " lead engineer. Finally, the customer backed out.",
            "Why did the Kestrel project fail?",
            ["One reason", "Another was", "Finally, the"],
        ),
        (
            "Clara Meyer left her job in 2010 because she was ill. She also hated her boss. She moved to"
            " Leeds.",
            "Why did Clara Meyer leave her job?",
            ["Clara Meyer", "She also"],
        ),
        (
            "The main reason for the fall in visits is the shorter opening hours. Since February the library"
            " has been closed on Mondays. Another reason is the building work on Foundry Street. In addition,"
            " the children's room was shut in June. The mayor is pleased.",
            "Why did visits fall?",
            ["The main", "Another reason", "In addition,"],
        ),
    ],
)
def test_sentences_that_go_on_from_one_that_answers_follow_it(
    tmp_path: Path, text: str, question: str, quoted: list[str]
) -> None:
    _, answer = answered(tmp_path, {"a.txt": text}, question)
    assert [" ".join(each.quote.split()[:2]) for each in answer.citations] == quoted


def test_prose_beside_a_table_has_to_answer_by_itself_too(tmp_path: Path) -> None:
    text = (
        "The bakery on Elm Street closed in 2020 because its oven broke. The owner, Nora Field, likes tea"
        " because it is hot. A crowd came.\n\nYear | Loss\n2018 | 4000\n2019 | 9000"
    )
    _, answer = answered(tmp_path, {"a.txt": text}, "Why did the bakery close?")
    assert len(answer.sentences) == 1


def test_the_best_sentence_is_cited_wherever_it_stands(tmp_path: Path) -> None:
    told = "This was because its cables had rusted."
    files = {
        "a.txt": f"The Dorn bridge was closed in May. {told} A crowd came.",
        "b.txt": f"News of the Dorn bridge closure. {told} Boats may pass.",
    }
    _, answer = answered(tmp_path, files, "Why was the Dorn bridge closed?")
    assert answer.sentences[0].text == told and answer.sentences[0].citations == (1, 2)


def test_reasons_from_two_documents_are_both_told(tmp_path: Path) -> None:
    files = {
        "council.txt": "The council closed the Dorn bridge because its cables had rusted. It is old.",
        "press.txt": "The Dorn bridge was closed because a barge had struck a pier. A crowd came to look.",
        "garden.txt": "Tomatoes need six hours of sun a day. Water them in the morning.",
    }
    _, answer = answered(tmp_path, files, "Why was the Dorn bridge closed?")
    assert {each.source for each in answer.citations} == {"council.txt", "press.txt"}
    assert not any("crowd" in each.quote or "old" in each.quote for each in answer.citations)
