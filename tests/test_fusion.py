"""How dense and lexical scores are fused, on numbers small enough to check by hand."""

import pytest

from index_store import Hit, Passage
from index_store.lexical import expression
from qa.fusion import fuse


def passage(name: str) -> Passage:
    return Passage(name, f"{name}.txt", name, name, 0, 1)


def test_the_fused_score_is_the_cosine_plus_bm25_over_its_root_and_the_spread_of_the_cosines() -> None:
    passages = {name: passage(name) for name in "abc"}
    lexical = (Hit(passages["b"], 9.0, 1), Hit(passages["c"], 2.25, 2))
    found = fuse(passages, {"a": 0.6, "b": 0.5, "c": 0.4}, lexical)
    weight = 0.0045 / 3 / (0.02 / 3) ** 0.5  # the standard deviation of 0.6, 0.5 and 0.4
    assert [each.passage.id for each in found] == ["b", "a", "c"]
    assert [each.fused for each in found] == pytest.approx([0.5 + 9 * weight, 0.6, 0.4 + 2.25 * weight])
    assert [each.lexical for each in found] == pytest.approx([1.0, 0.0, 0.25])


def test_words_count_less_where_one_passage_stands_out_in_meaning() -> None:
    passages = {name: passage(name) for name in "abc"}
    lexical = (Hit(passages["b"], 9.0, 1),)
    together = fuse(passages, {"a": 0.55, "b": 0.5, "c": 0.45}, lexical)
    apart = fuse(passages, {"a": 0.9, "b": 0.5, "c": 0.45}, lexical)
    assert [each.passage.id for each in together] == ["b", "a", "c"]
    assert [each.passage.id for each in apart] == ["a", "b", "c"]
    gains = [each.fused - each.cosine for each in (together[0], apart[1])]
    assert gains == pytest.approx([0.0135 / (0.005 / 3) ** 0.5, 0.0135 / (0.1217 / 3) ** 0.5], rel=0.01)


def test_only_the_ten_nearest_tell_the_spread_and_equal_ones_do_not_make_words_all() -> None:
    passages = {str(name): passage(str(name)) for name in range(12)}
    cosines = {name: 0.5 if int(name) < 10 else 0.1 for name in passages}
    found = fuse(passages, cosines, (Hit(passages["11"], 0.64, 1),))
    assert found[0].passage.id == "0"
    assert next(each.fused for each in found if each.passage.id == "11") == pytest.approx(0.1 + 0.8 * 0.225)


def test_a_name_that_stands_in_one_of_a_few_passages_is_found_though_its_meaning_is_far() -> None:
    passages = {str(name): passage(str(name)) for name in range(50)}
    cosines = {name: 0.3 - 0.007 * int(name) for name in passages}
    found = fuse(passages, cosines, (Hit(passages["47"], 10.0, 1),))
    assert found[0].passage.id == "47"


def test_without_words_the_cosine_decides_and_ties_are_broken_by_id() -> None:
    passages = {name: passage(name) for name in "ba"}
    assert [each.passage.id for each in fuse(passages, {"b": 0.5, "a": 0.5}, ())] == ["a", "b"]
    assert fuse({}, {}, ()) == ()


def test_a_question_becomes_its_telling_words() -> None:
    assert expression("Who is the head of the IAEA?") == '"head" OR "iaea"'
    assert expression("Who was it?") == '"who" OR "was" OR "it"'
    assert expression('a "quoted" NEAR(x) AND *') == '"quoted" OR "near" OR "x"'
    assert expression("?!") is None
