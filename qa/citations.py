"""Evidence to sentences with markers, and the exact quotes behind them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index_store import Document, Hit, page_at
from qa.types import AnswerSentence, Citation
from qa.verdict import judge

_BRACKETED_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of a document that answers, by its offsets, and the hit whose passage holds it.

    `answer` are the offsets of the words in it that answer by themselves, or None.
    """

    hit: Hit
    start: int
    end: int
    answer: tuple[int, int] | None = None

    def overlaps(self, other: Evidence) -> bool:
        """Whether both have characters of a document in common."""
        same = self.hit.passage.source == other.hit.passage.source
        return same and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Cited:
    """An answer's text with its markers, sentence by sentence, and the citations they stand for."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]


def cite(statements: Sequence[Sequence[Evidence]], document: Callable[[str], Document]) -> Cited:
    """Quote the first piece of evidence of each statement as a sentence, with a marker for every piece.

    The sentence is the quote word for word, but for bracketed numbers, which would pass for markers:
    they stand in parentheses.
    """
    numbers = itertools.count(1)
    cited = [
        [citation(next(numbers), piece, document(piece.hit.passage.source)) for piece in pieces]
        for pieces in statements
    ]
    sentences = tuple(
        AnswerSentence(
            said(group[0].quote),
            tuple(each.number for each in group),
            judge(group[0].quote, (group[0].quote,)),
        )
        for group in cited
    )
    text = " ".join(
        sentence.text + "".join(f" [{number}]" for number in sentence.citations) for sentence in sentences
    )
    return Cited(text, sentences, tuple(each for group in cited for each in group))


def said(quote: str) -> str:
    """The quote on one line. Its own bracketed numbers must not pass for markers of the answer."""
    return _BRACKETED_NUMBER.sub(r"(\1)", " ".join(quote.split()))


def citation(number: int, evidence: Evidence, document: Document) -> Citation:
    """The citation of a stretch of `document`."""
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
        answer_start=evidence.answer[0] if evidence.answer else None,
        answer_end=evidence.answer[1] if evidence.answer else None,
        published=document.published,
    )
