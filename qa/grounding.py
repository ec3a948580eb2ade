"""A sentence that a model wrote to the exact quotes that support it, and whether they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice

import numpy as np

from index_store import Embedder, Hit, sentence_spans
from index_store.embedder import Vector
from qa.citations import Evidence
from qa.crossencoder import CrossEncoder
from qa.types import Verdict
from qa.verdict import Comparison, compare, gaps, likeness, support, verdict

_RANK = {"supported": 2, "weak": 1, "unsupported": 0}
_LONGER_QUOTE = 0.05  # of support, what a second sentence in a quote must add
_READ = 2  # passages that are read for a sentence, of those it names and, if they fail, of the others
_AROUND = 600  # characters that are read with a quote, at most
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

    def __init__(self, hits: Sequence[Hit], embedder: Embedder, encoder: CrossEncoder) -> None:
        self._hits = hits
        self._embedder = embedder
        self._encoder = encoder

    def ground(self, sentence: str, marked: Sequence[int]) -> Grounded:
        """The best quote in each passage that `marked` names (1 is the first), and what they come to.

        Where those do not support the sentence and another passage does, that one takes their place.
        A sentence that has no support stands on nothing. It has it when one quote
        says it alone; quotes that do so only together are weak support.
        """
        quotes = self._likeliest(sentence)
        numbers = dict.fromkeys(number for number in marked if number in quotes)
        named = self._read(sentence, [quotes[number] for number in numbers])
        best = named[0] if named else None
        if best is None or best.verdict != "supported":
            rest = [quote for number, quote in quotes.items() if number not in numbers]
            other = next(iter(self._read(sentence, rest)), None)
            if other and _RANK[other.verdict] > (0 if best is None else _RANK[best.verdict]):
                return Grounded(other.verdict, (other.evidence,), moved=bool(marked))
        if best is None:
            return _NOTHING
        if best.verdict == "unsupported":
            together = len(named) > 1 and self._stands_on_all(sentence, named)
            return Grounded("weak", tuple(each.evidence for each in named)) if together else _NOTHING
        helpful = [each for each in named if each.verdict != "unsupported"]
        return Grounded(best.verdict, tuple(each.evidence for each in helpful))

    def best(self, sentence: str) -> Quote | None:
        """The quote that supports the sentence best, of all passages."""
        return next(iter(self._read(sentence, list(self._likeliest(sentence).values()))), None)

    def _stands_on_all(self, sentence: str, quotes: Sequence[Quote]) -> bool:
        text = " ".join(self._text(each.evidence) for each in quotes)
        nearby = " ".join(_nearby(each.evidence.hit) for each in quotes)
        cosine = max(each.comparison.cosine for each in quotes)
        (comparison,) = self._compared(sentence, [(compare(sentence, text, nearby, cosine), "", text)])
        return verdict(comparison) != "unsupported"

    def _likeliest(self, sentence: str) -> dict[int, Quote]:
        """The quote of each passage that seems to say it best, one sentence or two in a row; all unread.

        By the passages' numbers, but for those without a sentence.
        """
        if not self._sentences:
            return {}
        cosines = self._vectors @ self._embedder.embed([sentence])[0]
        scored = zip(self._sentences, cosines.tolist(), strict=True)
        groups = groupby(scored, key=lambda each: each[0].hit)
        quotes = {hit: self._best_quote(sentence, list(group)) for hit, group in groups}
        return {number: quotes[hit] for number, hit in enumerate(self._hits, 1) if hit in quotes}

    def _read(self, sentence: str, quotes: Sequence[Quote]) -> list[Quote]:
        """The likeliest few, read in their passages, best first."""
        likeliest = sorted(quotes, key=_likeness, reverse=True)[:_READ]
        around = [(each.comparison, *_around(each.evidence)) for each in likeliest]
        compared = self._compared(sentence, around)
        read = [_judged(quote.evidence, each) for quote, each in zip(likeliest, compared, strict=True)]
        return sorted(read, key=_merit, reverse=True)

    def _compared(self, sentence: str, quoted: Sequence[tuple[Comparison, str, str]]) -> Iterator[Comparison]:
        """Each comparison with the reader's part, from a title and the text around the quote.

        Where words that must be there are missing, what the reader would put in gaps is not asked for.
        """
        asked = gaps(sentence)
        questions = [
            [sentence, *(gap.question for gap in asked if comparison.whole)] for comparison, _, _ in quoted
        ]
        readings = iter(
            self._encoder.read_each(
                [
                    (question, title, text)
                    for these, (_, title, text) in zip(questions, quoted, strict=True)
                    for question in these
                ]
            )
        )
        for these, (comparison, _, text) in zip(questions, quoted, strict=True):
            statement, *fillings = islice(readings, len(these))
            claims = [gap.claim for gap in asked[: len(fillings)]]
            yield comparison.read(statement, list(zip(claims, fillings, strict=True)), text)

    def _best_quote(self, sentence: str, scored: Sequence[tuple[Evidence, float]]) -> Quote:
        order = sorted(range(len(scored)), key=lambda at: -scored[at][1])[:_TRIED]
        single = max((self._quote(sentence, *scored[at]) for at in order), key=_likeness)
        pairs = (self._quote(sentence, *two) for two in _pairs(scored, order))
        longer = max(pairs, key=_likeness, default=single)
        (whole, how_like), (now_whole, how_much_liker) = _likeness(single), _likeness(longer)
        return longer if now_whole > whole or how_much_liker > how_like + _LONGER_QUOTE else single

    def _quote(self, sentence: str, evidence: Evidence, cosine: float) -> Quote:
        return _judged(evidence, compare(sentence, self._text(evidence), _nearby(evidence.hit), cosine))

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


def _judged(evidence: Evidence, comparison: Comparison) -> Quote:
    return Quote(evidence, comparison, verdict(comparison), support(comparison))


def _around(evidence: Evidence) -> tuple[str, str]:
    """A title, "" where it was made from a file's name, and the quote with the sentences around it."""
    passage = evidence.hit.passage
    start, end = evidence.start - passage.start, evidence.end - passage.start
    spans = sentence_spans(passage.text)
    before = [span for span in spans if span[1] <= start]
    after = [span for span in spans if span[0] >= end]
    while before or after:
        if before and end - before[-1][0] <= _AROUND:
            start = before.pop()[0]
        elif after and after[0][1] - start <= _AROUND:
            end = after.pop(0)[1]
        else:
            break
    return passage.title if passage.titled else "", passage.text[start:end]


def _nearby(hit: Hit) -> str:
    return f"{hit.passage.title} {hit.passage.heading} {hit.passage.text}"


def _likeness(quote: Quote) -> tuple[bool, float]:
    return likeness(quote.comparison)


def _merit(quote: Quote) -> tuple[int, float]:
    return _RANK[quote.verdict], quote.support
