"""How questions are answered."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from index_store import IndexSettings, SettingsError

QUESTION_LIMIT = 2000  # characters; more is a document, not a question
ANSWER = 1024  # tokens
PATIENCE = 120.0  # seconds
THRESHOLD = 0.3


@dataclass(frozen=True, slots=True)
class LLMSettings:
    """What a language model is given: tokens of its answer, tokens of prompt and answer together, time.

    `answer_tokens` are those of a model's thoughts too. `context_tokens` None means what is known of the
    model, else 4,096, or twice `answer_tokens` where that is more. `patience` is the seconds of silence after
    which a request is given up. `prices` are US dollars for a million tokens of prompt and of answer.
    """

    answer_tokens: int = ANSWER
    context_tokens: int | None = None
    patience: float = PATIENCE
    prices: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.answer_tokens < 1:
            raise SettingsError(f"QA_LLM_ANSWER is {self.answer_tokens}; give tokens, 1 or more.")
        if self.context_tokens is not None and self.context_tokens < 2 * self.answer_tokens:
            raise SettingsError(
                f"A context of {self.context_tokens} tokens is too small; "
                f"set QA_LLM_CONTEXT to {2 * self.answer_tokens} or more."
            )
        if self.patience <= 0:
            raise SettingsError(f"QA_LLM_TIMEOUT is {self.patience:g}; give seconds, more than 0.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> LLMSettings:
        """`QA_LLM_ANSWER`, `QA_LLM_CONTEXT`, `QA_LLM_TIMEOUT` and `QA_LLM_PRICES` where they are set."""
        answer = _numbers(environ, "QA_LLM_ANSWER", 1, "tokens, such as 2048")
        context = _numbers(environ, "QA_LLM_CONTEXT", 1, "tokens, such as 8192")
        patience = _numbers(environ, "QA_LLM_TIMEOUT", 1, "seconds, such as 120")
        prices = _numbers(environ, "QA_LLM_PRICES", 2, "dollars for a million tokens in and out: 0.5,1.5")
        return cls(
            answer_tokens=int(answer[0]) if answer else ANSWER,
            context_tokens=int(context[0]) if context else None,
            patience=patience[0] if patience else PATIENCE,
            prices=(prices[0], prices[1]) if prices else None,
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """`k` passages are looked at for an answer, and the best of them read.

    When the probability that the documents answer is below `threshold`, they don't say. The default is for
    a wrong answer that is a little worse than a missed one, on search questions of which half have no
    answer; where it is far worse, choose a higher one (docs/quality.md shows what each costs).
    Of a language model's answer, `strict` leaves out what no passage supports; with `fallback` the built-in
    reader answers when the model fails.
    """

    k: int = 8
    threshold: float = THRESHOLD
    index: IndexSettings = field(default_factory=IndexSettings.from_environment)
    llm: LLMSettings = field(default_factory=LLMSettings.from_environment)
    strict: bool = False
    fallback: bool = True

    def __post_init__(self) -> None:
        if self.k < 1:
            raise SettingsError(f"k is {self.k}; give the number of passages to read, 1 or more.")
        if not 0 <= self.threshold <= 1:
            raise SettingsError(f"threshold is {self.threshold}; give a number from 0 to 1.")
        if not isinstance(self.llm, LLMSettings):
            raise SettingsError(
                f"llm is {self.llm!r}; give a qa.settings.LLMSettings. Who answers is chosen by "
                "Assistant.open(corpus, llm=NAME)."
            )
        if not isinstance(self.index, IndexSettings):
            raise SettingsError(
                f"index is {self.index!r}; give an index_store.IndexSettings. Where the index is kept is "
                "chosen by Assistant.open(corpus, index=FOLDER)."
            )


def _numbers(environ: Mapping[str, str], name: str, count: int, wanted: str) -> tuple[float, ...]:
    """The numbers in a variable, none when it is not set."""
    if not (value := environ.get(name, "").strip()):
        return ()
    try:
        numbers = tuple(float(part) for part in value.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count or any(number < 0 for number in numbers):
        raise SettingsError(f"{name} is {value!r}; give {wanted}.")
    return numbers
