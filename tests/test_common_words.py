"""The list of words that may begin a sentence and are no names."""

from __future__ import annotations

from collections.abc import Set

import pytest

from qa.claims import measures, names, numbers
from training.common_words import common_words


def test_what_is_written_small_is_common() -> None:
    texts = ["the soldiers saw the smiths, and the Smiths saw Paris"] * 10
    assert common_words(texts) == ["and", "saw", "soldiers", "the"]


def test_a_sentence_begins_with_a_name_or_with_none() -> None:
    assert names("Soldiers came. Additionally, Putin said: Officials left. Guterres stayed.") == {
        "putin",
        "guterres",
    }


@pytest.mark.parametrize(
    ("text", "counted", "measured"),
    [
        ("2022-02-24", {"24", "february", "2022"}, set()),
        ("It was -5 °C.", {"-5"}, {("-5", "celsius")}),
        ("10-15 people", {"10", "15"}, set()),
        ("$1.2m, and 3 m", {"1200000", "3"}, {("1200000", "$"), ("3", "m")}),
        ("1,234,567 or 1234568", {"1234567", "1234568"}, set()),
    ],
)
def test_numbers_are_read_as_they_are_written(
    text: str, counted: Set[str], measured: Set[tuple[str, str]]
) -> None:
    assert (numbers(text), measures(text)) == (counted, measured)
