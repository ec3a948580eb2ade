"""A sentence that a model wrote to the exact quotes that support it, and whether they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from index_store import Embedder, Hit, sentence_spans
from index_store.embedder import Vector
from qa.citations import Evidence
from qa.types import Verdict
from qa.verdict import Comparison, compare, support, verdict

_RANK = {"supported": 2, "weak": 1, "unsupported": 0}
_LONGER_QUOTE = 0.05  # of support, what a second sentence in a quote must add
_TRIED = 3  # sentences of each passage that are held against a sentence word by word


@dataclass(frozen=True, slots=True)
class Grounded:
    """What a sentence stands on. `moved`: not on the passages that the model named."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]
    moved: bool = False


_NOTHING = Grounded("unsupported", ())


@dataclass(frozen=True, slots=True)
class Quote:
    """What one passage says for a sentence, and how far that supports it, from 0 to 1."""

    evidence: Evidence
    comparison: Comparison
    verdict: Verdict
    support: float


class Grounds:
    """The passages that one answer may stand on. Their sentences are embedded once, when first needed."""

    def __init__(self, hits: Sequence[Hit], embedder: Embedder) -> None:
        self._hits = hits
        self._embedder = embedder

    def ground(self, sentence: str, marked: Sequence[int]) -> Grounded:
        """The best quote in each passage that `marked` names (1 is the first), and what they come to.

        Where those do not support the sentence and another passage does, that one takes their place.
        A sentence that has no support stands on nothing. It has it when one quote
        says it alone; quotes that do so only together are weak support.
        """
        quotes = self.quotes(sentence)
        named = [quotes[number - 1] for number in marked if 1 <= number <= len(quotes)]
        best = max(named, key=_merit, default=None)
        other = max(quotes, key=_merit, default=None)
        if other is None or (best is None and other.verdict == "unsupported"):
            return _NOTHING
        if best is None or (best.verdict != "supported" and _RANK[other.verdict] > _RANK[best.verdict]):
            return Grounded(other.verdict, (other.evidence,), moved=bool(marked))
        kept = sorted(named, key=_merit, reverse=True)
        if best.verdict == "unsupported":
            together = len(kept) > 1 and self._stands_on_all(sentence, kept)
            return Grounded("weak", tuple(each.evidence for each in kept)) if together else _NOTHING
        helpful = [each for each in kept if each.verdict != "unsupported"]
        return Grounded(best.verdict, tuple(each.evidence for each in helpful))

    def _stands_on_all(self, sentence: str, quotes: Sequence[Quote]) -> bool:
        text = " ".join(self._text(each.evidence) for each in quotes)
        nearby = " ".join(_nearby(each.evidence.hit) for each in quotes)
        cosine = max(each.comparison.cosine for each in quotes)
        return verdict(compare(sentence, text, nearby, cosine)) != "unsupported"

    def quotes(self, sentence: str) -> list[Quote]:
        """For each passage the quote that supports the sentence best: one sentence, or two in a row."""
        if not self._sentences:
            return []
        cosines = self._vectors @ self._embedder.embed([sentence])[0]
        scored = zip(self._sentences, cosines.tolist(), strict=True)
        groups = groupby(scored, key=lambda each: each[0].hit.passage.id)
        return [self._best_quote(sentence, list(group)) for _, group in groups]

    def _best_quote(self, sentence: str, scored: Sequence[tuple[Evidence, float]]) -> Quote:
        order = sorted(range(len(scored)), key=lambda at: -scored[at][1])[:_TRIED]
        single = max((self._quote(sentence, *scored[at]) for at in order), key=_merit)
        if single.verdict == "supported":
            return single
        longer = max(
            (self._quote(sentence, *two) for two in _pairs(scored, order)), key=_merit, default=single
        )
        better = _RANK[longer.verdict] > _RANK[single.verdict]
        return longer if better or longer.support > single.support + _LONGER_QUOTE else single

    def _quote(self, sentence: str, evidence: Evidence, cosine: float) -> Quote:
        comparison = compare(sentence, self._text(evidence), _nearby(evidence.hit), cosine)
        return Quote(evidence, comparison, verdict(comparison), support(comparison))

    @staticmethod
    def _text(evidence: Evidence) -> str:
        passage = evidence.hit.passage
        return passage.text[evidence.start - passage.start : evidence.end - passage.start]

    @cached_property
    def _sentences(self) -> list[Evidence]:
        return [
            Evidence(hit, hit.passage.start + start, hit.passage.start + end)
            for hit in self._hits
            for start, end in sentence_spans(hit.passage.text)
        ]

    @cached_property
    def _vectors(self) -> Vector:
        return np.asarray(self._embedder.embed([self._text(each) for each in self._sentences]))


def _pairs(
    scored: Sequence[tuple[Evidence, float]], order: Sequence[int]
) -> Iterator[tuple[Evidence, float]]:
    """Each of the best sentences with the one before it, and with the one after it."""
    for at in dict.fromkeys(first for best in order for first in (best - 1, best)):
        if 0 <= at < len(scored) - 1:
            (one, cosine), (two, other) = scored[at], scored[at + 1]
            yield Evidence(one.hit, one.start, two.end), max(cosine, other)


def _nearby(hit: Hit) -> str:
    return f"{hit.passage.title} {hit.passage.heading} {hit.passage.text}"


def _merit(quote: Quote) -> tuple[int, float]:
    return _RANK[quote.verdict], quote.support
