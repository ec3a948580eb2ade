"""Markers as models write them, out of a text that comes piece by piece."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.markers import Said, SentenceStream


def sentences(text: str, size: int = 10_000) -> list[Said]:
    stream = SentenceStream()
    said = [each for at in range(0, len(text), size) for each in stream.feed(text[at : at + size])]
    return [*said, *stream.end()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It burned [1][2]. It sank [1, 3].", [("It burned.", (1, 2)), ("It sank.", (1, 3))]),
        ("It burned [1-3]. It sank【2】.", [("It burned.", (1, 2, 3)), ("It sank.", (2,))]),
        ("It burned. [1] It sank.[2] [3]", [("It burned.", (1,)), ("It sank.", (2, 3))]),
        ("It burned [1], [2] and [3].", [("It burned.", (1, 2, 3))]),
        ("It burned ([1]). It sank ([2], [3]).", [("It burned.", (1,)), ("It sank.", (2, 3))]),
        ("It burned [[1]]. It sank [^2].", [("It burned.", (1,)), ("It sank.", (2,))]),
        ("It burned [Passage 2] and sank [source: 3].", [("It burned and sank.", (2, 3))]),
        ("It burned.\n[1]\nIt sank.\n[2]", [("It burned.", (1,)), ("It sank.", (2,))]),
        ("[1] It burned.\n[2] It sank.", [("It burned.", (1,)), ("It sank.", (2,))]),
        ("- It burned [1]\n- It sank. [2]\n", [("- It burned", (1,)), ("- It sank.", (2,))]),
        ("| It | burned [1] |\n|---|---|", [("| It | burned |", (1,)), ("|---|---|", ())]),
        ("Yes. It burned [1]. It sank.", [("Yes. It burned.", (1,)), ("It sank.", ())]),
        ("火が出た[1]。沈んだ[2]。", [("火が出た。", (1,)), ("沈んだ。", (2,))]),
        ("It burned [20240101] and [[1]2] sank.", [("It burned and (2) sank.", (20240101, 1))]),
        (
            "Dr. Smith paid 3.5 million. [1] It sank.",
            [("Dr. Smith paid 3.5 million.", (1,)), ("It sank.", ())],
        ),
        ("... --- *** !!!", [("...", ()), ("--- *** !!!", ())]),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 10_000])
def test_markers_go_to_their_sentences(
    text: str, expected: list[tuple[str, tuple[int, ...]]], size: int
) -> None:
    said = [(each.text, each.marked) for each in sentences(text, size)]
    assert said == expected


def test_a_sentence_is_judged_without_its_marks() -> None:
    said = "1. **Ada** was _born_ in `1815`.\n- a*b\n## Who?\n| a | b |\nAs passages 1 and 2 say, it burned."
    assert [each.words for each in sentences(said)] == [
        "Ada was born in 1815.",
        "a*b",
        "Who?",
        "a b",
        "As the passage say, it burned.",
    ]


def test_a_bracket_full_of_separators_is_read_at_once() -> None:
    text = "It burned [1" + ",    " * 5000 + "x"
    assert [each.text for each in sentences(text)] == [" ".join(text.split(" ")).strip()]


PIECES = st.sampled_from(
    "It burned |. |.|[1]| [2, 3]|【2】|[|]|(|([1])|)|\n|\n\n|- |Dr. |e.g. |3.5|“|”|?|…|[12|345]|, |and"
    "|。|大|Yes. |--|[[1]]|1. |**| .".split("|")
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.integers(1, 6))
def test_what_is_shown_of_a_sentence_stays_and_no_marker_is_left(text: str, size: int) -> None:
    stream, shown = SentenceStream(), ""
    for at in range(0, len(text) + size, size):
        last = at >= len(text)
        for said in stream.end() if last else stream.feed(text[at : at + size]):
            assert said.text.startswith(shown) and not re.search(r"\[\d+\]", said.text)
            shown = ""
        _, words = stream.begun
        if not last:
            assert words.startswith(shown) or shown.startswith(words)
            shown = max(shown, words, key=len)
