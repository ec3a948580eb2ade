"""One question against the embedding of sixteen passages, in turn, so that a busy machine slows both."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from asking import Asking, Row
from datasets import QuestionSet

PASSAGES = 16
_WARM_UP = 3


def ratio_rows(asking: Asking, questions: QuestionSet, rounds: int) -> Sequence[Row]:
    """The seconds of both, round by round; each round has a question and passages of its own."""
    texts = [f"{title}\n{text}" for _, title, text in questions.documents]
    rows = []
    for number in range(-_WARM_UP, rounds):
        query = questions.queries[(number * len(questions.queries) // rounds) % len(questions.queries)]
        first = (number * PASSAGES) % (len(texts) - PASSAGES)
        passages = texts[first : first + PASSAGES]
        work = {
            "ask": lambda: asking.ask(query),  # noqa: B023  called at once
            "embed": lambda: asking.embedder.embed(passages),  # noqa: B023
        }
        order = sorted(work, reverse=bool(number % 2))
        rows.append({name: _seconds(work[name]) for name in order})
    return rows[_WARM_UP:]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
