"""Mixing a reader's scores with the dense cosine into one order, and what that order is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.data import normalize
from training.open_set import Found, Query
from training.reading import Reading
from training.sentence import sentence_around

Floats64 = npt.NDArray[np.float64]
FEATURES = ("cosine", "relevance", "span", "answerable")
PENALTY = 1e-2


@dataclass(frozen=True, slots=True)
class Candidates:
    """One query's candidate passages, best cosine first.

    `features` is `[candidates, FEATURES]`; `gold` marks the passages judged to answer, `holds` those
    with a gold answer's words anywhere, and `hit` those whose quoted sentence has them.
    """

    features: Floats64
    gold: npt.NDArray[np.bool_]
    holds: npt.NDArray[np.bool_]
    hit: npt.NDArray[np.bool_]


def candidates(
    query: Query, found: Sequence[Found], readings: Sequence[Reading], texts: Sequence[str]
) -> Candidates:
    """The candidates of a query from what the reader made of each found passage."""
    features = [(f.cosine, r.relevance, r.span, r.answerable) for f, r in zip(found, readings, strict=True)]
    quoted = [sentence_around(text, r.start, r.end) for text, r in zip(texts, readings, strict=True)]
    return Candidates(
        np.asarray(features, dtype=np.float64),
        np.array([f.passage in query.gold for f in found]),
        _holding(query.answers, texts),
        _holding(query.answers, quoted),
    )


def _holding(answers: Sequence[str], texts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which texts hold the words of an answer, after normalization."""
    sought = [f" {a} " for a in map(normalize, answers) if a]
    return np.array([any(a in f" {normalize(text)} " for a in sought) for text in texts])


def without_gold(held: Candidates) -> Candidates:
    """The candidates with every passage taken away that is judged to answer or holds an answer's words."""
    kept = ~(held.gold | held.holds)
    return Candidates(held.features[kept], held.gold[kept], held.holds[kept], held.hit[kept])


def linear_mix(pool: Sequence[Candidates], label: str) -> Floats64:
    """Feature weights that rank `gold` or `hit` candidates first: a listwise softmax, lightly penalized."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    useful = [(c.features, getattr(c, label)) for c in pool if getattr(c, label).any()]
    scale = np.concatenate([features for features, _ in useful]).std(axis=0) + 1e-9

    def loss(weights: Floats64) -> float:
        total = 0.0
        for features, right in useful:
            scores = features / scale @ weights
            total += float(np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[right]))
        return total / len(useful) + PENALTY * float(weights @ weights)

    found = minimize(loss, np.zeros(len(FEATURES)), method="L-BFGS-B")
    return np.asarray(found.x / scale, dtype=np.float64)


def order(held: Candidates, weights: Floats64) -> npt.NDArray[np.intp]:
    """Candidate numbers, best first."""
    return np.argsort(-(held.features @ weights), kind="stable")


@dataclass(frozen=True, slots=True)
class RankingFigures:
    """MRR, recall at 1 and 5 of the gold passage, and how often the first sentence holds an answer."""

    mrr: float
    recall_1: float
    recall_5: float
    sentence: float


def ranking_figures(
    pool: Sequence[Candidates], by_passage: Floats64, by_sentence: Floats64
) -> RankingFigures:
    """The figures of the orders that two mixes give."""
    ranks = [np.flatnonzero(c.gold[order(c, by_passage)]) for c in pool]
    firsts = np.array([r[0] + 1 if len(r) else np.inf for r in ranks])
    first_hits = [bool(c.hit[order(c, by_sentence)[0]]) for c in pool]
    return RankingFigures(
        float((1 / firsts).mean()),
        float((firsts <= 1).mean()),
        float((firsts <= 5).mean()),
        float(np.mean(first_hits)),
    )


def top_features(held: Candidates, weights: Floats64) -> Floats64:
    """The first candidate's features, and the highest answerable score of the first three."""
    first = order(held, weights)[:3]
    best = held.features[first[0]]
    return np.append(best, held.features[first, FEATURES.index("answerable")].max())
