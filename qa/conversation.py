"""A conversation: what was asked before helps to understand what is asked now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.types import Answer

if TYPE_CHECKING:
    from qa.assistant import Assistant


class Conversation:
    """Asks one assistant and remembers its answers."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._answers: list[Answer] = []

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers so far, oldest first."""
        return tuple(self._answers)

    def ask(
        self,
        question: str,
        *,
        k: int | None = None,
        sources: Sequence[str] | None = None,
        as_is: bool = False,
    ) -> Answer:
        """As `Assistant.ask`, with the conversation so far as history; `as_is` asks the very words."""
        history = () if as_is else self.answers
        answer = self._assistant.ask(question, k=k, sources=sources, history=history)
        self._answers.append(answer)
        return answer

    def forget_last(self) -> Answer | None:
        """Take the last answer out of the conversation and return it, or None when there is none."""
        return self._answers.pop() if self._answers else None
