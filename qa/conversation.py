"""A conversation: what was asked before helps to understand what is asked now."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from qa.types import Answer, Event

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
        *_, last = self.stream(question, k=k, sources=sources, as_is=as_is)
        assert last.answer is not None
        return last.answer

    def stream(
        self,
        question: str,
        *,
        k: int | None = None,
        sources: Sequence[str] | None = None,
        as_is: bool = False,
    ) -> Generator[Event, None, None]:
        """As `Assistant.stream`; the answer is remembered when it is whole."""
        history = () if as_is else self.answers
        return self._remembering(self._assistant.stream(question, k=k, sources=sources, history=history))

    def _remembering(self, events: Generator[Event, None, None]) -> Generator[Event, None, None]:
        with contextlib.closing(events):
            for event in events:
                if event.answer is not None:
                    self._answers.append(event.answer)
                yield event

    def forget_last(self) -> Answer | None:
        """Take the last answer out of the conversation and return it, or None when there is none."""
        return self._answers.pop() if self._answers else None
