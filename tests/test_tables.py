"""Tables and lists are answered from the row, the column and the list that the question asks for."""

from collections.abc import Iterator

import pytest
from answering import opened_over

from qa import Answer, Assistant

FILES = {
    "volunteers.csv": """\
Name,Town,Hours,Role,Since
Anna Berg,Halden,120,Tree planting,2019
Knut Dahl,Moss,45,Fish counting,2021
Siri Moen,Halden,210,Education,2018
Ole Haug,Sarpsborg,88,Tree planting,2020
""",
    "budget.csv": """\
Item,2021 (EUR),2022 (EUR),2023 plan (EUR)
Weir removal,1200000,1450000,900000
Salaries,800000,890000,950000
Monitoring,210000,240000,260000
""",
    "people.csv": "First,Last,Age\nAnna,Berg,34\nBen,Cole,41\n",
    "salaries 2023.csv": "Name,Salary\nAnna Roth,18500\nBen Cole,20400\n",
    "counts.txt": """\
The infrared counter stands at Tistedal.

Year Salmon counted Sea trout counted

2019 412  198

2020 530  240

2021 611  275
""",
    "loggers.md": """\
# Loggers

| Site | Depth (m) | Logger |
|---|---|---|
| Brekke | 1.8 | T-101 |
| Tistedal | 2.4 | T-102 |
| Ørje | 0.9 | T-103 |

# How to reset the fish counter

1. Switch off the mains at the grey cabinet.
2. Wait thirty seconds.
3. Hold the green button and switch the mains on again.
4. Enter the code 7714.

The partners of the river project are:

- Halden Anglers Association
- Østfold County
- Brekke Primary School
""",
    "pump.txt": """\
How to bleed the pump of the boiler:

1. Turn the boiler off at the wall and wait until its casing has
cooled down.
2. Put a towel below the brass screw in the middle of the pump,
   since some water comes out.
3. Loosen the screw by half a turn until the hissing has stopped.
4. Tighten the screw, wipe the pump dry and turn the boiler on
again.
""",
    "lantern.txt": """\
How to test the lantern of the lighthouse:

1. Switch off the mains.

   The lamp goes dark.

2. Hold the red button for five seconds.
3. Switch the mains on again.
""",
    "loom.txt": "How to warp the loom:\n\n"
    + "".join(f"{n}. Draw warp thread {n} through heddle {n} of the loom.\n" for n in range(1, 16)),
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with opened_over(tmp_path_factory.mktemp("tables"), FILES, threshold=0.0) as assistant:
        yield assistant


def sentences(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


@pytest.mark.parametrize(
    ("question", "cell", "row"),
    [
        ("How many hours did Siri Moen volunteer?", "210", "Siri Moen"),
        ("Where does Knut Dahl live?", "Moss", "Knut Dahl"),
        ("Who volunteers in fish counting?", "Knut Dahl", "Fish counting"),
        ("What was spent on salaries in 2022?", "890000", "Salaries"),
        ("What did monitoring cost in 2023?", "260000", "Monitoring"),
        ("Which logger is at Ørje?", "T-103", "Ørje"),
    ],
)
def test_the_cell_of_the_row_and_column_that_are_asked_for_answers(
    assistant: Assistant, question: str, cell: str, row: str
) -> None:
    answer = assistant.ask(question)
    citation = answer.citations[0]
    assert citation.answer_start is not None
    text = assistant.document(citation.source).text
    assert text[citation.answer_start : citation.answer_end] == cell
    assert row in citation.quote
    assert "\n" not in citation.quote  # one row, not several


def test_money_is_no_answer_to_how_many(assistant: Assistant) -> None:
    counted = assistant.ask("How many weirs were removed in 2021?", sources=["budget.csv"])
    spent = assistant.ask("How much did weir removal cost in 2021?", sources=["budget.csv"])
    assert (spent.lead, counted.lead) == ("1200000", "")


def test_a_row_of_bare_numbers_is_quoted_whole_without_a_guess_at_its_column(assistant: Assistant) -> None:
    answer = assistant.ask("How many salmon were counted in 2020?")
    assert sentences(answer) == ["2020 530 240"]
    assert answer.lead == ""


def test_rows_of_other_years_do_not_answer(assistant: Assistant) -> None:
    answer = assistant.ask("How many salmon were counted in 2018?", sources=["counts.txt"])
    assert not any("412" in text or "530" in text for text in sentences(answer))


def test_a_sum_is_no_year(assistant: Assistant) -> None:
    answer = assistant.ask("What was Anna Roth's salary in 2023?", sources=["salaries 2023.csv"])
    assert answer.lead == "18500"


def test_initials_are_not_taken_across_cells(assistant: Assistant) -> None:
    probability = assistant.ask("What is the age of AB?", sources=["people.csv"]).probability
    assert probability is not None and probability < 0.2


def test_steps_are_told_in_full_and_in_order(assistant: Assistant) -> None:
    answer = assistant.ask("How do I reset the fish counter?")
    assert sentences(answer) == [
        "1. Switch off the mains at the grey cabinet.",
        "2. Wait thirty seconds.",
        "3. Hold the green button and switch the mains on again.",
        "4. Enter the code 7714.",
    ]
    text = assistant.document("loggers.md").text
    assert all(text[each.start : each.end] == each.quote for each in answer.citations)


def test_the_lines_of_a_wrapped_item_stay_together(assistant: Assistant) -> None:
    answer = assistant.ask("How do I bleed the pump of the boiler?", sources=["pump.txt"])
    assert [" ".join(text.split()) for text in sentences(answer)] == [
        "How to bleed the pump of the boiler:",
        "1. Turn the boiler off at the wall and wait until its casing has cooled down.",
        "2. Put a towel below the brass screw in the middle of the pump, since some water comes out.",
        "3. Loosen the screw by half a turn until the hissing has stopped.",
        "4. Tighten the screw, wipe the pump dry and turn the boiler on again.",
    ]


def test_an_indented_paragraph_belongs_to_the_item_above(assistant: Assistant) -> None:
    answer = assistant.ask("How do I test the lantern of the lighthouse?", sources=["lantern.txt"])
    assert [" ".join(text.split()) for text in sentences(answer)] == [
        "How to test the lantern of the lighthouse:",
        "1. Switch off the mains. The lamp goes dark.",
        "2. Hold the red button for five seconds.",
        "3. Switch the mains on again.",
    ]


def test_a_long_list_is_told_from_its_first_item_on(assistant: Assistant) -> None:
    answer = assistant.ask("How do I draw the first warp threads of the loom?", sources=["loom.txt"])
    assert sentences(answer) == [
        "How to warp the loom:",
        *(f"{n}. Draw warp thread {n} through heddle {n} of the loom." for n in range(1, 13)),
    ]


def test_a_list_comes_with_the_line_that_introduces_it(assistant: Assistant) -> None:
    answer = assistant.ask("Who are the partners of the river project?")
    assert sentences(answer) == [
        "The partners of the river project are:",
        "Halden Anglers Association",
        "Østfold County",
        "Brekke Primary School",
    ]
    answer = assistant.ask("Is Brekke Primary School a partner of the river project?")
    assert sentences(answer)[0] == "The partners of the river project are:"
    assert "Brekke Primary School" in sentences(answer)
    assert len(sentences(answer)) == len(set(sentences(answer)))
