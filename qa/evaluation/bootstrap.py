"""How sure a figure is: percentile bootstrap over the questions.

Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SAMPLES = 1000
SEED = 20  # fixed, so that the same run gives the same intervals
_TAIL = 2.5  # percent on either side

Rows = npt.NDArray[np.intp]
Statistic = Callable[[Rows], float]  # the figure over the rows drawn; NaN where these do not allow it


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, and the interval that holds it with 95 % confidence."""

    value: float
    low: float
    high: float


def estimate(statistic: Statistic, size: int) -> Estimate:
    """The figure over all `size` rows, with its interval."""
    value = float(statistic(np.arange(size)))
    drawn = [statistic(rows) for rows in _draws(size)]
    return Estimate(value, *_middle(drawn, value))


def difference(before: Statistic, after: Statistic, size: int) -> Estimate:
    """`after` minus `before` over the same `size` rows: each sample draws the same rows of both."""
    every = np.arange(size)
    value = float(after(every) - before(every))
    drawn = [after(rows) - before(rows) for rows in _draws(size)]
    return Estimate(value, *_middle(drawn, value))


def _draws(size: int) -> list[Rows]:
    random = np.random.default_rng(SEED)
    return [random.integers(0, size, size) for _ in range(SAMPLES)]


def _middle(drawn: list[float], value: float) -> tuple[float, float]:
    known = [each for each in drawn if not np.isnan(each)]
    if not known:
        return value, value
    low, high = np.percentile(known, (_TAIL, 100 - _TAIL))
    return float(low), float(high)
