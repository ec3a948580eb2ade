"""The figures of a run with their intervals, and of two runs side by side."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from qa.errors import EvaluationError
from qa.evaluation import metrics
from qa.evaluation.bootstrap import Estimate, difference, estimate
from qa.evaluation.figures import answerable, figures, is_judged, probabilities
from qa.evaluation.run import Outcome, Run


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure over `count` questions."""

    name: str
    meaning: str
    count: int
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure that the questions do not allow, and what they would need."""

    name: str
    needs: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run's questions allow to be measured, what they do not, and the probabilities by bins.

    `reliability` is empty unless some questions are known to be answerable and some not to be.
    """

    figures: tuple[Measured, ...]
    left_out: tuple[LeftOut, ...]
    reliability: tuple[metrics.Bin, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of two runs over the `count` questions of both, and how much more the second has."""

    name: str
    count: int
    first: float
    second: float
    change: Estimate


def summarize(run: Run) -> Summary:
    """Measure everything that the run's questions allow."""
    measured: list[Measured] = []
    left_out: list[LeftOut] = []
    for figure in figures(run.k):
        rows = figure.rows(run.outcomes)
        found = estimate(figure.over(rows), len(rows)) if rows else None
        if found is None or np.isnan(found.value):
            left_out.append(LeftOut(figure.name, figure.needs))
        else:
            measured.append(Measured(figure.name, figure.meaning, len(rows), found))
    return Summary(tuple(measured), tuple(left_out), _reliability(run))


def _reliability(run: Run) -> tuple[metrics.Bin, ...]:
    rows = [each for each in run.outcomes if is_judged(each)]
    both = len({each.answerable for each in rows}) == 2
    return metrics.reliability(probabilities(rows), answerable(rows)) if both else ()


def compare(first: Run, second: Run) -> tuple[Compared, ...]:
    """The figures that both runs allow, over the questions that both answered and know the same of.

    Raises EvaluationError when they share no such question.
    """
    before, after = _by_question(first), _by_question(second)
    shared = [each for each in before if each in after and _known(before[each]) == _known(after[each])]
    if not shared:
        raise EvaluationError(
            "The two runs share no question with the same answers. Compare runs of one file of questions."
        )
    found: list[Compared] = []
    for figure in figures(min(first.k, second.k)):
        both = [each for each in shared if figure.applies(before[each]) and figure.applies(after[each])]
        old = figure.rows([before[each] for each in both])
        new = figure.rows([after[each] for each in both])
        if not old or not new:
            continue
        over_old, over_new, every = figure.over(old), figure.over(new), np.arange(len(both))
        if not np.isnan(values := (over_old(every), over_new(every))).any():
            found.append(Compared(figure.name, len(both), *values, difference(over_old, over_new, len(both))))
    return tuple(found)


def changed_questions(first: Run, second: Run) -> tuple[str, ...]:
    """The questions that `compare` leaves out because the runs' files tell other things of them."""
    before, after = _by_question(first), _by_question(second)
    changed = (each for each in before if each in after and _known(before[each]) != _known(after[each]))
    return tuple(question for question, _ in changed)


def _known(each: Outcome) -> tuple[object, ...]:
    """What the file of questions tells of a question."""
    return each.answers, each.sources, each.answerable, each.approved, each.rejected


def _by_question(run: Run) -> dict[tuple[str, int], Outcome]:
    """What was answered, by question; the second time that one is asked it counts as another."""
    found: dict[tuple[str, int], Outcome] = {}
    times = Counter[str]()
    for each in run.outcomes:
        times[each.question] += 1
        if each.error is None:
            found[each.question, times[each.question]] = each
    return found
