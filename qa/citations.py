"""Evidence to sentences with markers, and the exact quotes behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index_store import Document, Hit, page_at
from qa.types import AnswerSentence, Citation
from qa.verdict import judge

_BRACKETED_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of a document that answers, by its offsets, and the hit whose passage holds it."""

    hit: Hit
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cited:
    """An answer's text with its markers, sentence by sentence, and the citations they stand for."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]


def cite(evidence: Sequence[Evidence], document: Callable[[str], Document]) -> Cited:
    """Quote each piece of evidence as a sentence of the answer with a marker of its own.

    The sentence is the quote word for word, but for bracketed numbers, which would pass for markers:
    they stand in parentheses.
    """
    citations = tuple(
        _citation(number, piece, document(piece.hit.passage.source))
        for number, piece in enumerate(evidence, 1)
    )
    sentences = tuple(
        AnswerSentence(_said(each.quote), (each.number,), judge(each.quote, (each.quote,)))
        for each in citations
    )
    text = " ".join(
        f"{sentence.text} [{each.number}]" for sentence, each in zip(sentences, citations, strict=True)
    )
    return Cited(text, sentences, citations)


def _said(quote: str) -> str:
    """The quote on one line. Its own bracketed numbers must not pass for markers of the answer."""
    return _BRACKETED_NUMBER.sub(r"(\1)", " ".join(quote.split()))


def _citation(number: int, evidence: Evidence, document: Document) -> Citation:
    return Citation(
        number=number,
        source=document.source,
        title=document.title,
        quote=document.text[evidence.start : evidence.end],
        start=evidence.start,
        end=evidence.end,
        page=page_at(document, evidence.start),
        score=evidence.hit.score,
        document_sha256=document.sha256,
        published=document.published,
    )
