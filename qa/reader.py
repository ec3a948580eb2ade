"""The built-in answerer: picks the sentences that answer, verbatim. No language model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index_store import Embedder, Hit, sentence_spans
from qa.citations import Evidence
from qa.question import kind, names_answer
from qa.words import content_words, specifics

_PASSAGES_READ = 5
_MOST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """The sentences that answer, best first, and a score from 0 to 1 that they do."""

    evidence: tuple[Evidence, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    evidence: Evidence
    score: float


class Reader:
    """Scores every sentence of the best passages by meaning, shared words and the kind of answer sought."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """The sentence that answers best; for a why, how or list question, others nearly as good too."""
        candidates = self._candidates(question, hits[:_PASSAGES_READ])
        if not candidates:
            return Reading((), 0.0)
        best = candidates[0].score
        most = _MOST_SENTENCES if kind(question).may_take_several else 1
        chosen = [each for each in candidates[:most] if each.score >= best - _MARGIN]
        score = _squash(best) * (_ABOUT_ANOTHER if self._is_about_another(question, hits) else 1.0)
        return Reading(tuple(each.evidence for each in chosen), score)

    @staticmethod
    def _is_about_another(question: str, hits: Sequence[Hit]) -> bool:
        """Whether the question names somebody or something, a day or a number, that no passage does."""
        told = [
            content_words(f"{hit.passage.title} {hit.passage.heading} {hit.passage.text}") for hit in hits
        ]
        return not specifics(question) <= frozenset().union(*told)

    def _candidates(self, question: str, hits: Sequence[Hit]) -> list[_Candidate]:
        found = [
            Evidence(hit, hit.passage.start + start, hit.passage.start + end)
            for hit in hits
            for start, end in sentence_spans(hit.passage.text)
        ]
        texts = [_text(each) for each in found]
        query = self._embedder.embed_query(question)
        cosines = (self._embedder.embed(texts) @ query).tolist()
        asked = content_words(question)
        nearby = {hit.passage.id: _share(asked, hit.passage.text) for hit in hits}
        scored = [
            _Candidate(
                each,
                0.5 * cosine
                + 0.2 * each.hit.score
                + 0.15 * _share(asked, text)
                + 0.25 * nearby[each.hit.passage.id]
                + 0.15 * names_answer(question, text),
            )
            for each, text, cosine in zip(found, texts, cosines, strict=True)
        ]
        return sorted(scored, key=lambda each: -each.score)


_MARGIN = 0.1
_ABOUT_ANOTHER = 0.3
_MIDDLE, _STEEPNESS = 0.62, 12.0  # where a best sentence is as likely to answer as not


def _share(asked: frozenset[str], text: str) -> float:
    """The share of the question's words that the text has."""
    return len(asked & content_words(text)) / len(asked) if asked else 0.0


def _squash(score: float) -> float:
    return 1 / (1 + math.exp(-_STEEPNESS * (score - _MIDDLE)))


def _text(evidence: Evidence) -> str:
    passage = evidence.hit.passage
    return passage.text[evidence.start - passage.start : evidence.end - passage.start]
