"""What Anthropic and Ollama answer in their own protocols, for `llm_server`."""

from __future__ import annotations

import json
from typing import Any

from llm_server import Exchange, Reply


def anthropic_says(text: str, reason: str | None = "end_turn", size: int = 4) -> Reply:
    """Streams `text` as Anthropic's events; with no `reason` it breaks off."""

    def reply(exchange: Exchange) -> None:
        exchange.begin()
        usage = {"input_tokens": 300, "output_tokens": 1}
        message = {"id": "m1", "type": "message", "role": "assistant", "model": "test", "content": []}
        _event(exchange, "message_start", message=message | {"usage": usage})
        _event(exchange, "content_block_start", index=0, content_block={"type": "text", "text": ""})
        _event(exchange, "ping")
        for at in range(0, len(text), size):
            delta = {"type": "text_delta", "text": text[at : at + size]}
            _event(exchange, "content_block_delta", index=0, delta=delta)
        if reason:
            _event(exchange, "content_block_stop", index=0)
            end = {"stop_reason": reason, "stop_sequence": None}
            _event(exchange, "message_delta", delta=end, usage={"output_tokens": 30})
            _event(exchange, "message_stop")
        exchange.wfile.write(b"0\r\n\r\n")

    return reply


def anthropic_fails(kind: str, said: str = "no", text: str = "") -> Reply:
    """Streams an error after `text`, as Anthropic does when it is overloaded."""

    def reply(exchange: Exchange) -> None:
        exchange.begin()
        if text:
            _event(exchange, "content_block_start", index=0, content_block={"type": "text", "text": ""})
            _event(exchange, "content_block_delta", index=0, delta={"type": "text_delta", "text": text})
        _event(exchange, "error", error={"type": kind, "message": said})
        exchange.wfile.write(b"0\r\n\r\n")

    return reply


def anthropic_refuses(status: int, kind: str, said: str = "no", **headers: str) -> Reply:
    """Answers with an HTTP error in Anthropic's form."""
    body = {"type": "error", "error": {"type": kind, "message": said}}
    return lambda exchange: exchange.send(status, body, **headers)


def ollama_says(text: str, reason: str = "stop", size: int = 4) -> Reply:
    """Streams `text` as Ollama's lines."""

    def reply(exchange: Exchange) -> None:
        exchange.begin()
        for at in range(0, len(text), size):
            _line(exchange, message={"role": "assistant", "content": text[at : at + size]}, done=False)
        counts = {"prompt_eval_count": 400, "eval_count": 40}
        message = {"role": "assistant", "content": ""}
        _line(exchange, message=message, done=True, done_reason=reason, **counts)
        exchange.wfile.write(b"0\r\n\r\n")

    return reply


def ollama_refuses(status: int, said: str) -> Reply:
    """Answers with an HTTP error in Ollama's form."""
    return lambda exchange: exchange.send(status, {"error": said})


def ollama_fails(said: str) -> Reply:
    """Streams an error, as Ollama does when its model crashes."""

    def reply(exchange: Exchange) -> None:
        exchange.begin()
        _line(exchange, error=said)
        exchange.wfile.write(b"0\r\n\r\n")

    return reply


def _event(exchange: Exchange, name: str, **values: Any) -> None:
    exchange.chunk(f"event: {name}\ndata: {json.dumps({'type': name, **values})}\n\n")


def _line(exchange: Exchange, **values: Any) -> None:
    exchange.chunk(json.dumps({"model": "test", "created_at": "2024-01-01T00:00:00Z", **values}) + "\n")
