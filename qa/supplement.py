"""The further sentences of an answer, where one may be too little: each has to answer by itself.

Read among others, a sentence that says nothing of what is asked can come close to the best one where no other
does; read by itself it is told to answer nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.crossencoder import CrossEncoder, Span
from qa.retriever import Found, title_read
from qa.rows import rows

ANSWERS = 0.25  # the probability from which on a passage may add to an answer
_MARGIN = 8.0  # logits: how much worse than the best short answer one in a further sentence may be
_READ = 16  # the most sentences that are read

Place = tuple[int, int]


def further(encoder: CrossEncoder, question: str, found: Sequence[Found]) -> list[tuple[Span, Found]]:
    """Short answers in other sentences than that of the best one, best first, and what each was found in.

    Sentences that answer by themselves, likelier than not, come before rows of tables, which mean little
    without their header and are judged by the reading of the whole.
    """
    best = found[0].spans[0]
    near = [
        (span, each)
        for each in found
        if each is found[0] or each.hit.score >= ANSWERS
        for span in each.spans
        if span.score >= best.score - _MARGIN
    ]
    near.sort(key=lambda each: -each[0].score)
    sentences: dict[tuple[str, Place], Found] = {}
    for span, each in near:
        if not rows(each.window):
            place = each.window.sentences_at(span.start, span.end)
            sentences.setdefault((each.hit.passage.source, place), each)
    sentences.pop((found[0].hit.passage.source, found[0].window.sentences_at(best.start, best.end)), None)
    asked = [(place, each) for (_, place), each in sentences.items()][:_READ]
    in_rows = [(span, each) for span, each in near if rows(each.window)]
    return _answering(encoder, question, asked) + in_rows


def _answering(
    encoder: CrossEncoder, question: str, sentences: Sequence[tuple[Place, Found]]
) -> list[tuple[Span, Found]]:
    """The likeliest words of those that answer by themselves; their score is the logit of that."""
    texts = [(title_read(each.hit.passage), each.window.between(*place)) for place, each in sentences]
    told = [
        (Span(start + reading.spans[0].start, start + reading.spans[0].end, reading.answerable), each)
        for ((start, _), each), reading in zip(sentences, encoder.read(question, texts), strict=True)
        if reading.answerable >= 0 and reading.spans
    ]
    return sorted(told, key=lambda each: -each[0].score)
