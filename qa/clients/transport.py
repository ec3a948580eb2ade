"""What the clients have in common: how they connect, and how llama-index streams."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from qa.exchange import Message
from qa.models import is_loopback

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage, ChatResponse

_CONNECT = 10.0  # seconds


def http_options(url: str, patience: float) -> dict[str, Any]:
    """For an HTTP client that follows no redirection, and asks no proxy for what is on this machine."""
    return {
        "timeout": (_CONNECT, patience, patience, patience),
        "follow_redirects": False,
        "trust_env": not is_loopback(url),
    }


def chat_messages(messages: Sequence[Message]) -> list[ChatMessage]:
    """The messages as llama-index takes them."""
    from llama_index.core.llms import ChatMessage

    return [ChatMessage(role=each.role, content=each.text) for each in messages]


async def responses(llm: LLM, messages: Sequence[Message]) -> AsyncIterator[ChatResponse]:
    """What the model says to the messages, as it comes."""
    stream = await llm.astream_chat(chat_messages(messages))
    try:
        async for response in stream:
            yield response
    finally:
        if close := getattr(stream, "aclose", None):
            await close()
