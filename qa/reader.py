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
_SPAN_MARGIN = 4.0  # logits: how much worse than the best one a further sentence's span may be
_LEAD_WORDS = 8
_LEADS = (Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.PLACE, Kind.THING)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the documents say to a question.

    `statements` are the sentences that answer, in the order to tell them; the first piece of evidence of
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
            evidence += _further(best, evidence[0])
        statements = tuple((each,) for each in sorted(evidence, key=lambda each: each.start))
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


def _further(found: Found, first: Evidence) -> list[Evidence]:
    """Other sentences of the same passage whose best span is nearly as good."""
    chosen: list[Evidence] = []
    for span in found.spans[1:]:
        piece = _evidence(found, span)
        apart = all(piece.end <= each.start or each.end <= piece.start for each in (first, *chosen))
        if apart and span.score >= found.spans[0].score - _SPAN_MARGIN:
            chosen.append(piece)
    return chosen[: _SENTENCES - 1]


def _lead(question: str, found: Found) -> str:
    """The words of the likeliest span, where the question asks for something that a few words can be."""
    span = found.spans[0]
    words = found.window.text[span.start - found.window.start : span.end - found.window.start].split()
    return " ".join(words) if kind(question) in _LEADS and len(words) <= _LEAD_WORDS else ""
