"""What a question names is quoted: the section of a heading, the line of a label, the rows of a value."""

from collections.abc import Iterator

import pytest
from answering import opened_over

from qa import Answer, Assistant

FILES = {
    "sync.md": """\
# Team sync

Present: Dana, Louis. Excused: Henrik.

## Decisions

- The beta opens on 3 November.
- Louis takes over the billing module.

## Action items

- Dana: write the release notes.
- Louis: book the room.

## Risks

The payment provider has not confirmed the contract. If it is late, the beta opens without subscriptions.

## Room bookings

| Room | Booked by |
| --- | --- |
| Attic | Dana |
| Cellar | Henrik |
""",
    "bread.md": """\
# Sourdough bread

## Making the starter

Mix 50 g of rye flour with 50 g of water in a jar. Cover it loosely. Stir in as much of both every day.

## Ingredients

- 500 g bread flour
- 10 g salt

## Risks

The jar may burst.
""",
    "lease.txt": """\
LEASE AGREEMENT

4. Deposit. The tenant pays a deposit of 2,820 euros. It is returned within six months.

5. Pets. Hamsters are allowed. Dogs need consent in writing.
""",
    "flat.txt": """\
Wifi name: Linden14
Wifi password: pelican-77-drum
Insurance: Nordia, until 31 January 2027
Next inspection: May 2027
Boiler inspection: by Kern & Sons
Licence plate: LN KV 381
Caretaker: Mr Adeyemi, 0176 4455667
""",
    "trees.csv": """\
street,species,planted,condition
Canal Street,White willow,1979,good
Mill Lane,Small-leaved lime,1954,poor
Park Road,Horse chestnut,1931,fair
Station Road,London plane,1968,poor
""",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with opened_over(tmp_path_factory.mktemp("selection"), FILES) as assistant:
        yield assistant


def quotes(answer: Answer) -> list[str]:
    return [each.quote for each in answer.citations]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What are the action items?", ["Dana: write the release notes.", "Louis: book the room."]),
        (
            "What decisions were made?",
            ["The beta opens on 3 November.", "Louis takes over the billing module."],
        ),
        ("decisions", ["The beta opens on 3 November.", "Louis takes over the billing module."]),
        (
            "How do I make the starter?",
            [
                "Mix 50 g of rye flour with 50 g of water in a jar.",
                "Cover it loosely.",
                "Stir in as much of both every day.",
            ],
        ),
        ("What room bookings are there?", ["Room | Booked by", "Attic | Dana", "Cellar | Henrik"]),
        ("Are pets allowed?", ["Pets. Hamsters are allowed. Dogs need consent in writing."]),
    ],
)
def test_all_that_stands_under_the_name_asked_for_is_quoted(
    opened: Assistant, question: str, expected: list[str]
) -> None:
    answer = opened.ask(question)
    assert answer.status == "answered"
    assert quotes(answer) == expected


def test_sections_of_one_name_are_told_for_each_document_unless_the_question_names_it(
    opened: Assistant,
) -> None:
    both = opened.ask("What are the risks?")
    assert {each.source for each in both.citations} == {"sync.md", "bread.md"}
    assert len(both.citations) == 3
    of_one = opened.ask("What are the risks of sourdough bread?")
    assert quotes(of_one) == ["The jar may burst."]


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("What is the wifi password?", "pelican-77-drum"),
        ("What is my licence plate?", "LN KV 381"),
        ("When is the next inspection?", "May 2027"),
        ("When is the inspection?", "May 2027"),  # the other one tells no time
        ("How much is the deposit?", "2,820 euros"),
        ("Who is the caretaker?", "Mr Adeyemi"),  # not his number too
        ("How much salt do I need for the bread?", "10 g salt"),
    ],
)
def test_the_line_with_the_label_asked_for_answers(opened: Assistant, question: str, lead: str) -> None:
    answer = opened.ask(question)
    assert (answer.status, answer.lead) == ("answered", lead)
    citation = answer.citations[0]
    text = opened.document(citation.source).text
    assert text[citation.answer_start : citation.answer_end] == lead


