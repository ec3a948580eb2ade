"""Short answers that agree, and those that contradict each other."""

from fractions import Fraction

import pytest

from qa.agreement import ShortAnswer, agree, disagreement, group
from qa.numerals import Quantity, quantities
from qa.question import Kind


def answers(*texts: str, scores: tuple[float, ...] = ()) -> list[ShortAnswer[int]]:
    return [
        ShortAnswer(text, score, place)
        for place, (text, score) in enumerate(zip(texts, scores or (0.9,) * len(texts), strict=True))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("57", [(57, "")]),
        ("fifty-seven", [(57, "")]),
        ("1.2 million", [(1_200_000, "")]),
        ("$3bn", [(3 * 10**9, "$")]),
        ("$1.5m and 3 m", [(1_500_000, "$"), (3, "m")]),
        ("2 million dollars", [(2_000_000, "$")]),
        ("a hundred and five", [(105, "")]),
        ("two thousand and twelve", [(2012, "")]),
        ("three hundred twelve thousand", [(312_000, "")]),
        ("nearly 1,500 people", [(1500, "")]),
        ("twenty five years", [(25, "years")]),
        ("two dozen", [(24, "")]),
        ("3.5 percent", [(Fraction(7, 2), "%")]),
        ("12 kilometres", [(12, "km")]),
        ("five, six", [(5, ""), (6, "")]),
        ("one and two", [(1, ""), (2, "")]),
        ("no attacks", [(0, "")]),
        ("twice", [(2, "")]),
        ("-5 °C", [(-5, "°c")]),
        ("−5 and .5", [(-5, ""), (Fraction(1, 2), "")]),
        ("10-15", [(10, ""), (15, "")]),
        ("hundreds", []),
        ("", []),
    ],
)
def test_numbers_are_read_in_figures_and_in_words(text: str, expected: list[tuple[int, str]]) -> None:
    assert quantities(text) == tuple(Quantity(Fraction(value), unit) for value, unit in expected)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("57", "fifty-seven", Kind.NUMBER),
        ("only 57 attacks", "57", Kind.NUMBER),
        ("$3 billion", "3,000,000,000 dollars", Kind.NUMBER),
        ("50%", "fifty percent", Kind.NUMBER),
        ("57 of 100", "57", Kind.NUMBER),
        ("10 to 20", "between ten and twenty", Kind.NUMBER),
        ("24 February 2022", "February 24, 2022", Kind.TIME),
        ("2022-02-24", "24 Feb. 2022", Kind.TIME),
        ("2022", "February 2022", Kind.TIME),
        ("on Wednesday", "Wednesday", Kind.TIME),
        ("the 19th century", "19th century", Kind.TIME),
        ("Grossi", "Rafael Grossi", Kind.PERSON),
        ("Rafael Mariano Grossi", "Rafael Grossi", Kind.PERSON),
        ("François Hollande", "Francois Hollande", Kind.PERSON),
        ("International Atomic Energy Agency", "the IAEA", Kind.THING),
        ("Tampa", "Tampa, Florida", Kind.PLACE),
        ("at 9:15", "09:15", Kind.TIME),
        ("9 pm on 5 March", "5 March", Kind.TIME),
        ("March 5th at 9 pm", "the 5th of March", Kind.TIME),
        ("$1.5m", "$1.5 million", Kind.NUMBER),
        ("March 2021 at 10:30", "11 March 2021", Kind.TIME),
        ("the largest nuclear power plant", "largest nuclear power plant in Europe", Kind.THING),
    ],
)
def test_answers_agree(one: str, other: str, kind: Kind) -> None:
    assert agree(one, other, kind) and agree(other, one, kind)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("57", "58", Kind.NUMBER),
        ("-5 °C", "5 °C", Kind.NUMBER),
        ("9:15", "9:45", Kind.TIME),
        ("9:15 am", "9:15 p.m.", Kind.TIME),
        ("57 km", "57 miles", Kind.NUMBER),
        ("57 of 100", "43 of 100", Kind.NUMBER),
        ("10 to 20", "20 to 30", Kind.NUMBER),
        ("2021", "2022", Kind.TIME),
        ("24 February 2022", "25 February 2022", Kind.TIME),
        ("24 February 2022", "24 March 2022", Kind.TIME),
        ("Tampa", "Glendale", Kind.PLACE),
        ("Ann Lee", "Tom Hall", Kind.PERSON),
        ("John Smith", "John Brown", Kind.PERSON),
        ("", "Tampa", Kind.PLACE),
    ],
)
def test_answers_do_not_agree(one: str, other: str, kind: Kind) -> None:
    assert not agree(one, other, kind) and not agree(other, one, kind)


