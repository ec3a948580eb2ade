"""Which client asks a language model, and how much the model holds."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

from qa.exchange import Limits, Message, Piece
from qa.models import Model, has_client

CONTEXT = 4096  # tokens that a server of unknown size is taken to hold: the least that is usual


def pieces(model: Model, messages: Sequence[Message], limits: Limits) -> AsyncIterator[Piece]:
    """The model's answer as it comes. Closing this iterator ends the request.

    Raises what the provider's client raises.
    """
    return cast("AsyncIterator[Piece]", _client(model).pieces(model, messages, limits))


def load_client(model: Model) -> None:
    """Import what the model's client stands on, which takes seconds the first time."""
    _client(model)


def context_window(model: Model) -> int:
    """The tokens that prompt and answer may have together, `CONTEXT` where nobody knows."""
    if model.provider in ("openai-like", "ollama"):
        return CONTEXT
    return _client(model).context_window(model) or CONTEXT


def _client(model: Model) -> Any:
    """The module of `qa.clients` that speaks to the model."""
    native = model.provider if has_client(model.provider) else "openai"
    return importlib.import_module(f"qa.clients.{'openai' if native == 'openai-like' else native}")
