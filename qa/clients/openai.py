"""OpenAI, and every server that speaks its protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

import httpx
import openai.resources.chat.completions  # noqa: F401  # the client would import it at its first request
from llama_index.llms.openai import OpenAI
from llama_index.llms.openai.utils import is_chatcomp_api_supported, openai_modelname_to_contextsize
from llama_index.llms.openai_like import OpenAILike
from openai import AsyncOpenAI

from qa.clients.transport import http_options, responses
from qa.exchange import Limits, Message, Piece
from qa.models import Model

if TYPE_CHECKING:
    from llama_index.core.llms import ChatResponse

_NEWEST = 128_000  # tokens that a model of OpenAI's holds that llama-index has not heard of yet


async def pieces(model: Model, messages: Sequence[Message], limits: Limits) -> AsyncIterator[Piece]:
    """As `qa.clients` says.

    The key stays inside the client: llama-index's own object would show it in its repr and its events.
    """
    base = f"{model.base_url}/v1" if model.provider == "ollama" else model.base_url
    async with (
        httpx.AsyncClient(**http_options(base, limits.patience)) as http,
        AsyncOpenAI(
            api_key=model.key.reveal() or "none", base_url=base, max_retries=0, http_client=http
        ) as client,
    ):
        options: dict[str, Any] = {
            "model": model.model,
            "api_base": base,
            "api_key": "none",
            "max_retries": 0,
            "temperature": 0.0,
            "async_openai_client": client,
            "additional_kwargs": {"stream_options": {"include_usage": True}},
        }
        # llama-index's own class for OpenAI knows what its reasoning models want, and no other models; those
        # that came after it want the same.
        if model.provider == "openai" and _is_known(model.model):
            llm = OpenAI(**options, max_tokens=limits.answer)
        elif model.provider == "openai":
            options["temperature"] = 1.0
            options["additional_kwargs"]["max_completion_tokens"] = limits.answer
            llm = OpenAILike(**options, context_window=limits.context, is_chat_model=True)
        else:
            llm = OpenAILike(
                **options, max_tokens=limits.answer, context_window=limits.context, is_chat_model=True
            )
        async for response in responses(llm, messages):
            yield _piece(response)


def context_window(model: Model) -> int | None:
    """As `qa.clients` says."""
    if model.provider != "openai":
        return None
    try:
        return int(openai_modelname_to_contextsize(model.model))
    except ValueError:
        return _NEWEST


def _is_known(name: str) -> bool:
    try:
        openai_modelname_to_contextsize(name)
    except ValueError:
        return False
    return bool(is_chatcomp_api_supported(name))


def _piece(response: ChatResponse) -> Piece:
    counted = response.additional_kwargs or {}
    choices = getattr(response.raw, "choices", None)
    return Piece(
        text=response.delta or "",
        finish=str(choices[0].finish_reason or "") if choices else "",
        input_tokens=counted.get("prompt_tokens"),
        output_tokens=counted.get("completion_tokens"),
    )
