"""A document to passages: runs of whole sentences that fit the embedding model's window."""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from index_store.sentences import Span, paragraph_ends, whole_spans
from index_store.types import Document, Passage

TokenCounter = Callable[[Sequence[str]], list[int]]

PREFIX_TOKENS = 48  # of the model's window are left free for title and heading
_PREFIX_CHARACTERS = 80  # the most of a title or heading that is embedded
_TOKEN_CHARACTERS = 12  # more than a token has in any language, on average
_SPLIT_COST = 0.25  # of the limit: how far from even a passage may be rather than split a paragraph


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    tokens: int
    ends_paragraph: bool


def content_id(sha256: str, media_type: str) -> str:
    """What identifies a document's content, whatever its path: equal bytes read alike share it."""
    return _digest(sha256, media_type)


def embedding_text(document: Document, passage: Passage) -> str:
    """What is embedded for a passage: title and heading, where the document has them, then its text."""
    title = document.title if document.titled else ""
    head = [part for part in (title, passage.heading) if part and part not in passage.text]
    return "\n".join([*(part[:_PREFIX_CHARACTERS] for part in head), passage.text])


def chunk(document: Document, count_tokens: TokenCounter, passage_tokens: int) -> tuple[Passage, ...]:
    """Cut a document into passages of at most `passage_tokens` tokens each, in order, without overlap.

    What has hardly any tokens for its length, such as encoded data, counts by its characters.

    A passage never crosses a section heading, ends at a paragraph where it can, and is balanced: a
    section a little over the limit becomes two even passages, not a full one and a scrap.
    Only a single sentence that is longer than the limit is cut, between words.
    """
    sentences = _fitting(document.text, count_tokens, passage_tokens)
    identity = content_id(document.sha256, document.media_type)
    return tuple(
        _passage(document, identity, heading, run[0].span[0], run[-1].span[1])
        for heading, section in _sections(document, sentences)
        for run in _runs(section, passage_tokens)
    )


def _passage(document: Document, identity: str, heading: str, start: int, end: int) -> Passage:
    return Passage(
        id=_digest(identity, str(start), str(end)),
        source=document.source,
        title=document.title,
        text=document.text[start:end],
        start=start,
        end=end,
        page=page_at(document, start),
        heading=heading,
        titled=document.titled,
    )


def page_at(document: Document, offset: int) -> int | None:
    """The 1-based page that holds the character at `offset`, or None in a document without pages."""
    index = bisect_right(document.pages, offset, key=lambda page: page.start) - 1
    return document.pages[max(index, 0)].number if document.pages else None


def _fitting(text: str, count_tokens: TokenCounter, limit: int) -> list[_Sentence]:
    spans = whole_spans(text)
    ends = paragraph_ends(text)
    counts = _sizes([text[start:end] for start, end in spans], count_tokens)
    sentences: list[_Sentence] = []
    for span, count in zip(spans, counts, strict=True):
        pieces = [(span, count)] if count <= limit else _cut(text, span, count_tokens, limit)
        sentences += [_Sentence(piece, tokens, piece[1] in ends) for piece, tokens in pieces]
    return sentences


def _sizes(texts: Sequence[str], count_tokens: TokenCounter) -> list[int]:
    """Tokens, but at least one for every few characters: to a model, a word beyond its ken is one token."""
    counts = count_tokens(texts)
    return [max(count, len(text) // _TOKEN_CHARACTERS) for count, text in zip(counts, texts, strict=True)]


def _cut(text: str, span: Span, count_tokens: TokenCounter, limit: int) -> list[tuple[Span, int]]:
    """Halve an overlong sentence at the space nearest its middle (or anywhere) until all parts fit."""
    start, end = span
    (count,) = _sizes([text[start:end]], count_tokens)
    if count <= limit or end - start < 2:
        return [(span, count)]
    middle = (start + end) // 2
    space = text.rfind(" ", start + 1, middle + 1)
    left_end, right_start = (space, space + 1) if space > start else (middle, middle)
    left = _cut(text, (start, left_end), count_tokens, limit)
    return left + _cut(text, (right_start, end), count_tokens, limit)


def _sections(document: Document, sentences: list[_Sentence]) -> Iterator[tuple[str, list[_Sentence]]]:
    """The sentences of each section with its heading, which is the section's first sentence."""
    starts = [heading.start for heading in document.headings]
    groups: dict[int, list[_Sentence]] = {}
    for sentence in sentences:
        section = bisect_right(starts, sentence.span[1] - 1) - 1  # its mark may stand before a heading's text
        groups.setdefault(section, []).append(sentence)
    for index, group in groups.items():
        heading = document.headings[index] if index >= 0 else None
        yield document.text[heading.start : heading.end] if heading else "", group


def _runs(sentences: list[_Sentence], limit: int) -> Iterator[list[_Sentence]]:
    """Break a section where it costs least, as TeX breaks a paragraph into lines (Knuth & Plass, 1981)."""
    sizes = list(accumulate((sentence.tokens for sentence in sentences), initial=0))
    target = sizes[-1] / max(1, math.ceil(sizes[-1] / limit))
    cost, previous = [0.0], [0]
    for end in range(1, len(sizes)):
        split = 0.0 if end == len(sentences) or sentences[end - 1].ends_paragraph else _SPLIT_COST * limit
        best, start = math.inf, end - 1
        for begin in range(end - 1, -1, -1):
            size = sizes[end] - sizes[begin]
            if size > limit and begin < end - 1:
                break
            best, start = min((best, start), (cost[begin] + (size - target) ** 2 + split**2, begin))
        cost.append(best)
        previous.append(start)
    ends = _trace_back(previous)
    yield from (sentences[start:end] for start, end in pairwise(ends))


def _trace_back(previous: list[int]) -> list[int]:
    breaks = [len(previous) - 1]
    while breaks[-1]:
        breaks.append(previous[breaks[-1]])
    return breaks[::-1]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
