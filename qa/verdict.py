"""Does a quote support a sentence? Decided from the words alone, without a language model."""

from __future__ import annotations

from collections.abc import Sequence

from qa.types import Verdict


def judge(sentence: str, quotes: Sequence[str]) -> Verdict:
    """ "supported" when a quote says the sentence word for word, "unsupported" otherwise."""
    words = sentence.split()
    return "supported" if any(_contains(quote.split(), words) for quote in quotes) else "unsupported"


def _contains(words: Sequence[str], part: Sequence[str]) -> bool:
    return any(list(words[at : at + len(part)]) == list(part) for at in range(len(words) - len(part) + 1))
