"""Follow-up questions: what leans on the turn before is rewritten to stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.types import Answer

if TYPE_CHECKING:
    from qa.assistant import Assistant

_PRONOUN = re.compile(r"\b(it|he|she|they|him|them|its|his|their)\b", re.IGNORECASE)
_POSSESSIVE = frozenset({"its", "his", "their"})
_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*")


def stand_alone(question: str, history: Sequence[Answer]) -> str | None:
    """The question with its pronoun replaced by what the last turn was about, or None if it needs nothing.

    A question that names something itself is left alone.
    """
    if not history or _NAME.search(question) or not (found := _PRONOUN.search(question)):
        return None
    previous = history[-1].rewritten_question or history[-1].question
    names = _NAME.findall(previous)
    if not names:
        return None
    name: str = names[-1] + ("’s" if found[1].lower() in _POSSESSIVE else "")
    return question[: found.start()] + name + question[found.end() :]


class Conversation:
    """Asks one assistant and remembers its answers."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._answers: list[Answer] = []

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers so far, oldest first."""
        return tuple(self._answers)

    def ask(self, question: str, *, k: int | None = None, sources: Sequence[str] | None = None) -> Answer:
        """As `Assistant.ask`, with the conversation so far as history."""
        answer = self._assistant.ask(question, k=k, sources=sources, history=self.answers)
        self._answers.append(answer)
        return answer
