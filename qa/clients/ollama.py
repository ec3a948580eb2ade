"""Ollama's own protocol, over which it is told how much it must hold; over OpenAI's it cuts a long prompt."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from llama_index.llms.ollama import Ollama
from ollama import AsyncClient

from qa.clients.transport import http_options, responses
from qa.exchange import Limits, Message, Piece
from qa.models import Model

if TYPE_CHECKING:
    from llama_index.core.llms import ChatResponse


async def pieces(model: Model, messages: Sequence[Message], limits: Limits) -> AsyncIterator[Piece]:
    """As `qa.clients` says."""
    key = model.key.reveal()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    options = http_options(model.base_url, limits.patience)
    async with AsyncClient(host=model.base_url, headers=headers, **options) as client:
        llm = Ollama(
            model=model.model,
            base_url=model.base_url,
            temperature=0.0,
            context_window=limits.context,
            additional_kwargs={"num_predict": limits.answer},
            async_client=client,
        )
        async for response in responses(llm, messages):
            yield _piece(response)


def context_window(_: Model) -> int | None:
    """As `qa.clients` says. The model may hold more, and Ollama then takes memory for all of it."""
    return None


def _piece(response: ChatResponse) -> Piece:
    raw = cast("Mapping[str, Any]", response.raw)
    done = raw.get("done_reason") or ("stop" if raw.get("done") else "")
    return Piece(
        text=response.delta or "",
        finish=str(done),
        input_tokens=raw.get("prompt_eval_count"),
        output_tokens=raw.get("eval_count"),
    )
