"""Sentences by exact spans."""

import re

from hypothesis import given
from hypothesis import strategies as st

from index_store import sentence_spans
from index_store.sentences import whole_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def test_a_quotation_that_is_never_closed_leaves_no_mark_behind() -> None:
    text = 'He left. “We never came back. It was late.\n\nThe mayor spoke. "It is closed. Why?'
    assert [text[start:end] for start, end in sentence_spans(text)] == [
        "He left.", "“We never came back.", "It was late.", "The mayor spoke.", '"It is closed.', "Why?",
    ]  # fmt: skip


def test_abbreviations_initials_and_decimals_do_not_end_a_sentence() -> None:
    text = "Dr. Smith paid $3.5 million in Jan. 2020. J. K. Rowling wrote it. He left."
    assert sentences(text) == [
        "Dr. Smith paid $3.5 million in Jan. 2020.",
        "J. K. Rowling wrote it.",
        "He left.",
    ]


def test_a_quotation_stays_with_who_said_it() -> None:
    text = "“It is obvious. So the plant can’t be protected,” he warned. Then he left."
    assert sentences(text) == [
        "“It is obvious. So the plant can’t be protected,” he warned.",
        "Then he left.",
    ]


def test_speech_after_an_abbreviation_that_ends_a_sentence_begins_another() -> None:
    text = (
        'They work since May. "We stay," he said. She met Dr. "Doc" Hale at 9 p.m. “It is late.”'
        ' He saw the 10 p.m. "Late Show" there. "It was in May. \'So be it,\' he told me. Go," she said.'
    )
    assert sentences(text) == [
        "They work since May.",
        '"We stay," he said.',
        'She met Dr. "Doc" Hale at 9 p.m.',
        "“It is late.”",
        'He saw the 10 p.m. "Late Show" there.',
        "\"It was in May. 'So be it,' he told me. Go,\" she said.",
    ]
    assert text[slice(*whole_spans(text)[0])] == 'They work since May. "We stay," he said.'  # a passage's


def test_wrapped_lines_are_one_sentence_and_items_are_their_own() -> None:
    text = (
        "This prose is wrapped at some\nwidth and goes on. Then it\nends.\n- one thing\n- another\n\n"
        "A title\n\nText."
    )
    assert sentences(text) == [
        "This prose is wrapped at some\nwidth and goes on.",
        "Then it\nends.",
        "one thing",
        "another",
        "A title",
        "Text.",
    ]


def test_lines_that_are_not_wrapped_stand_alone() -> None:
    assert sentences("Name: Ada; Born: 1815\nName: Alan; Born: 1912") == [
        "Name: Ada; Born: 1815",
        "Name: Alan; Born: 1912",
    ]


def test_quotes_leave_out_the_marks_of_markdown() -> None:
    text = (
        "## Prices\n\nThe prices:\n- [x] **Tea** costs 3 €. Milk is free.\n  * Water - never more than 1 €\n"
        "> He said no.\n> - She left.\n\n---\n\n1. First of all. Then go.\n-5 degrees\n|x| is positive\n"
    )
    assert sentences(text) == [
        "Prices",
        "The prices:",
        "**Tea** costs 3 €.",
        "Milk is free.",
        "Water - never more than 1 €",
        "He said no.",
        "She left.",
        "1. First of all.",
        "Then go.",
        "-5 degrees",
        "|x| is positive",
    ]


def test_a_row_of_a_table_is_one_sentence() -> None:
    text = "| Name | Born |\n| --- | :-: |\n| Dr. Ada. L. | in London. 1815 |\n|| b |\nAfter the table."
    assert sentences(text) == ["Name | Born", "Dr. Ada. L. | in London. 1815", "| b", "After the table."]


AWKWARD = st.text(alphabet=st.sampled_from("aB1 .?!\n\r\t“”'😀é中-#|:>*"), max_size=200) | st.text(
    max_size=100
)


@given(AWKWARD)
def test_quotable_sentences_are_in_order_trimmed_and_leave_out_no_word(text: str) -> None:
    end = 0
    for start, stop in sentence_spans(text):
        assert not any(map(str.isalnum, re.sub(r"\[[xX]\]", "", text[end:start])))
        assert text[start:stop] and text[start:stop] == text[start:stop].strip()
        end = stop
    assert not any(map(str.isalnum, text[end:]))


@given(AWKWARD)
def test_whole_sentences_are_in_order_trimmed_and_leave_out_only_white_space(text: str) -> None:
    end = 0
    for start, stop in whole_spans(text):
        assert text[end:start].strip() == ""
        assert text[start:stop] and text[start:stop] == text[start:stop].strip()
        end = stop
    assert text[end:].strip() == ""