def test_answers_that_say_the_same_are_one_group_best_first() -> None:
    found = answers("Glendale", "Tampa, Florida", "Tampa", scores=(0.5, 0.8, 0.9))
    groups = group(found, Kind.PLACE)
    assert [[each.place for each in one.answers] for one in groups] == [[2, 1], [0]]
    assert [one.score for one in groups] == [0.9, 0.5]
    assert group([], Kind.PLACE) == ()


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Tampa", "Glendale", Kind.PLACE),
        ("Ann Lee", "Tom Hall", Kind.PERSON),
        ("57", "58", Kind.NUMBER),
        ("57 attacks", "sixty-one attacks", Kind.NUMBER),
        ("2021", "2022", Kind.TIME),
        ("24 February 2022", "26 February 2022", Kind.TIME),
        ("24 February 2022", "2022-02-26", Kind.TIME),
        ("Monday", "Friday", Kind.TIME),
    ],
)
def test_two_sure_answers_that_cannot_both_hold_disagree(one: str, other: str, kind: Kind) -> None:
    groups = group(answers(one, other), kind)
    pair = disagreement(groups, kind, sure=0.5, margin=0.3)
    assert pair is not None and [each.answers[0].text for each in pair] == [one, other]


@pytest.mark.parametrize(
    ("one", "other", "kind", "scores"),
    [
        ("57", "fifty-seven", Kind.NUMBER, (0.9, 0.9)),
        ("Tampa", "Tampa, Florida", Kind.PLACE, (0.9, 0.9)),
        ("Tampa", "Glendale", Kind.PLACE, (0.9, 0.4)),  # not sure of the second
        ("Tampa", "Glendale", Kind.PLACE, (0.95, 0.6)),  # far less sure
        ("to win", "to rest", Kind.WHY, (0.9, 0.9)),  # both may hold
        ("bread", "butter", Kind.THING, (0.9, 0.9)),
        ("bread", "butter", Kind.LIST, (0.9, 0.9)),
        ("John Smith", "John Brown", Kind.PERSON, (0.9, 0.9)),  # they share a word: too close to call
        ("1,500", "1,487", Kind.NUMBER, (0.9, 0.9)),  # rounded
        ("57 km", "35 miles", Kind.NUMBER, (0.9, 0.9)),  # other units
        ("57", "between 50 and 60", Kind.NUMBER, (0.9, 0.9)),
        ("many", "57", Kind.NUMBER, (0.9, 0.9)),
        ("in March", "in 2021", Kind.TIME, (0.9, 0.9)),  # both may hold
        ("after the war", "2021", Kind.TIME, (0.9, 0.9)),
        ("9:15 p.m.", "at 9:15", Kind.TIME, (0.9, 0.9)),
        ("March to May 2020", "April 2020", Kind.TIME, (0.9, 0.9)),  # a span of time
        ("March to May 2020", "March 2020", Kind.TIME, (0.9, 0.9)),
        ("1994-1996", "1995", Kind.TIME, (0.9, 0.9)),
        ("1994-96", "1995", Kind.TIME, (0.9, 0.9)),
        ("5-7 March", "6 March", Kind.TIME, (0.9, 0.9)),
        ("Monday to Friday", "Wednesday", Kind.TIME, (0.9, 0.9)),
        ("Germany", "Berlin", Kind.PLACE, (0.9, 0.9)),  # one lies in the other
        ("in the old boathouse", "Orsay", Kind.PLACE, (0.9, 0.9)),
        ("the chief executive", "Ann Lee", Kind.PERSON, (0.9, 0.9)),
    ],
)
def test_what_may_both_hold_is_no_disagreement(
    one: str, other: str, kind: Kind, scores: tuple[float, float]
) -> None:
    groups = group(answers(one, other, scores=scores), kind)
    assert disagreement(groups, kind, sure=0.5, margin=0.3) is None


def test_one_answer_never_disagrees() -> None:
    assert disagreement(group(answers("Tampa"), Kind.PLACE), Kind.PLACE, sure=0, margin=1) is None
