"""Does a quote support a sentence? Decided without a language model."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from qa.claims import claimed_spans, measures, names, negations, numbers, roots
from qa.crossencoder import PassageReading
from qa.types import Verdict
from qa.words import content_words

# From which probability on. To call a false sentence supported costs over twice what it costs to call a true
# one weak; to call a true one unsupported, three times what it costs to call a false one weak.
_SUPPORTED, _WEAK = 0.7, 1 / 4
_GAPS = 4  # the most that are read of one sentence
_PREFERRED = 10.0  # logits by which another answer than the claim is certainly preferred

_MOST = 2 / 3  # of a negation's words, for two sentences of an answer to contradict each other
_YEAR = re.compile(r"1\d{3}|20\d\d")
_DENIAL = re.compile(r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A sentence held against a quote.

    `said` is the share of the sentence's content words in the quote. `whole` is whether the quote has each
    of its numbers, with its unit, and the passage each of its names; `missing_names` the share of them that
    the quote has not. `reversed` is 1 when one of the two denies what the other says. The last two are the
    reader's, and neutral until it has read the quote in its passage: the logit that the passage answers to
    the sentence, and how well it fills the sentence's gaps, from 0 to 1.
    """

    cosine: float
    said: float
    whole: bool
    missing_names: float
    reversed: float
    answerable: float = 0.0
    recalled: float = 1.0

    def read(
        self, statement: PassageReading, fillings: Sequence[tuple[str, PassageReading]], text: str
    ) -> Comparison:
        """The same once the reader has read `text` for the sentence, and for each of its gaps.

        `fillings` are the claims left out with what the reader puts in their place. `recalled` is 1 when
        that is always the claim itself, and the less the more it prefers something else; 0 where words that
        must be there are missing.
        """
        fits = min((_recalled(claim, reading, text) for claim, reading in fillings), default=1.0)
        recalled = fits if self.whole else 0.0
        return dataclasses.replace(self, answerable=statement.answerable, recalled=recalled)


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence's claim, a name or a number, and the sentence as a question for it."""

    claim: str
    question: str


def gaps(sentence: str) -> tuple[Gap, ...]:
    """The sentence with one of its names and numbers left out each time."""
    return tuple(
        Gap(
            sentence[start:end],
            f"{sentence[:start]}{_asking(sentence[start:end])}{sentence[end:].rstrip('.')}?",
        )
        for start, end in claimed_spans(sentence)[:_GAPS]
    )


def compare(sentence: str, quote: str, nearby: str, cosine: float) -> Comparison:
    """Hold a sentence against a quote. `nearby` is the quote's passage with its title and heading."""
    claimed, named = content_words(sentence), names(sentence)
    missing_names = _unnamed(named, quote)
    counted = numbers(sentence) <= numbers(quote) and measures(sentence) <= measures(quote)
    return Comparison(
        cosine=cosine,
        said=_share(claimed & content_words(quote), claimed),
        whole=counted and not _unnamed(missing_names, nearby),
        missing_names=_share(missing_names, named),
        reversed=float(_denies(sentence, quote) or _denies(quote, sentence)),
    )


def support(comparison: Comparison) -> float:
    """The probability that the quote supports the sentence."""
    total = _BIAS + sum(weight * getattr(comparison, name) for name, weight in WEIGHTS.items())
    return 1 / (1 + math.exp(-total))


def likeness(comparison: Comparison) -> tuple[bool, float]:
    """What the quote to hold a sentence against is chosen by: the one that denies it may be the likest."""
    return comparison.whole, comparison.cosine + comparison.said - comparison.missing_names / 2


def verdict(comparison: Comparison) -> Verdict:
    """The hard checks first: what a quote must say word for word, it says or the sentence has no support.

    Nor has a sentence that shares no word with it: of such ones the reader knows nothing.
    """
    if not comparison.whole or comparison.reversed or not comparison.said:
        return "unsupported"
    probability = support(comparison)
    if probability >= _SUPPORTED and not comparison.missing_names:
        return "supported"
    return "weak" if probability >= _WEAK else "unsupported"


def contradictory(sentences: Sequence[str]) -> bool:
    """Whether one of the sentences denies another, or says it with other numbers."""
    return any(
        _denies(one, other, _MOST) or _denies(other, one, _MOST) or _counts_otherwise(one, other)
        for one, other in itertools.combinations(sentences, 2)
    )


def judge(sentence: str, quotes: Sequence[str]) -> Verdict:
    """Of a sentence that is a quote: "supported" when a quote says it word for word, else "unsupported".

    The built-in reader writes nothing but quotes, so that its sentences are supported trivially.
    """
    words = sentence.split()
    return "supported" if any(_contains(quote.split(), words) for quote in quotes) else "unsupported"


_BIAS = -1.88
WEIGHTS = {"cosine": 0.67, "said": 0.9, "reversed": -0.89, "answerable": 0.87, "recalled": 2.06}
"""Of the numbers that `support` sums; `python -m benchmarks.verdicts --fit` prints them."""


def _share(part: Set[object], whole: Set[object]) -> float:
    return len(part) / len(whole) if whole else 0.0


def _denies(one: str, other: str, share: float = 1 / 2) -> bool:
    """Whether `one` negates words that `other` has and does not negate; two negations cancel out.

    `share` of the words that a negation may mean must be in the other.
    """
    said = content_words(other)
    if _DENIAL.search(one) and _DENIAL.search(other):  # whatever the allegation is called in each
        one, other = _DENIAL.sub("", one), _DENIAL.sub("", other)
    scopes, others = negations(one), negations(other)

    def turned(stem: str) -> bool:
        return (sum(stem in scope for scope in scopes) - sum(stem in scope for scope in others)) % 2 == 1

    return any(
        len(shared) >= share * len(scope) and all(map(turned, shared))
        for scope in scopes
        if (shared := scope & said)
    )


def _counts_otherwise(one: str, other: str) -> bool:
    """The same words around another number; of two years with a number each, both may be so."""
    counted, others = numbers(one), numbers(other)
    words = [content_words(re.sub(r"\d[\d,.]*", "", text)) for text in (one, other)]
    differing = counted ^ others
    years = counted & others and all(_YEAR.fullmatch(each) for each in differing)
    return len(counted - others) == len(others - counted) == 1 and not years and words[0] == words[1]


def _unnamed(named: Set[str], text: str) -> frozenset[str]:
    """The names that are not in the text, nor its people's names or its initials."""
    lowered, words, called = text.lower(), content_words(text), roots(text)
    return frozenset(
        name
        for name in named
        if name not in lowered and name not in words and not roots(name.title()) <= called
    )


def _asking(claim: str) -> str:
    if not claim[0].isdigit():
        return "what"
    return "when" if _YEAR.fullmatch(claim) else "how many"


def _recalled(claim: str, reading: PassageReading, text: str) -> float:
    if not reading.spans:
        return 0.0
    said = _keys(claim)
    best = max(
        (each.score for each in reading.spans if said & _keys(text[each.start : each.end])), default=-math.inf
    )
    return max(0.0, 1 + (best - reading.spans[0].score) / _PREFERRED)


def _keys(text: str) -> frozenset[str]:
    return content_words(text) | numbers(text) | roots(text)


def _contains(words: Sequence[str], part: Sequence[str]) -> bool:
    return any(list(words[at : at + len(part)]) == list(part) for at in range(len(words) - len(part) + 1))
