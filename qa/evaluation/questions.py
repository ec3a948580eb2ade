"""A file of questions, one JSON object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.errors import EvaluationError
from qa.settings import QUESTION_LIMIT

MARKER = re.compile(r" ?\[\d+\]")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what is known about it.

    `answers` are right answers, any of which will do; `sources` the documents that answer. `answerable`
    says whether the documents answer it, None where the file does not tell. `approved` and `rejected`
    are what was said in answers that somebody has rated: the first quote as it stands, or the whole text
    without its markers.
    """

    text: str
    answers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    answerable: bool | None = None
    approved: str | None = None
    rejected: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """The questions of a file in order, and what is wrong with the lines that hold none: "FILE:LINE: …"."""

    questions: tuple[Question, ...]
    faults: tuple[str, ...]


def read_questions(path: Path) -> QuestionFile:
    """Read the questions; a line that is none is left out and named. Raises EvaluationError without any."""
    questions: list[Question] = []
    faults: list[str] = []
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            questions.append(_question(line))
        except ValueError as exc:
            faults.append(f"{path}:{number}: {exc}")
    if not questions:
        what = "; ".join(faults[:3]) or "it is empty"
        raise EvaluationError(f"{path} holds no question ({what}). Draft some: qa eval --make 20")
    return QuestionFile(tuple(questions), tuple(faults))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as exc:
        raise EvaluationError(
            f"There is no file {path}. Draft one: qa eval --make 20 > questions.jsonl"
        ) from exc
    except UnicodeDecodeError as exc:
        raise EvaluationError(f"{path} is not UTF-8 text. Save it as UTF-8, one JSON object a line.") from exc
    except OSError as exc:
        raise EvaluationError(f"{path} cannot be read ({exc.strerror}). Name a file of questions.") from exc


def _question(line: str) -> Question:
    """One line as a question. Raises ValueError with what is wrong with it."""
    row = _object(line)
    text = row.get("question")
    if not isinstance(text, str) or not text.strip():
        raise ValueError('"question" must be a text that is not empty')
    if len(text) > QUESTION_LIMIT:
        raise ValueError(f'"question" has {len(text):,} characters, more than {QUESTION_LIMIT:,}')
    answers, sources = _texts(row, "answer"), _texts(row, "source")
    if (rating := row.get("rating")) is not None:
        if isinstance(row.get("answer"), str):  # a whole text; those in a list are quotes
            answers = tuple(MARKER.sub("", each) for each in answers)
        return _rated(Question(text, sources=sources), answers, rating)
    answerable = row.get("answerable")
    if answerable is not None and not isinstance(answerable, bool):
        raise ValueError('"answerable" must be true or false')
    if answerable is False and answers:
        raise ValueError('a question that is not "answerable" has no "answer"')
    if answerable is None and (answers or sources):
        answerable = True
    return Question(text, answers, sources, answerable)


def _object(line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as exc:
        raise ValueError(f"not JSON ({exc})") from exc
    if not isinstance(row, dict):
        raise ValueError('not a JSON object such as {"question": "Who …?", "answer": "…"}')
    return row


def _texts(row: Mapping[str, Any], field: str) -> tuple[str, ...]:
    given = row.get(field)
    every = [given] if isinstance(given, str) else ([] if given is None else given)
    if not isinstance(every, list) or not all(isinstance(each, str) for each in every):
        raise ValueError(f'"{field}" must be a text or a list of texts')
    return tuple(dict.fromkeys(each for each in every if each.strip()))


def _rated(question: Question, answers: tuple[str, ...], rating: object) -> Question:
    """A question whose answer somebody has rated; without an answer it was refused.

    A refusal rated good says that the documents do not answer; what is rated bad says nothing of them.
    """
    said = answers[0] if answers else None
    if rating == "up":
        return replace(question, approved=said, answerable=said is not None)
    if rating == "down":
        return Question(question.text, rejected=said)
    raise ValueError('"rating" must be "up" or "down"')
