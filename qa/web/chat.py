"""A question becomes a turn, and the turn follows the assistant's stream until it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import TYPE_CHECKING

from qa.types import Answer, Event
from qa.web.library import UNEXPECTED, Library, Shelf, stocked
from qa.web.request import Preferences, Request, legible
from qa.web.turn import Turn

if TYPE_CHECKING:
    from qa import Assistant


class Run:
    """One question on its way to an answer.

    The assistant works in a thread of its own, so that `stop` ends the turn at once, also while the
    assistant is busy; it is left to itself then, and its stream closed at its next event.
    """

    def __init__(self, library: Library, request: Request) -> None:
        self.shelf: Shelf | None = None
        """What was indexed when the assistant was asked; None before that, and after a failure."""
        self._library = library
        self._request = request
        self._turn = Turn(request.number, request.question, sources=request.sources or ())
        self._events: SimpleQueue[Event | Exception | None] = SimpleQueue()
        self._stopped = threading.Event()

    def turns(self) -> Iterator[Turn]:
        """The turn at each step of its way, the last of them final. Never raises. To be called once."""
        turn = self._turn
        yield turn
        threading.Thread(target=self._ask, daemon=True).start()
        try:
            for events in self._batches():
                for event in events:
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

    def _batches(self) -> Iterator[list[Event | Exception]]:
        """The events as they come; those that came while the last ones were shown, together.

        A stage stands alone, so that it is seen.
        """
        while (event := self._events.get()) is not None and not self._stopped.is_set():
            batch = [event]
            while _is_token(batch[-1]) and not self._events.empty():
                event = self._events.get()
                if event is None:
                    yield batch
                    return
                batch.append(event)
            yield batch

    def _after(self, turn: Turn, event: Event | Exception) -> Turn:
        if isinstance(event, Exception):
            return turn.failed(self._library.explain(event))
        return turn.after(event)

    def _ask(self) -> None:
        try:
            with self._library.lent() as assistant:
                self.shelf = Shelf(status=stocked(assistant))
                request = self._request
                asking = settled(self._library, assistant, request.preferences)
                for event in asking.stream(
                    request.question,
                    k=request.preferences.k,
                    sources=request.sources,
                    history=request.history,
                ):
                    if self._stopped.is_set():
                        return
                    self._events.put(event)
        except Exception as error:
            self.shelf = None  # the index may be gone: whoever wants to know has to look again
            self._events.put(error)
        finally:
            self._events.put(None)


def _is_token(event: Event | Exception) -> bool:
    return isinstance(event, Event) and event.kind == "token"


def settled(library: Library, assistant: Assistant, preferences: Preferences) -> Assistant:
    """The assistant as this reader wants it, over the same index; other readers keep theirs.

    A model that the settings do not offer is not asked, whatever a browser sends.
    """
    llm = preferences.llm
    if llm is not None and llm not in {choice.name for choice in library.models}:
        llm = None
    if (llm, preferences.strict, preferences.threshold) == (None, None, None):
        return assistant
    return assistant.using(llm, strict=preferences.strict, threshold=preferences.threshold)


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
