"""Decoding spans from logits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
