"""The built-in answerer: quotes the sentences that answer, word for word. No language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.calibration import Calibration, answer_values
from qa.citations import Evidence
from qa.crossencoder import Span
from qa.question import Kind, kind
from qa.retriever import Found
from qa.words import unnamed

_SENTENCES = 3  # the most of an answer to a question that may take several
_ANSWERS = 0.4  # the probability from which on a passage may add a sentence
_SPAN_MARGIN = 8.0  # logits: how much worse than the best one a further sentence's span may be
_LEAD_WORDS = 8
_LEADS = (Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.PLACE, Kind.THING)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the documents say to a question.

    `statements` are the sentences that answer, best first; the first piece of evidence of
    each is quoted, the others say the same elsewhere. `lead` is the short answer where one stands alone.
    `probability` is the calibrated probability that the documents answer.
    """

    statements: tuple[tuple[Evidence, ...], ...]
    probability: float
    lead: str = ""


class Reader:
    """Chooses what to quote from what the retriever has found and read."""

    def __init__(self, calibration: Calibration) -> None:
        self._calibration = calibration

    def read(self, question: str, found: Sequence[Found]) -> Reading:
        """The sentences that answer best; for a why, how or list question, others nearly as good too."""
        read = [each for each in found if each.spans]
        if not read:
            return Reading((), 0.0)
        best = read[0]
        evidence = [_evidence(best, best.spans[0])]
        if kind(question).may_take_several:
            evidence += _further(read, evidence[0])
        statements = tuple((each,) for each in evidence)
        return Reading(statements, self.probability(question, found), _lead(question, best))

    def probability(self, question: str, found: Sequence[Found]) -> float:
        """The calibrated probability, from 0 to 1, that the documents answer."""
        if not found:
            return 0.0
        passages = [each.hit.passage for each in found]
        texts = [f"{each.title} {each.heading} {each.text}" for each in passages]
        signals = [each.signals for each in found]
        values = answer_values(signals, unnamed(question, texts), self._calibration.passage)
        return self._calibration.answer.probability(values)


def _evidence(found: Found, span: Span) -> Evidence:
    """The sentence, or the run of them, around a short answer."""
    window = found.window
    start, end = window.sentence_at(span.start)[0], window.sentence_at(span.end - 1)[1]
    return Evidence(found.hit, start, end, (span.start, span.end))


def _further(read: Sequence[Found], first: Evidence) -> list[Evidence]:
    """Other sentences whose span is nearly as good as the best one, from passages that answer too."""
    best = read[0].spans[0].score
    spans = [(span, found) for found in read if found.hit.score >= _ANSWERS for span in found.spans]
    chosen = [first]
    for span, found in sorted(spans, key=lambda each: -each[0].score):
        piece = _evidence(found, span)
        if span.score >= best - _SPAN_MARGIN and not any(_overlap(piece, each) for each in chosen):
            chosen.append(piece)
    return chosen[1:_SENTENCES]


def _overlap(one: Evidence, other: Evidence) -> bool:
    same = one.hit.passage.source == other.hit.passage.source
    return same and one.start < other.end and other.start < one.end


def _lead(question: str, found: Found) -> str:
    """The words of the likeliest span, where the question asks for something that a few words can be."""
    span = found.spans[0]
    words = found.window.text[span.start - found.window.start : span.end - found.window.start].split()
    return " ".join(words) if kind(question) in _LEADS and len(words) <= _LEAD_WORDS else ""
