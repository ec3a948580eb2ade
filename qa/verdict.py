"""Does a quote support a sentence? Decided without a language model."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from qa.claims import measures, names, negations, numbers
from qa.types import Verdict
from qa.words import content_words

_SUPPORTED, _WEAK = 0.6, 0.3  # from which probability on


@dataclass(frozen=True, slots=True)
class Comparison:
    """A sentence held against a quote; every number lies between 0 and 1 (`cosine` from -1).

    `said` and `said_nearby` are the shares of the sentence's content words in the quote, and in its
    passage with title and heading. The others are shares of what the sentence claims and the quote does
    not: `odd_names` are not even in the passage. `reversed` is 1 when one of the two denies what the
    other says, `order` the share of neighbouring words that the quote has in the same order.
    """

    cosine: float
    said: float
    said_nearby: float
    missing_numbers: float
    missing_units: float
    missing_names: float
    odd_names: float
    reversed: float
    order: float


def compare(sentence: str, quote: str, nearby: str, cosine: float) -> Comparison:
    """Hold a sentence against a quote. `nearby` is the quote's passage with its title and heading."""
    claimed, quoted = content_words(sentence), content_words(quote)
    named, called = names(sentence), names(quote)
    lowered, around = quote.lower(), nearby.lower()
    missing_names = {name for name in named - called if name not in lowered}
    return Comparison(
        cosine=cosine,
        said=_share(claimed & quoted, claimed, 0.0),
        said_nearby=_share(claimed & content_words(nearby), claimed, 0.0),
        missing_numbers=_share(numbers(sentence) - numbers(quote), numbers(sentence), 0.0),
        missing_units=_share(measures(sentence) - measures(quote), measures(sentence), 0.0),
        missing_names=_share(missing_names, named, 0.0),
        odd_names=_share({name for name in missing_names if name not in around}, named, 0.0),
        reversed=float(_denies(sentence, quote) or _denies(quote, sentence)),
        order=_order(sentence, quote),
    )


def support(comparison: Comparison) -> float:
    """The probability that the quote supports the sentence."""
    total = _BIAS + sum(_WEIGHTS[name] * value for name, value in dataclasses.asdict(comparison).items())
    return 1 / (1 + math.exp(-total))


def verdict(comparison: Comparison) -> Verdict:
    """The hard checks first: what a quote must say word for word, it says or the sentence has no support."""
    if comparison.missing_numbers or comparison.missing_units or comparison.odd_names or comparison.reversed:
        return "unsupported"
    probability = support(comparison)
    if probability >= _SUPPORTED and not comparison.missing_names:
        return "supported"
    return "weak" if probability >= _WEAK else "unsupported"


def contradictory(sentences: Sequence[str]) -> bool:
    """Whether one of the sentences denies another, or says it with other numbers."""
    return any(
        _denies(one, other) or _denies(other, one) or _counts_otherwise(one, other)
        for one, other in itertools.combinations(sentences, 2)
    )


def judge(sentence: str, quotes: Sequence[str]) -> Verdict:
    """Of a sentence that is a quote: "supported" when a quote says it word for word, else "unsupported".

    The built-in reader writes nothing but quotes, so that its sentences are supported trivially.
    """
    words = sentence.split()
    return "supported" if any(_contains(quote.split(), words) for quote in quotes) else "unsupported"


_BIAS = -4.09
_WEIGHTS = {
    "cosine": 4.45,
    "said": 2.20,
    "said_nearby": 0.18,
    "missing_numbers": -1.83,
    "missing_units": -0.17,
    "missing_names": -1.13,
    "odd_names": -0.70,
    "reversed": -3.22,
    "order": 0.13,
}


def _share(part: Set[object], whole: Set[object], empty: float) -> float:
    return len(part) / len(whole) if whole else empty


def _denies(one: str, other: str) -> bool:
    """Whether `one` negates words that `other` has and does not negate; two negations cancel out."""
    said, scopes, others = content_words(other), negations(one), negations(other)

    def turned(stem: str) -> bool:
        return (sum(stem in scope for scope in scopes) - sum(stem in scope for scope in others)) % 2 == 1

    return any(
        len(shared) * 2 >= len(scope) and all(map(turned, shared))
        for scope in scopes
        if (shared := scope & said)
    )


def _counts_otherwise(one: str, other: str) -> bool:
    """The same words around other numbers."""
    counted = numbers(one), numbers(other)
    words = [content_words(re.sub(r"\d[\d,.]*", "", text)) for text in (one, other)]
    return all(counted) and counted[0].isdisjoint(counted[1]) and words[0] == words[1]


def _order(sentence: str, quote: str) -> float:
    one, other = _stems(sentence), _stems(quote)
    place = {stem: at for at, stem in reversed(list(enumerate(other)))}
    shared = [place[stem] for stem in one if stem in place]
    pairs = list(itertools.pairwise(shared))
    return sum(a <= b for a, b in pairs) / len(pairs) if pairs else 1.0


def _stems(text: str) -> list[str]:
    return [stem for word in text.split() for stem in sorted(content_words(word))]


def _contains(words: Sequence[str], part: Sequence[str]) -> bool:
    return any(list(words[at : at + len(part)]) == list(part) for at in range(len(words) - len(part) + 1))