@pytest.mark.parametrize(
    ("question", "streets"),
    [
        ("Which trees are in poor condition?", ["Mill Lane", "Station Road"]),
        ("List the trees in good condition", ["Canal Street"]),
    ],
)
def test_the_rows_that_say_what_is_asked_for_are_quoted(
    opened: Assistant, question: str, streets: list[str]
) -> None:
    found = quotes(opened.ask(question))
    assert [each.removeprefix("street: ").partition(";")[0] for each in found] == streets


@pytest.mark.parametrize(
    "question",
    [
        "What are the risks of the new motorway?",
        "What is the wifi password of the library?",
        "Which trees did the council plant?",
        "How do I make the jam?",
        "How do we make decisions?",
        "What is a decision?",
        "Who is the mayor?",
    ],
)
def test_more_than_the_name_says_is_not_answered_by_it(opened: Assistant, question: str) -> None:
    assert opened.ask(question).status == "insufficient"


TRAPS = {
    "form.txt": "Hirer: Anna Weber\nHall: Large room\nSignature: ________\nRating: ★★★★★\n",
    "party.txt": """\
Deposit: 1,800 euros
Delivery: 3 parcels
Manager: Lena Koch
Parking: level 2, bay 14
Event: summer party for 40 guests
- Taxi at 9 am
- 3 tables
- 12 March rehearsal
""",
    "trip.md": """\
# Trip

## Included in the price:

- Breakfast
- Guide

## Not included in the price

- Flights
""",
    "clauses.txt": """\
1. Pets. Hamsters and birds in cages are allowed and need no consent from the
landlord in writing. Dogs need consent.

2. Garden. The garden may be used by all.
""",
    "diary.md": """\
# Diary

## 3 March

### Errands

- [ ] buy stamps

## 10 March

### Errands

Dana:

- call the shop

Louis:

- paint the fence
""",
    "one.txt": "Alarm code: 4411\n",
    "two.txt": "Alarm code: 4411\n",
    "chat.txt": "Nora: see you at the station\nBen: my car has 5 seats\nNora: I come at 9\n",
    "effects.txt": "The side effects of Nordol are nausea, headache and a dry mouth.\n",
    "leaflet.txt": "Rare side effects: liver failure\n",
}


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with opened_over(tmp_path_factory.mktemp("traps"), TRAPS) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("Who has the deposit?", "1,800 euros"),
        ("Where is the deposit?", "1,800 euros"),
        ("When is the delivery?", "3 parcels"),
        ("How much is the delivery?", "3 parcels"),
        ("Where is the manager?", "Lena Koch"),
        ("How much is the parking?", "level 2"),
        ("When is the event?", "40 guests"),
        ("How much is the taxi?", "9 am"),
        ("How many rehearsals?", "12 March"),
        ("Where does Nora live?", "station"),
        ("How old is Ben?", "5 seats"),
    ],
)
def test_a_line_that_cannot_answer_is_not_quoted(traps: Assistant, question: str, wrong: str) -> None:
    assert wrong not in traps.ask(question).text


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is included in the price?", ["Breakfast", "Guide"]),
        ("What is not included in the price?", ["Flights"]),
        ("How many tables?", ["3 tables"]),
        (
            "What is the rule on pets?",
            [
                "Pets. Hamsters and birds in cages are allowed and need no consent from the\n"
                "landlord in writing. Dogs need consent."
            ],
        ),
        ("What are the errands?", ["buy stamps", "Dana:", "call the shop", "Louis:", "paint the fence"]),
        ("What are the side effects?", ["The side effects of Nordol are nausea, headache and a dry mouth."]),
    ],
)
def test_what_is_asked_for_is_told_in_full_and_no_more(
    traps: Assistant, question: str, expected: list[str]
) -> None:
    assert quotes(traps.ask(question)) == expected


def test_the_same_line_in_two_files_is_quoted_once(traps: Assistant) -> None:
    answer = traps.ask("What is the alarm code?")
    assert (answer.lead, len(answer.sentences)) == ("4411", 1)


def test_a_line_without_a_word_behind_its_label_is_left_alone(traps: Assistant) -> None:
    assert traps.ask("Who is the hirer?").lead == "Anna Weber"
    assert traps.ask("What is the signature?").lead == ""


def test_rows_are_not_chosen_against_the_word_that_turns_the_question(opened: Assistant) -> None:
    assert opened.ask("Which trees are not in poor condition?").status == "insufficient"
