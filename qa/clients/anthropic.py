"""Anthropic's own protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

import anthropic.resources.messages  # noqa: F401  # the client would import it at its first request
import httpx
from anthropic import AsyncAnthropic
from llama_index.llms.anthropic import Anthropic
from llama_index.llms.anthropic.utils import anthropic_modelname_to_contextsize

from qa.clients.transport import http_options, responses
from qa.exchange import Limits, Message, Piece
from qa.models import Model

if TYPE_CHECKING:
    from llama_index.core.llms import ChatResponse

_NEWEST = 200_000  # tokens that a model holds that llama-index has not heard of yet
_FINISHES = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}


async def pieces(model: Model, messages: Sequence[Message], limits: Limits) -> AsyncIterator[Piece]:
    """As `qa.clients` says.

    llama-index makes clients of its own, which would take the key from the environment: they get none,
    and one of ours takes their place.
    """
    llm = Anthropic(
        model=model.model, api_key="none", base_url=model.base_url, max_tokens=limits.answer, temperature=0.0
    )
    llm._client.close()
    await llm._aclient.close()
    async with (
        httpx.AsyncClient(**http_options(model.base_url, limits.patience)) as http,
        AsyncAnthropic(
            api_key=model.key.reveal(), base_url=model.base_url, max_retries=0, http_client=http
        ) as client,
    ):
        llm._aclient = client
        async for response in responses(llm, messages):
            yield _piece(response)


def context_window(model: Model) -> int | None:
    """As `qa.clients` says."""
    try:
        return int(anthropic_modelname_to_contextsize(model.model))
    except ValueError:
        return _NEWEST


def _piece(response: ChatResponse) -> Piece:
    told = response.message.additional_kwargs
    counted = told.get("usage") or {}
    reason = told.get("stop_reason") or ""
    return Piece(
        text=response.delta or "",
        finish=_FINISHES.get(reason, reason),
        input_tokens=counted.get("input_tokens"),
        output_tokens=counted.get("output_tokens"),
    )
