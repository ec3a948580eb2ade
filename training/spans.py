"""Decoding spans from logits, and SQuAD's answer measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.data import normalize

LONGEST_ANSWER = 30
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Span:
    """Pieces `start` to `end`, inclusive, and the sum of their logits."""

    start: int
    end: int
    score: float


def best_span(start_logits: Floats, end_logits: Floats, first: int, last: int) -> Span:
    """The best span of at most `LONGEST_ANSWER` pieces within pieces `first` to `last`, inclusive."""
    starts, ends = start_logits[first : last + 1], end_logits[first : last + 1]
    table = starts[:, None] + ends[None, :]
    allowed = np.triu(np.ones_like(table, dtype=bool)) & ~np.triu(
        np.ones_like(table, dtype=bool), LONGEST_ANSWER
    )
    table = np.where(allowed, table, -np.inf)
    start, end = np.unravel_index(int(table.argmax()), table.shape)
    return Span(first + int(start), first + int(end), float(table[start, end]))


def exact(predicted: str, answers: Sequence[str]) -> float:
    """1.0 when the prediction equals a gold answer after normalization."""
    return float(any(normalize(predicted) == normalize(a) for a in answers))


def f1(predicted: str, answers: Sequence[str]) -> float:
    """The best token F1 of the prediction against the gold answers."""
    return max((_f1(normalize(predicted).split(), normalize(a).split()) for a in answers), default=0.0)


def _f1(predicted: list[str], gold: list[str]) -> float:
    shared = sum((Counter(predicted) & Counter(gold)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(predicted), shared / len(gold)
    return 2 * precision * recall / (precision + recall)
