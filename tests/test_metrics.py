"""The measures that `qa eval` rests on."""

from __future__ import annotations

import numpy as np
import pytest

from qa.evaluation.bootstrap import difference, estimate
from qa.evaluation.metrics import (
    auroc,
    calibration_error,
    exact_match,
    f1,
    holds,
    normalize,
    recall,
    reciprocal_rank,
    reliability,
    squad_normalize,
)


def test_answers_are_compared_as_squad_compares_them() -> None:
    assert normalize("The  U.S.–led “Alliance_”!") == "usled alliance"
    assert squad_normalize("The  U.S.–led “Alliance_”!") == "us–led “alliance”"
    assert exact_match("the Panthers.", ["Panthers"]) == exact_match("A", ["a"]) == 1.0
    assert exact_match("", ["A"]) == exact_match("5", ["€5"]) == exact_match("5 °", ["5"]) == 0.0
    assert f1("5", ["€5"]) == 0.0
    assert f1("head coach Ron Rivera", ["Ron Rivera", "Rivera"]) == pytest.approx(2 * 2 / 6)
    assert f1("nobody", ["Ron Rivera"]) == 0.0
    assert holds("It took 57 days.", ["57"]) and not holds("It took 157 days.", ["57"])
    assert not holds("anything", ["the", ""])


def test_rankings_are_measured_by_where_the_named_documents_stand() -> None:
    assert recall(["a", "b", "c"], ["b", "x"], 2) == 0.5
    assert reciprocal_rank(["a", "b", "c"], ["c"]) == pytest.approx(1 / 3)
    assert reciprocal_rank(["a"], ["x"]) == 0.0


def test_probabilities_are_measured_by_order_and_by_calibration() -> None:
    said, so = np.array([0.9, 0.9, 0.4, 0.1]), np.array([True, False, True, False])
    assert auroc(said, so) == pytest.approx((0.5 + 1 + 0 + 1) / 4)
    assert np.isnan(auroc(said, np.array([True] * 4)))
    bins = reliability(said, so)
    assert [(each.count, each.observed) for each in bins] == [(1, 0.0), (1, 1.0), (2, 0.5)]
    assert calibration_error(said, so) == pytest.approx((0.1 + 0.6 + 2 * 0.4) / 4)
    assert reliability(np.array([1.0]), np.array([True]))[0].high == 1.0


def test_intervals_are_the_same_every_time_and_hold_what_was_measured() -> None:
    column = np.array([0.0, 1.0] * 100)
    found = estimate(lambda rows: float(column[rows].mean()), 200)
    assert found == estimate(lambda rows: float(column[rows].mean()), 200)
    assert found.value == 0.5 and 0.42 < found.low < 0.45 and 0.55 < found.high < 0.58


def test_a_paired_difference_is_sharper_than_two_intervals() -> None:
    column = np.random.default_rng(1).random(200)
    found = difference(
        lambda rows: float(column[rows].mean()), lambda rows: float(column[rows].mean() + 0.01), 200
    )
    assert found.low == pytest.approx(0.01) == found.high
