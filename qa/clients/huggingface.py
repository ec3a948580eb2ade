"""A model that runs in this process, from a folder or the Hugging Face cache. Nothing is downloaded."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from llama_index.llms.huggingface import HuggingFaceLLM
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, StoppingCriteriaList

from qa.clients.transport import chat_messages
from qa.exchange import Limits, Message, Piece
from qa.failures import NoModelError, TooLongError
from qa.models import Model


async def pieces(model: Model, messages: Sequence[Message], limits: Limits) -> AsyncIterator[Piece]:
    """As `qa.clients` says, an empty piece for each second of work.

    Raises NoModelError where there is none, TooLongError for too long a prompt.
    """
    loading = _elsewhere(_loaded, model.model)
    async for _ in _while(loading):
        yield Piece()
    loaded, tokenizer = await loading
    if not tokenizer.chat_template:
        raise NoModelError("it has no chat template")
    generation = _Generation(loaded)
    llm = HuggingFaceLLM(
        model=generation,
        tokenizer=tokenizer,
        model_name=model.model,
        tokenizer_name=model.model,
        context_window=limits.context,
        max_new_tokens=limits.answer,
        generate_kwargs={"do_sample": False},
        tokenizer_outputs_to_remove=["token_type_ids"],
        is_chat_model=True,
    )
    try:
        stream = llm.stream_chat(chat_messages(messages))
        while True:
            coming = _elsewhere(next, stream, None)
            async for _ in _while(coming):
                yield Piece()
            if (response := await coming) is None:
                break
            yield Piece(response.delta or "")
        yield generation.end(limits.answer)
    finally:
        generation.stop()


def context_window(model: Model) -> int | None:
    """As `qa.clients` says."""
    try:
        config = AutoConfig.from_pretrained(model.model, local_files_only=True)
    except (OSError, ValueError):
        return None  # which its first question will tell
    return getattr(config, "max_position_embeddings", None)


def _elsewhere(work: Callable[..., Any], *given: Any) -> asyncio.Future[Any]:
    """The work on another thread, so that this one can be told to stop."""
    return asyncio.get_running_loop().run_in_executor(None, work, *given)


async def _while(work: asyncio.Future[Any]) -> AsyncIterator[None]:
    """A tick for each second that the work goes on; given up, its outcome is nobody's."""
    try:
        while not (await asyncio.wait({work}, timeout=1))[0]:
            yield
    finally:
        work.cancel()  # does nothing to work that is done


@lru_cache(maxsize=1)
def _loaded(path: str) -> tuple[Any, Any]:
    try:
        return (
            AutoModelForCausalLM.from_pretrained(path, device_map="auto", local_files_only=True),
            AutoTokenizer.from_pretrained(path, local_files_only=True),
        )
    except OSError as error:  # whose words are about a network that nobody asked
        nothing = "there is no such folder, and nothing of that name in the cache"
        raise NoModelError("the folder lacks files" if Path(path).is_dir() else nothing) from error
    except ValueError as error:
        raise NoModelError(str(error)) from error


class _Generation:
    """A loaded model for one answer: it can be stopped, and its stream ends also when it fails.

    llama-index runs `generate` on a thread of its own, and waits for the stream for ever.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._stopped = threading.Event()
        self._ended = threading.Event()
        self._error: Exception | None = None
        self._asked = self._written = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def generate(self, *, streamer: Any, stopping_criteria: Any, **options: Any) -> None:
        """As the model's own."""

        def stopped(ids: Any, *_: Any, **__: Any) -> Any:
            return ids.new_full((len(ids),), self._stopped.is_set()).bool()

        try:
            self._asked = options["input_ids"].shape[1]
            room = getattr(self._model.config, "max_position_embeddings", None)
            if room and self._asked + options["max_new_tokens"] > room:
                raise TooLongError
            criteria = StoppingCriteriaList([*stopping_criteria, stopped])
            ids = self._model.generate(streamer=streamer, stopping_criteria=criteria, **options)
            self._written = ids.shape[1] - self._asked
        except Exception as error:  # whatever torch raises: told to who reads the stream
            self._error = error
            streamer.end()
        finally:
            self._ended.set()

    def end(self, most: int) -> Piece:
        """The last piece, after the stream has ended. Raises what `generate` did."""
        self._ended.wait()
        if self._error is not None:
            raise self._error
        return Piece("", "length" if self._written >= most else "stop", self._asked, self._written)

    def stop(self) -> None:
        """End it after the next token, when it has not ended."""
        self._stopped.set()
