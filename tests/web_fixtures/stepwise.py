"""An assistant whose stream goes on only when the test says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from qa import Assistant, Event

PATIENCE = 60  # seconds, after which a held stream gives up, so that no test hangs


class Stepwise:
    """`assistant`, but each event of a stream waits for a step. `free` lets everything through.

    With `trouble`, a stream ends in it after its first event.
    """

    def __init__(self, assistant: Assistant, trouble: Exception | None = None) -> None:
        self._assistant = assistant
        self._trouble = trouble
        self._steps = threading.Semaphore(0)
        self._free = threading.Event()
        self.closed = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def stream(self, question: str, **options: Any) -> Iterator[Event]:
        events = list(self._assistant.stream(question, **options))
        try:
            for event in events:
                if not self._free.is_set() and not self._steps.acquire(timeout=PATIENCE):
                    raise TimeoutError("the test never let the stream go on")
                yield event
                if self._trouble is not None:
                    raise self._trouble
        finally:
            self.closed.set()

    def step(self, events: int = 1) -> None:
        self._steps.release(events)

    def again(self) -> None:
        """Forget the steps that are left: the next stream waits for its own."""
        self._steps = threading.Semaphore(0)

    def free(self) -> None:
        self._free.set()
        self._steps.release(10_000)
