"""A question that stands in a document is no answer to the same question: what follows it is."""

from collections.abc import Iterator

import pytest
from answering import opened_over

from qa import Assistant

FILES = {
    "library.txt": """\
Q: Do I need a library card?
A: Only to borrow. Reading in the house is free for everyone.

Q: Do I need to wear a badge in the reading room?
A: No, but please sign the list.

Q: How many books can I borrow?
A: Twenty at a time, for four weeks.
""",
    "account.md": """\
# Frequently asked questions

### Can I use one account on two devices?

Yes, on up to three. Sign out on a device you no longer use.
""",
    "hotel.md": """\
**Q: Can I pay by card?**

**A:**

Yes, with any credit card.
""",
    "interview.txt": """\
Q: Mr Olsen, you founded Nordlys Shipping in 1987 in Bergen?
A: Yes, together with my brother.
""",
    "chat.txt": """\
[12/05/2025, 18:02] Nora: who brings the tent?
[12/05/2025, 18:04] Kofi: I do, and Ben takes the stove
[12/05/2025, 18:05] Nora: when does the bus leave? where is the stop?
""",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with opened_over(tmp_path_factory.mktemp("questions"), FILES) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "lead", "quote"),
    [
        ("Do I need a library card?", "", "A: Only to borrow."),
        ("How many books can I borrow?", "Twenty", "A: Twenty at a time, for four weeks."),
        ("Can I use my account on several devices?", "", "Yes, on up to three."),
        ("On how many devices can I use my account?", "three", "Yes, on up to three."),
        ("Who brings the tent?", "Kofi", "[12/05/2025, 18:04] Kofi: I do, and Ben takes the stove"),
        ("Do I need a badge?", "", "A: No, but please sign the list."),
        ("Can I pay by card?", "", "Yes, with any credit card."),
    ],
)
def test_what_follows_the_question_is_quoted(opened: Assistant, question: str, lead: str, quote: str) -> None:
    answer = opened.ask(question)
    assert answer.status == "answered"
    assert answer.citations[0].quote == quote
    assert answer.lead.partition(":")[0] == lead  # of a chat, who answers and the beginning of what he says


def test_a_question_that_says_what_is_asked_for_is_quoted(opened: Assistant) -> None:
    assert opened.ask("When was Nordlys Shipping founded?").lead == "1987"


def test_a_question_that_nobody_answers_is_left_alone(opened: Assistant) -> None:
    answer = opened.ask("When does the bus leave?", sources=["chat.txt"])
    assert "Kofi" not in answer.text
