"""Sentence-aligned windows of a passage: with the answer, against it, or with it cut out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Spans = tuple[tuple[int, int], ...]
SHORTEST_REMAINDER = 16


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of word pieces and the answer spans (inclusive) inside it."""

    pieces: Ints
    spans: Spans


def answer_window(pieces: Ints, starts: Ints, spans: Spans, budget: int, rng: np.random.Generator) -> Window:
    """A window of about `budget` pieces around one of `spans`, whole sentences where they fit."""
    low, high = spans[int(rng.integers(len(spans)))]
    first, last = _sentence_of(starts, low), _sentence_of(starts, high)
    begin, end = _grown(len(pieces), starts, first, last, budget, rng)
    if end - begin > max(budget, 64) * 3 // 2:
        begin, end = _clipped(begin, end, low, high, max(budget, 64), rng)
    inside = tuple((a - begin, b - begin) for a, b in spans if a >= begin and b < end)
    return Window(pieces[begin:end], inside)


def topic_window(pieces: Ints, starts: Ints, question: Ints, budget: int, rng: np.random.Generator) -> Window:
    """A window of about `budget` pieces around the sentence most like the question, mostly."""
    if len(pieces) <= budget:
        return Window(pieces, ())
    sentence = int(rng.integers(len(starts)))
    if rng.random() < 0.7:
        shared = np.isin(pieces, question).astype(np.int32)
        sentence = int(np.argmax(np.add.reduceat(shared, starts)))
    begin, end = _grown(len(pieces), starts, sentence, sentence, budget, rng)
    if end - begin > budget:
        begin, end = _clipped(begin, end, begin, begin, budget, rng)
    return Window(pieces[begin:end], ())


def without_answer(pieces: Ints, starts: Ints, spans: Spans) -> tuple[Ints, Ints] | None:
    """The passage less every sentence that holds an answer, with its sentence starts.

    None when too little is left to look like a passage.
    """
    edges = np.append(starts, len(pieces))
    holding = {s for a, b in spans for s in range(_sentence_of(starts, a), _sentence_of(starts, b) + 1)}
    for low, high in spans:
        holding |= {_sentence_of(starts, i) for i in _occurrences(pieces, pieces[low : high + 1])}
    kept = [pieces[edges[s] : edges[s + 1]] for s in range(len(starts)) if s not in holding]
    if sum(map(len, kept)) < SHORTEST_REMAINDER:
        return None
    lengths = np.cumsum([0, *(len(part) for part in kept[:-1])], dtype=np.int32)
    return np.concatenate(kept), lengths


def _occurrences(pieces: Ints, sought: Ints) -> list[int]:
    places = np.flatnonzero(pieces == sought[0])
    width = len(sought)
    return [int(i) for i in places if np.array_equal(pieces[i : i + width], sought)]


def _sentence_of(starts: Ints, piece: int) -> int:
    return int(np.searchsorted(starts, piece, side="right")) - 1


def _grown(
    length: int, starts: Ints, first: int, last: int, budget: int, rng: np.random.Generator
) -> tuple[int, int]:
    """Sentences `first` to `last`, with neighbours added at random sides while they fit."""
    edges = [*starts.tolist(), length]
    left, right = True, True
    while left or right:
        left = left and first > 0 and edges[last + 1] - edges[first - 1] <= budget
        right = right and last + 2 < len(edges) and edges[last + 2] - edges[first] <= budget
        if left and (not right or rng.random() < 0.5):
            first -= 1
        elif right:
            last += 1
    return edges[first], edges[last + 1]


def _clipped(
    begin: int, end: int, low: int, high: int, budget: int, rng: np.random.Generator
) -> tuple[int, int]:
    """A stretch of `budget` pieces inside `begin` to `end` that holds `low` to `high`."""
    width = max(budget, high - low + 1)
    earliest, latest = max(begin, high + 1 - width), min(low, end - width)
    start = int(rng.integers(earliest, latest + 1)) if latest > earliest else max(begin, earliest)
    return start, min(end, start + width)
