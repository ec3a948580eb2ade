"""A run: every question of a file asked, and what came of each."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index_store import IndexStoreError
from qa.assistant import Assistant
from qa.errors import EvaluationError, QAError
from qa.evaluation.questions import Question
from qa.types import Answer

_FORMAT = 2
_FAILURES_IN_A_ROW = 5

Seen = Callable[["Outcome"], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question, what is known about it, and what was answered.

    `predicted` is the span that answers and `first_sentence` the one that it stands in; where no span is
    marked, both are the first sentence. `ranked` is the document of each passage found, best first, and
    `cited` that of each citation.
    `supported` of `sentences` sentences are so. `error` says why there is no answer.
    """

    question: str
    answers: tuple[str, ...]
    sources: tuple[str, ...]
    answerable: bool | None
    approved: str | None
    rejected: str | None
    status: str
    probability: float | None
    text: str
    first_sentence: str
    predicted: str
    ranked: tuple[str, ...]
    cited: tuple[str, ...]
    sentences: int
    supported: int
    seconds: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What was asked of which index, when, and the outcomes in the file's order."""

    questions: str
    model: str
    index_version: str
    k: int
    started: str
    outcomes: tuple[Outcome, ...]


def evaluate(
    assistant: Assistant, questions: Sequence[Question], *, name: str, k: int, seen: Seen | None = None
) -> Run:
    """Ask every question; `seen` is told each outcome as it comes.

    A question that fails is kept with its error. Raises EvaluationError when five in a row fail.
    """
    started = datetime.now(UTC).isoformat(timespec="seconds")
    outcomes: list[Outcome] = []
    model, version, failures = "", "", 0
    for question in questions:
        try:
            answer = assistant.ask(question.text, k=k)
        except Exception as exc:  # whatever it is, the other answers of the run are not lost with it
            failures += 1
            outcome = _failed(question, str(exc) if isinstance(exc, QAError | IndexStoreError) else repr(exc))
        else:
            failures, model, version = 0, answer.model, answer.index_version
            outcome = outcome_of(question, answer)
        outcomes.append(outcome)
        if failures == min(_FAILURES_IN_A_ROW, len(questions)):
            raise EvaluationError(f"{failures} questions in a row failed, the last with: {outcome.error}")
        if seen:
            seen(outcome)
    return Run(name, model, version, k, started, tuple(outcomes))


def outcome_of(question: Question, answer: Answer) -> Outcome:
    """What came of a question."""
    predicted, sentence = _answering(answer)
    return Outcome(
        question=question.text,
        answers=question.answers,
        sources=question.sources,
        answerable=question.answerable,
        approved=question.approved,
        rejected=question.rejected,
        status=answer.status,
        probability=answer.probability,
        text=answer.text,
        first_sentence=sentence,
        predicted=predicted,
        ranked=tuple(hit.passage.source for hit in answer.hits),
        cited=tuple(citation.source for citation in answer.citations),
        sentences=len(answer.sentences),
        supported=sum(each.verdict == "supported" for each in answer.sentences),
        seconds=answer.timings.get("total", 0.0),
    )


def _answering(answer: Answer) -> tuple[str, str]:
    """The first words that are marked as answering, and their sentence, which may be an item of a list.

    Where no words are marked, the first sentence twice.
    """
    sentences = {number: each.text for each in answer.sentences for number in each.citations}
    for each in answer.citations:
        if each.answer_start is not None and each.answer_end is not None:
            words = each.quote[each.answer_start - each.start : each.answer_end - each.start]
            return words, sentences.get(each.number, words)
    first = answer.sentences[0].text if answer.sentences else ""
    return first, first


def _failed(question: Question, error: str) -> Outcome:
    return Outcome(
        question=question.text,
        answers=question.answers,
        sources=question.sources,
        answerable=question.answerable,
        approved=question.approved,
        rejected=question.rejected,
        status="failed",
        probability=None,
        text="",
        first_sentence="",
        predicted="",
        ranked=(),
        cited=(),
        sentences=0,
        supported=0,
        seconds=0.0,
        error=error,
    )


def require_writable(path: Path) -> None:
    """Raise EvaluationError when a run cannot be saved at `path`, before anybody has waited for it."""
    if path.is_dir() or not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
        raise EvaluationError(f"{path} cannot be written. Name another file, in a folder that exists.")


def save_run(run: Run, path: Path) -> None:
    """Write a run as JSON. Raises EvaluationError when the file cannot be written."""
    values = {"format": _FORMAT} | asdict(run)
    try:
        path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as exc:
        raise EvaluationError(f"{path} cannot be written ({exc.strerror}). Name another file.") from exc


def load_run(path: Path) -> Run:
    """Read a run that `save_run` wrote. Raises EvaluationError for any other file."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        if row.pop("format") != _FORMAT:
            raise ValueError("another format")
        outcomes = tuple(_outcome(each) for each in row.pop("outcomes"))
        return Run(outcomes=outcomes, **row)
    except OSError as exc:
        raise EvaluationError(f"{path} cannot be read ({exc.strerror}). Name a saved run.") from exc
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise EvaluationError(
            f"{path} is not a saved run ({exc}). Make one: qa eval FILE --save {path}"
        ) from exc


def _outcome(row: dict[str, Any]) -> Outcome:
    missing = {field.name for field in fields(Outcome)} - row.keys()
    if missing:
        raise ValueError(f"an outcome without {', '.join(sorted(missing))}")
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
    }
    return Outcome(**values)


def unknown_sources(assistant: Assistant, questions: Iterable[Question]) -> tuple[str, ...]:
    """The sources that questions name and the index does not have; each would count as not found."""
    known = frozenset(assistant.sources())
    named = dict.fromkeys(source for question in questions for source in question.sources)
    return tuple(source for source in named if source not in known)
