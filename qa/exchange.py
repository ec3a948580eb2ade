"""What goes to a chat model, and what comes back piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a chat model."""

    role: Literal["system", "user"]
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What came next: text, and where the provider says so, why it ended and the tokens it counted.

    `finish` is in OpenAI's words: "stop", "length", "content_filter".
    """

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
