"""What an answer or a ranking is worth: pure measures on words, ranks and probabilities."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_ARTICLE = re.compile(r"\b(a|an|the)\b")
_SIGNS = re.compile(r"[^\w\s]|_")
_ASCII_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize(text: str) -> str:
    """The words to look for in a text: lower case, no signs of any kind, no articles, single spaces."""
    return _without_articles(_SIGNS.sub("", text.lower()))


def squad_normalize(text: str) -> str:
    """SQuAD's answer normalization: the same, but only ASCII punctuation goes: "€5" is not "5".

    Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", 2016.
    """
    return _without_articles(text.lower().translate(_ASCII_PUNCTUATION))


def _without_articles(text: str) -> str:
    return " ".join(_ARTICLE.sub(" ", text).split())


def exact_match(predicted: str, answers: Sequence[str]) -> float:
    """1.0 when the prediction equals a gold answer after normalization, else 0.0; an empty one is none."""
    found = squad_normalize(predicted)
    return float(bool(predicted) and any(found == squad_normalize(answer) for answer in answers))


def f1(predicted: str, answers: Sequence[str]) -> float:
    """The best F1 of the prediction's words against those of a gold answer, from 0 to 1."""
    words = squad_normalize(predicted).split()
    return max((_word_f1(words, squad_normalize(answer).split()) for answer in answers), default=0.0)


def _word_f1(predicted: list[str], gold: list[str]) -> float:
    shared = sum((Counter(predicted) & Counter(gold)).values())
    return 2 * shared / (len(predicted) + len(gold)) if shared else 0.0


def holds(text: str, answers: Sequence[str]) -> bool:
    """Whether the text has all the words of a gold answer in a row, after normalization."""
    sought = [answer for answer in map(normalize, answers) if answer]
    return any(f" {answer} " in f" {normalize(text)} " for answer in sought)


def recall(ranked: Sequence[str], gold: Collection[str], k: int) -> float:
    """The share of the gold documents among the first `k` of `ranked`."""
    return len(set(ranked[:k]) & set(gold)) / len(set(gold))


def reciprocal_rank(ranked: Sequence[str], gold: Collection[str]) -> float:
    """1 / the rank of the first gold document, 0.0 when none was found."""
    return next((1 / rank for rank, each in enumerate(ranked, 1) if each in gold), 0.0)


def auroc(scores: Floats, positive: Flags) -> float:
    """The chance that a positive scores above a negative, ties counting half; NaN without both.

    Hanley & McNeil, "The Meaning and Use of the Area under a ROC Curve", 1982.
    """
    count = int(positive.sum())
    pairs = count * (len(scores) - count)
    if not pairs:
        return float("nan")
    _, place, ties = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]
    return float((ranks[positive].sum() - count * (count + 1) / 2) / pairs)


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions with a probability from `low` to `high`: how many, their mean, the share that held."""

    low: float
    high: float
    count: int
    probability: float
    observed: float


def reliability(probabilities: Floats, outcomes: Flags, bins: int = 10) -> tuple[Bin, ...]:
    """The bins of equal width that hold a prediction, lowest first.

    DeGroot & Fienberg, "The Comparison and Evaluation of Forecasters", 1983.
    """
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    return tuple(
        Bin(
            low=each / bins,
            high=(each + 1) / bins,
            count=int((place == each).sum()),
            probability=float(probabilities[place == each].mean()),
            observed=float(outcomes[place == each].mean()),
        )
        for each in np.unique(place)
    )


def calibration_error(probabilities: Floats, outcomes: Flags) -> float:
    """The expected calibration error: how far a bin's mean probability is off what was observed, on average.

    Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015.
    """
    return sum(
        each.count / len(probabilities) * abs(each.probability - each.observed)
        for each in reliability(probabilities, outcomes)
    )
