"""One question and what has come of it so far."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from qa.types import Answer, Event

State = Literal["running", "answered", "insufficient", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, numbered from 1, and its answer as far as it has come.

    While running, `stage`, `rewritten` and `text` follow the stream; in the end `answer` or `error` is set,
    or `stopped`, which keeps the text that had been written. `sources` are the documents and folders that
    alone are asked, if not all are.
    """

    number: int
    question: str
    stage: str = "searching"
    text: str = ""
    rewritten: str = ""
    answer: Answer | None = None
    error: str = ""
    stopped: bool = False
    sources: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Where the turn stands; everything but "running" is final."""
        if self.answer is not None:
            return self.answer.status
        if self.error:
            return "failed"
        return "stopped" if self.stopped else "running"

    def after(self, event: Event) -> Turn:
        """This turn, one event later."""
        if event.kind == "stage":
            return dataclasses.replace(self, stage=event.text, rewritten=event.rewritten or self.rewritten)
        if event.kind == "token":
            return dataclasses.replace(self, text=self.text + event.text)
        return dataclasses.replace(self, answer=event.answer)

    def failed(self, error: str) -> Turn:
        """This turn, ended by an error that the reader can understand."""
        return dataclasses.replace(self, error=error)

    def halted(self) -> Turn:
        """This turn, ended by the reader; a turn that had already ended stays as it is."""
        return dataclasses.replace(self, stopped=True) if self.state == "running" else self
