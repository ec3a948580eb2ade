"""What the browser sends with a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qa.types import Answer
from qa.web.record import answer_of

MEMORY = 8
"""How many earlier answers a follow-up can lean on."""

MOST_PASSAGES = 40


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a reader wants questions answered; None leaves it to the assistant's own settings."""

    k: int | None = None
    threshold: float | None = None
    llm: str | None = None
    strict: bool | None = None

    @classmethod
    def parse(cls, sent: Mapping[str, Any]) -> Preferences:
        """From the browser's settings. What makes no sense is left to the assistant's own settings."""
        k, threshold = sent.get("k"), sent.get("threshold")
        llm, strict = sent.get("llm"), sent.get("strict")
        return cls(
            k=k if isinstance(k, int) and 1 <= k <= MOST_PASSAGES else None,
            threshold=float(threshold)
            if isinstance(threshold, (int, float)) and 0 <= threshold <= 1
            else None,
            llm=llm if isinstance(llm, str) and llm else None,
            strict=strict if isinstance(strict, bool) else None,
        )


@dataclass(frozen=True, slots=True)
class Request:
    """A question, the number of its turn, and what it is asked with; `sources` None means all documents."""

    question: str
    number: int = 1
    history: tuple[Answer, ...] = ()
    sources: tuple[str, ...] | None = None
    preferences: Preferences = Preferences()

    @classmethod
    def parse(cls, sent: Mapping[str, Any]) -> Request:
        """From the browser. Raises KeyError, TypeError or ValueError for what no page of ours sends."""
        sources = sent.get("sources")
        return cls(
            question=legible(str(sent["question"])),
            number=int(sent.get("number") or 1),
            history=tuple(answer_of(each) for each in (sent.get("history") or ())[-MEMORY:]),
            sources=tuple(str(each) for each in sources) if sources else None,
            preferences=Preferences.parse(sent.get("settings") or {}),
        )


def legible(question: str) -> str:
    """The question without the lone surrogates that no encoding can carry."""
    return question.encode("utf-8", "replace").decode("utf-8").strip()
