"""How dense and lexical scores are fused, on numbers small enough to check by hand."""

import pytest

from index_store import Hit, Passage
from index_store.lexical import expression
from qa.retriever import fuse


def passage(name: str) -> Passage:
    return Passage(name, f"{name}.txt", name, name, 0, 1)


def test_the_fused_score_is_the_cosine_plus_bm25_scaled_by_the_root_of_the_best() -> None:
    passages = {name: passage(name) for name in "abc"}
    lexical = (Hit(passages["b"], 9.0, 1), Hit(passages["c"], 2.25, 2))
    found = fuse(passages, {"a": 0.5, "b": 0.45, "c": 0.4}, lexical)
    assert [each.passage.id for each in found] == ["b", "a", "c"]
    assert [each.fused for each in found] == pytest.approx([0.69, 0.5, 0.46])
    assert [each.lexical for each in found] == pytest.approx([1.0, 0.0, 0.25])


def test_without_words_the_cosine_decides_and_ties_are_broken_by_id() -> None:
    passages = {name: passage(name) for name in "ba"}
    assert [each.passage.id for each in fuse(passages, {"b": 0.5, "a": 0.5}, ())] == ["a", "b"]
    assert fuse({}, {}, ()) == ()


def test_a_question_becomes_its_telling_words() -> None:
    assert expression("Who is the head of the IAEA?") == '"head" OR "iaea"'
    assert expression("Who was it?") == '"who" OR "was" OR "it"'
    assert expression('a "quoted" NEAR(x) AND *') == '"quoted" OR "near" OR "x"'
    assert expression("?!") is None
