"""What is measured over the outcomes of a run: each figure, and what a question must tell for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation import metrics
from qa.evaluation.bootstrap import Rows, Statistic
from qa.evaluation.questions import MARKER
from qa.evaluation.run import Outcome
from qa.question import Kind, kind

Applies = Callable[[Outcome], bool]
Over = Callable[[Sequence[Outcome]], Statistic]


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that is measured over the outcomes it `applies` to; `needs` names the fields these must have.

    With `both` it tells answerable questions from the others, and needs some of either kind.
    """

    name: str
    meaning: str
    needs: str
    applies: Applies
    over: Over
    both: bool = False

    def rows(self, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
        """The outcomes it is measured over; none when they do not suffice."""
        rows = tuple(each for each in outcomes if each.error is None and self.applies(each))
        return () if self.both and len({each.answerable for each in rows}) < 2 else rows


def figures(k: int) -> tuple[Figure, ...]:
    """Every figure there is, for runs that look at `k` passages."""
    depths = sorted({depth for depth in (1, 5, k) if depth <= k})
    return (
        *(_recall(depth) for depth in depths),
        _reciprocal_rank(k),
        *_ANSWER,
        *_CITATION,
        *_REFUSAL,
        *_USE,
    )


def is_judged(outcome: Outcome) -> bool:
    """Whether a probability was said, of no summary, and the file tells what it should have been."""
    is_guess = outcome.probability is not None and kind(outcome.question) is not Kind.SUMMARY
    return outcome.answerable is not None and is_guess


def probabilities(rows: Sequence[Outcome]) -> metrics.Floats:
    """The probabilities that the documents answer."""
    return np.array([each.probability for each in rows], dtype=float)


def answerable(rows: Sequence[Outcome]) -> metrics.Flags:
    """Whether they do."""
    return np.array([each.answerable for each in rows], dtype=bool)


def _mean(value: Callable[[Outcome], float]) -> Over:
    return _ratio(lambda each: (value(each), 1))


def _ratio(part: Callable[[Outcome], tuple[float, float]]) -> Over:
    """The sum of the parts' first numbers over that of their second."""

    def over(rows: Sequence[Outcome]) -> Statistic:
        parts = np.array([part(each) for each in rows], dtype=float)

        def statistic(drawn: Rows) -> float:
            above, below = parts[drawn].sum(axis=0)
            return float(above / below) if below else float("nan")

        return statistic

    return over


def _of_probability(measure: Callable[[metrics.Floats, metrics.Flags], float]) -> Over:
    def over(rows: Sequence[Outcome]) -> Statistic:
        said, so = probabilities(rows), answerable(rows)
        return lambda drawn: measure(said[drawn], so[drawn])

    return over


def _has_sources(each: Outcome) -> bool:
    return bool(each.sources) and each.answerable is not False


def _has_answers(each: Outcome) -> bool:
    return bool(each.answers)


def _is_known(each: Outcome) -> bool:
    return each.answerable is not None


def _is_refused(each: Outcome) -> bool:
    return each.status == "insufficient"


def _says(each: Outcome, answer: str | None) -> bool:
    """Whether the sentences of a rated answer are said again, all of them, in a row."""
    return metrics.holds(MARKER.sub("", each.text), (answer or "",))


def _recall(depth: int) -> Figure:
    return Figure(
        f"recall@{depth}", f"the named documents among the first {depth} found", _SOURCE, _has_sources,
        _mean(lambda each: metrics.recall(each.ranked, each.sources, depth)),
    )  # fmt: skip


def _reciprocal_rank(depth: int) -> Figure:
    return Figure(
        f"MRR@{depth}", "1 / the rank of the first named document, 0 beyond", _SOURCE, _has_sources,
        _mean(lambda each: metrics.reciprocal_rank(each.ranked[:depth], each.sources)),
    )  # fmt: skip


_SOURCE, _GOLD, _EITHER = '"source"', '"answer"', '"answerable": true and false, and a probability'

# fmt: off
_ANSWER = (
    Figure(
        "EM", "the answer is a right one, word for word", _GOLD, _has_answers,
        _mean(lambda each: metrics.exact_match(each.predicted, each.answers)),
    ),
    Figure(
        "F1", "the words that the answer shares with a right one", _GOLD, _has_answers,
        _mean(lambda each: metrics.f1(each.predicted, each.answers)),
    ),
    Figure(
        "sentence hit", "the sentence that answers holds a right answer", _GOLD, _has_answers,
        _mean(lambda each: float(metrics.holds(each.first_sentence, each.answers))),
    ),
)
_CITATION = (
    Figure(
        "citation precision", "the citations that lead to a named document", _SOURCE, _has_sources,
        _ratio(lambda each: (sum(cited in each.sources for cited in each.cited), len(each.cited))),
    ),
    Figure(
        "citation recall", "the named documents that are cited", _SOURCE, _has_sources,
        _ratio(lambda each: (len(set(each.cited) & set(each.sources)), len(each.sources))),
    ),
    Figure(
        "groundedness", "the sentences that their citations support", "an answer",
        lambda each: each.sentences > 0,
        _ratio(lambda each: (each.supported, each.sentences)),
    ),
)
_REFUSAL = (
    Figure(
        "refusal precision", "the refused questions that are not answerable", '"answerable": true and false',
        _is_known,
        _ratio(lambda each: (_is_refused(each) and not each.answerable, _is_refused(each))),
        both=True,
    ),
    Figure(
        "refusal recall", "the questions that are not answerable and refused", '"answerable": false',
        lambda each: each.answerable is False,
        _mean(lambda each: float(_is_refused(each))),
    ),
    Figure(
        "AUROC", "how well the probability tells the two kinds apart", _EITHER, is_judged,
        _of_probability(metrics.auroc), both=True,
    ),
    Figure(
        "calibration error", "how far off the probability is on average", _EITHER, is_judged,
        _of_probability(metrics.calibration_error), both=True,
    ),
)
_USE = (
    Figure(
        "approved again", "answers rated good that come again", '"rating": "up" and an answer',
        lambda each: each.approved is not None,
        _mean(lambda each: float(_says(each, each.approved))),
    ),
    Figure(
        "rejected again", "answers rated bad that come again", '"rating": "down" and an answer',
        lambda each: each.rejected is not None,
        _mean(lambda each: float(_says(each, each.rejected))),
    ),
    Figure(
        "seconds", "the time of one question", "an answer", lambda _: True,
        _mean(lambda each: each.seconds),
    ),
)
# fmt: on
