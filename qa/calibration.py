"""What is known of a passage becomes a rank and a probability, by logistic models.

`training/calibrate.py` fits them.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from qa.crossencoder import PassageReading


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a passage for one question.

    `cosine` and `lexical` (the BM25 score as a share of the best passage's) are from the search; logits of
    the reader are `relevance`, `answerable` and `span`, the score of the likeliest short answer.
    """

    cosine: float
    lexical: float
    relevance: float
    answerable: float
    span: float

    @classmethod
    def of(cls, cosine: float, lexical: float, reading: PassageReading) -> Signals:
        """The signals of a passage that was found and read."""
        span = reading.spans[0].score if reading.spans else _NO_SPAN
        return cls(cosine, lexical, reading.relevance, reading.answerable, span)

    def values(self) -> tuple[float, ...]:
        """The signals in the order of the fields."""
        return (self.cosine, self.lexical, self.relevance, self.answerable, self.span)


_NO_SPAN = -20.0


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression."""

    weights: tuple[float, ...]
    bias: float

    def logit(self, values: Sequence[float]) -> float:
        """The weighted sum, for ranking."""
        return self.bias + sum(weight * value for weight, value in zip(self.weights, values, strict=True))

    def probability(self, values: Sequence[float]) -> float:
        """The probability, from 0 to 1."""
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self.logit(values)))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """`passage` gives the probability that a passage answers, from its `Signals`; `answer` that the documents
    answer at all, from `answer_values`.
    """

    passage: Logistic
    answer: Logistic

    @classmethod
    def shipped(cls) -> Calibration:
        """The calibration that belongs to the weights that Footnote ships."""
        fields = json.loads((resources.files("qa") / "calibration.json").read_text(encoding="utf-8"))
        return cls(**{name: Logistic(tuple(m["weights"]), m["bias"]) for name, m in fields.items()})

    def to_json(self) -> str:
        """The text that `shipped` reads."""
        return json.dumps(dataclasses.asdict(self), indent=2) + "\n"


def answer_values(best: Signals, unnamed: float, passage: Logistic) -> tuple[float, ...]:
    """What tells whether documents answer, from the best passage found in them.

    Its rank logit, the reader's logit that it answers, the score of its likeliest short answer, and the share
    of the question's names and numbers that it does not have.
    """
    return (passage.logit(best.values()), best.answerable, best.span, unnamed)
