"""A language model's answer as it comes: retried where that is safe, given up at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from qa.errors import ModelError
from qa.exchange import Limits, Message, Piece
from qa.failures import (
    CutOffError,
    Failure,
    NoAnswerError,
    NoRoomError,
    NothingError,
    SilentModelError,
    WithheldError,
    diagnose,
)
from qa.models import Model
from qa.providers import load_client, pieces
from qa.thoughts import Thoughts
from qa.types import Event

log = logging.getLogger(__name__)

Compose = Callable[[int], Sequence[Message]]
"""Makes the messages for a number of tokens that they may have."""

_TICK = 0.5  # seconds between two signs of life while nothing comes
_TRIES = 3
_LONGEST_WAIT = 20.0  # seconds; who is told to wait longer is better told so


@dataclass(frozen=True, slots=True)
class Generated:
    """What a model wrote, why it ended ("stop", "length" or ""), and the tokens it counted, if it did."""

    text: str
    finish: str
    input_tokens: int | None
    output_tokens: int | None


class TextGenerator:
    """One language model, asked over llama-index. Safe to use from several threads."""

    def __init__(self, model: Model, limits: Limits) -> None:
        self.model = model
        self._limits = limits

    def stream(self, compose: Compose) -> Generator[Event, None, Generated]:
        """Tokens as they come, and a stage wherever it has to wait; returns the whole.

        An empty token comes twice a second while nothing else does, so that closing this generator
        never has to wait for the model; closing it ends the request. A request is made again only when
        nothing had come of it. Raises ModelError, with what had been written, when the model fails.
        """
        budget = self._limits.context - self._limits.answer
        for attempt in range(1, _TRIES + 1):
            written: list[Piece] = []
            try:
                yield from self._attempt(compose(budget), written)
                return _whole(written)
            except Exception as error:
                failure = diagnose(error, self.model, self._limits.patience)
                log.info("%s, attempt %d: %s", self.model.name, attempt, failure.message)
                text = "".join(piece.text for piece in written)
                wait = _delay(failure, attempt)
                if text or attempt == _TRIES or wait is None:
                    raise ModelError(failure.message, partial=text) from error
            told = f"waiting {wait:g} s to ask again: {failure.message}"
            log.warning("%s", told)  # for a terminal, which shows no stages
            yield Event("stage", told)
            yield from _pause(wait)
            budget = budget // 2 if failure.too_long else budget
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, messages: Sequence[Message], written: list[Piece]) -> Generator[Event, None, None]:
        call = _Call(self.model, messages, self._limits)
        thoughts = Thoughts()
        try:
            while (piece := call.next(_TICK)) is not None:
                said = thoughts.without(piece.text)
                written.append(dataclasses.replace(piece, text=said))
                yield Event("token", said)
        finally:
            call.close()
        written.append(Piece(thoughts.rest()))
        yield Event("token", written[-1].text)
        _require_whole(written)


class _Call:
    """One request, on a thread with an event loop of its own, so that it can be given up at any moment."""

    def __init__(self, model: Model, messages: Sequence[Message], limits: Limits) -> None:
        self._model = model
        self._arrived: SimpleQueue[Piece | BaseException | None] = SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(self._pump(messages, limits))
        self._thread = threading.Thread(target=self._run, name="llm", daemon=True)
        self._thread.start()

    def next(self, patience: float) -> Piece | None:
        """The next piece, an empty one when none comes for `patience` seconds, None at the end."""
        try:
            arrived = self._arrived.get(timeout=patience)
        except Empty:
            return Piece()
        if isinstance(arrived, BaseException):
            raise arrived
        return arrived

    def close(self) -> None:
        """End the request; the server sees the connection close."""
        with contextlib.suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(_TICK)

    def _run(self) -> None:
        try:
            load_client(self._model)  # which takes seconds the first time, and is no silence of the model
            self._loop.run_until_complete(self._task)
            self._arrived.put(None)
        except BaseException as error:  # cancelled, or whatever a client raises: told to who waits
            self._arrived.put(error)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _pump(self, messages: Sequence[Message], limits: Limits) -> None:
        stream = pieces(self._model, messages, limits)
        try:
            while True:
                try:
                    async with asyncio.timeout(limits.patience):  # wait_for may swallow a cancellation
                        piece = await anext(stream)
                except StopAsyncIteration:
                    return
                except TimeoutError:
                    raise SilentModelError from None
                self._arrived.put(piece)
                await asyncio.sleep(0)  # a model in this process never waits: let a cancellation in
        finally:
            if close := getattr(stream, "aclose", None):
                await close()


def _whole(written: Sequence[Piece]) -> Generated:
    return Generated(
        text="".join(piece.text for piece in written),
        finish=next((piece.finish for piece in written if piece.finish), ""),
        input_tokens=_last(piece.input_tokens for piece in written),
        output_tokens=_last(piece.output_tokens for piece in written),
    )


def _last(counts: Sequence[int | None] | Generator[int | None, None, None]) -> int | None:
    return next((count for count in reversed(list(counts)) if count), None)


def _require_whole(written: Sequence[Piece]) -> None:
    """An answer that stops in the middle looks like a whole one; only its missing end tells."""
    finish = next((piece.finish for piece in written if piece.finish), "")
    if finish == "content_filter":
        raise WithheldError
    if not "".join(piece.text for piece in written).strip():
        if finish == "length":
            raise NoRoomError
        raise NoAnswerError if any(piece != Piece() for piece in written) else NothingError
    if not finish:
        raise CutOffError


def _delay(failure: Failure, attempt: int) -> float | None:
    """Seconds to wait before asking again, None when that would not help."""
    if failure.too_long:
        return 0.0
    if not failure.retry or (failure.wait or 0.0) > _LONGEST_WAIT:
        return None
    return failure.wait if failure.wait is not None else float(2 ** (attempt - 1))


def _pause(seconds: float) -> Generator[Event, None, None]:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(_TICK, left))
        yield Event("token", "")
