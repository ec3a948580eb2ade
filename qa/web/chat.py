"""A question becomes a turn, and the turn follows the assistant's stream until it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import SimpleQueue

from qa.types import Answer, Event
from qa.web.library import UNEXPECTED, Library, Shelf, stocked
from qa.web.turn import Turn


def legible(question: str) -> str:
    """The question without the lone surrogates that no encoding can carry."""
    return question.encode("utf-8", "replace").decode("utf-8").strip()


class Run:
    """One question on its way to an answer.

    The assistant works in a thread of its own, so that `stop` ends the turn at once, also while the
    assistant is busy; it is left to itself then, and its stream closed at its next event.
    """

    def __init__(self, library: Library, question: str, number: int) -> None:
        self.shelf: Shelf | None = None
        """What was indexed when the assistant was asked; None before that, and after a failure."""
        self._library = library
        self._turn = Turn(number, legible(question))
        self._events: SimpleQueue[Event | Exception | None] = SimpleQueue()
        self._stopped = threading.Event()

    def turns(self) -> Iterator[Turn]:
        """The turn at each step of its way, the last of them final. Never raises. To be called once."""
        turn = self._turn
        yield turn
        threading.Thread(target=self._ask, daemon=True).start()
        try:
            while (event := self._events.get()) is not None and not self._stopped.is_set():
                turn = self._after(turn, event)
                if turn.state == "running":
                    yield turn
        finally:
            stopped = self._stopped.is_set()
            self._stopped.set()  # also when the reader has left and closed this iterator
        turn = turn.halted() if stopped else turn
        turn = turn if turn.state != "running" else turn.failed(UNEXPECTED)
        self._library.metrics.asked(turn.state, turn.answer.timings if turn.answer else None)
        yield turn

    def stop(self) -> None:
        """End the turn here, with what has been written of it. Safe at any time, from any thread."""
        self._stopped.set()
        self._events.put(None)

    def _after(self, turn: Turn, event: Event | Exception) -> Turn:
        if isinstance(event, Exception):
            return turn.failed(self._library.explain(event))
        return turn.after(event)

    def _ask(self) -> None:
        try:
            with self._library.lent() as assistant:
                self.shelf = Shelf(status=stocked(assistant))
                for event in assistant.stream(self._turn.question):
                    if self._stopped.is_set():
                        return
                    self._events.put(event)
        except Exception as error:
            self.shelf = None  # the index may be gone: whoever wants to know has to look again
            self._events.put(error)
        finally:
            self._events.put(None)


def answered(library: Library, question: str) -> Answer:
    """The whole answer at once. Raises what the assistant raises."""
    try:
        with library.lent() as assistant:
            stocked(assistant)
            answer = assistant.ask(legible(question))
    except Exception:
        library.metrics.asked("failed")
        raise
    library.metrics.asked(answer.status, answer.timings)
    return answer
