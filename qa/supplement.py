"""The further sentences of an answer, where one may be too little: each has to answer by itself.

Read among others, a sentence that says nothing of what is asked can come close to the best one where no other
does; read by itself it is told to answer nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.crossencoder import CrossEncoder, Span
from qa.question import asks_for_steps
from qa.retriever import Found, title_read
from qa.rows import rows

ANSWERS = 0.25  # the probability from which on a passage may add to an answer
_MARGIN = 8.0  # logits: how much worse than the best short answer one in a further sentence may be
_GOING_ON = -3.5  # the logit of answering by itself from which on a sentence may go on from one that answers
_GAP = 3  # sentences after one that answers, down to which "Another reason …" goes on from it
_READ = 16  # the most sentences that are read for one purpose
_GOES_ON = re.compile(
    r"(?:also|in addition|moreover|furthermore|finally|(?:second|third|last)ly|afterwards|after that|then"
    r"|(?:he|she|it|they) (?:also|then|later)"
    r"|(?:a|one|two|three|\d+) (?:minute|hour|day|week|month|year)s? later)\b"
    r"|(?:besides|next|later|second|third|last),",
    re.IGNORECASE,
)
_COUNTS_ON = re.compile(  # with what it follows, however little it says by itself
    r"(?:another|a second|the second|a third|the third|a further)"
    r" (?:reason|cause|factor|motive|way|step|is|was)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, or a run of them, by the document's offsets, and the likeliest short answer in it."""

    found: Found
    start: int
    end: int
    span: Span

    @property
    def text(self) -> str:
        return self.found.window.between(self.start, self.end)

    @property
    def place(self) -> tuple[str, int]:
        return self.found.hit.passage.source, self.start


def telling(found: Sequence[Found]) -> list[Found]:
    """The passages that may add to an answer, the best one first."""
    return [each for each in found if each is found[0] or each.hit.score >= ANSWERS]


def further(encoder: CrossEncoder, question: str, found: Sequence[Found]) -> list[tuple[Span, Found]]:
    """Short answers in other sentences than that of the best one, best first, and what each was found in.

    Sentences that answer by themselves, likelier than not, come first, then those that go on from one
    ("Another was …"), then rows of tables, which mean little without their header and are judged by the
    reading of the whole.
    """
    best, *others = _near(found)
    in_rows = [each for each in others if _is_row(each)]
    prose = [each for each in others if each not in in_rows]
    odds = {best.text: math.inf, **_odds(encoder, question, prose, best.text)}
    answering = [each for each in prose if odds.get(each.text, -math.inf) >= 0]
    answering.sort(key=lambda each: -odds[each.text])
    going_on = _going_on(encoder, question, [best, *answering])
    return [(each.span, each.found) for each in (*answering, *going_on, *in_rows)]


def _near(found: Sequence[Found]) -> list[_Sentence]:
    """The sentences with short answers nearly as good as the best one, whose sentence is the first."""
    best = found[0].spans[0]
    near = [
        (span, each) for each in telling(found) for span in each.spans if span.score >= best.score - _MARGIN
    ]
    near.sort(key=lambda each: -each[0].score)
    sentences: dict[tuple[str, int], _Sentence] = {}
    for span, each in [(best, found[0]), *near]:
        made = _Sentence(each, *each.window.sentences_at(span.start, span.end), span)
        sentences.setdefault(made.place, made)
    return list(sentences.values())


def _is_row(sentence: _Sentence) -> bool:
    return any(row.start <= sentence.start < row.end for row in rows(sentence.found.window))


def _odds(
    encoder: CrossEncoder, question: str, sentences: Sequence[_Sentence], known: str = ""
) -> Mapping[str, float]:
    """The logit that each text answers by itself, but that of the known one, each read once."""
    titles = {each.text: title_read(each.found.hit.passage) for each in reversed(sentences)}
    titles.pop(known, None)
    asked = [(title, text) for text, title in reversed(titles.items())][:_READ]
    readings = encoder.read(question, asked)
    return {text: reading.answerable for (_, text), reading in zip(asked, readings, strict=True)}


def _going_on(encoder: CrossEncoder, question: str, told: Sequence[_Sentence]) -> list[_Sentence]:
    """The sentences that go on from one that is told, or from another one that does, in order.

    One does if it follows soon and says so; of steps each does that follows at once, in the same paragraph.
    """
    steps = asks_for_steps(question)
    places = {each.place for each in told}
    found = dict.fromkeys(each.found for each in told)
    rest = [each for one in found for each in _sentences(one) if each.place not in places]
    rest = [each for each in rest if steps or _says_so(each)]
    odds = _odds(encoder, question, rest)
    going_on: dict[tuple[str, int], _Sentence] = {}
    for each in rest:
        before = [one for one in _sentences(each.found) if one.start < each.start][-_GAP:]
        near = [one for one in before if one.place in places]
        follows = near and (_says_so(each) or _at_once(before[-1], near[-1], each))
        if follows and (odds.get(each.text, -math.inf) >= _GOING_ON or _COUNTS_ON.match(each.text)):
            places.add(each.place)
            going_on[each.place] = each
    return list(going_on.values())


def _says_so(sentence: _Sentence) -> bool:
    return bool(_GOES_ON.match(sentence.text) or _COUNTS_ON.match(sentence.text))


def _at_once(before: _Sentence, told: _Sentence, each: _Sentence) -> bool:
    """Whether a sentence follows right behind one that is told, in the same paragraph."""
    return before == told and "\n" not in each.found.window.between(before.end, each.start)


def _sentences(found: Found) -> list[_Sentence]:
    """All sentences of what was read of a passage, in order."""
    return [_Sentence(found, start, end, Span(start, end, 0.0)) for start, end in found.window.sentences]
