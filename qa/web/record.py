"""A turn as plain JSON values: what the browser keeps, exports, and sends back with a follow-up."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from index_store.types import Hit, Passage
from qa.types import Answer, AnswerSentence, Citation, CorrectedMarker, Usage
from qa.web.turn import Turn

T = TypeVar("T")


def record(turn: Turn) -> dict[str, Any]:
    """The turn as JSON values. `turn_of` reads it."""
    return {
        "number": turn.number,
        "question": turn.question,
        "state": turn.state,
        "text": turn.text,
        "error": turn.error,
        "sources": list(turn.sources),
        "answer": turn.answer.to_dict() if turn.answer else None,
    }


def turn_of(kept: Mapping[str, Any]) -> Turn:
    """The turn that was recorded; one that was still running has been stopped since.

    Raises KeyError, TypeError or ValueError for what is no record.
    """
    given = kept.get("answer")
    answer = answer_of(given) if given else None
    error = str(kept.get("error") or "")
    return Turn(
        number=int(kept["number"]),
        question=str(kept["question"]),
        text=str(kept.get("text") or ""),
        answer=answer,
        error=error,
        stopped=answer is None and not error,
        sources=tuple(str(each) for each in kept.get("sources") or ()),
    )


def answer_of(kept: Mapping[str, Any]) -> Answer:
    """The answer that `Answer.to_dict` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    alternative, usage = kept.get("alternative"), kept.get("usage")
    parts = {
        "alternative": answer_of(alternative) if alternative else None,
        "usage": _made(Usage, usage) if usage else None,
        "corrected_markers": tuple(
            _made(CorrectedMarker, each) for each in kept.get("corrected_markers") or ()
        ),
        "removed": tuple(_made(AnswerSentence, each) for each in kept.get("removed") or ()),
        "sentences": tuple(_made(AnswerSentence, each) for each in kept["sentences"]),
        "citations": tuple(_made(Citation, each) for each in kept["citations"]),
        "hits": tuple(
            _made(Hit, {**each, "passage": _made(Passage, each["passage"])}) for each in kept["hits"]
        ),
    }
    return _made(Answer, {**kept, **parts})


def _made(kind: type[T], values: Mapping[str, Any]) -> T:
    """The dataclass of these values; lists become tuples, and what another version kept is left out."""
    names = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    known = {name: value for name, value in values.items() if name in names}
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in known.items()})
