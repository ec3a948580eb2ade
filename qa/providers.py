"""The language models of llama-index: one client for each provider, and what their answers hold."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from qa.models import Model, is_loopback

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

CONTEXT = 4096  # tokens that a server of unknown size is taken to hold: the least that is usual
_CONNECT = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a chat model."""

    role: Literal["system", "user"]
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What came next: text, and where the provider says so, why it ended and the tokens it counted."""

    text: str = ""
    finish: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Tokens of an answer at most, tokens of prompt and answer, seconds of silence."""

    answer: int
    context: int
    patience: float


async def pieces(model: Model, messages: Sequence[Message], limits: Limits) -> AsyncIterator[Piece]:
    """The model's answer as it comes. Closing this iterator ends the request.

    Raises what the provider's client raises.
    """
    from llama_index.core.llms import ChatMessage

    said = [ChatMessage(role=each.role, content=each.text) for each in messages]
    async with _openai_like(model, limits) as llm:
        stream = await llm.astream_chat(said)
        try:
            async for response in stream:
                yield _piece(response)
        finally:
            if close := getattr(stream, "aclose", None):
                await close()


def load_clients() -> None:
    """Import what every client stands on."""
    import openai.resources.chat.completions  # noqa: F401  # the client would import it at its first request


def reports_its_end(model: Model) -> bool:
    """Whether an answer without a reason for its end was cut off."""
    return model.provider != "huggingface"


def context_window(model: Model) -> int:
    """The tokens that prompt and answer may have together, `CONTEXT` where nobody knows."""
    if model.provider == "openai":
        from llama_index.llms.openai.utils import openai_modelname_to_contextsize

        with contextlib.suppress(ValueError):  # a model newer than this list
            return int(openai_modelname_to_contextsize(model.model))
        return 128_000
    return 200_000 if model.provider == "anthropic" else CONTEXT


@contextlib.asynccontextmanager
async def _openai_like(model: Model, limits: Limits) -> AsyncIterator[LLM]:
    """The key stays inside the client: llama-index's own object would show it in its repr and its events."""
    from llama_index.llms.openai_like import OpenAILike
    from openai import AsyncOpenAI

    base = f"{model.base_url}/v1" if model.provider == "ollama" else model.base_url
    async with (
        _http(base, limits.patience) as http,
        AsyncOpenAI(
            api_key=model.key.reveal() or "none", base_url=base, max_retries=0, http_client=http
        ) as client,
    ):
        options: dict[str, Any] = {
            "model": model.model,
            "api_base": base,
            "api_key": "",
            "max_retries": 0,
            "max_tokens": limits.answer,
            "context_window": limits.context,
            "is_chat_model": True,
            "temperature": 0.0,
            "async_openai_client": client,
            "additional_kwargs": {"stream_options": {"include_usage": True}},
        }
        yield OpenAILike(**options)


def _http(url: str, patience: float) -> Any:
    """An HTTP client that follows no redirection, and asks no proxy for what is on this machine."""
    import httpx

    return httpx.AsyncClient(
        timeout=httpx.Timeout(patience, connect=_CONNECT),
        follow_redirects=False,
        trust_env=not is_loopback(url),
    )


def _piece(response: Any) -> Piece:
    counted = response.additional_kwargs or {}
    return Piece(
        text=response.delta or "",
        finish=_finish(response.raw),
        input_tokens=counted.get("prompt_tokens"),
        output_tokens=counted.get("completion_tokens"),
    )


def _finish(raw: Any) -> str:
    """Why the answer ended, in OpenAI's words, "" while it goes on."""
    choices = getattr(raw, "choices", None)
    return str(choices[0].finish_reason or "") if choices else ""
