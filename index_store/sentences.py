"""Text to sentences, by exact spans. Line breaks inside wrapped prose do not end a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

Span = tuple[int, int]

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"[^\n]+")
_ITEM = re.compile(r"\s*(?:[-*+•‣▪–]\s|\(?\d{1,3}[.)]\s|\(?[a-zA-Z][.)]\s|#{1,6}\s|[|>])")
_MARK = re.compile(r"\s*(?:(?:[-*+•‣▪–]|#{1,6})\s+|>\s?)+(?:\[[ xX]\]\s+)?")
_NUMBER = re.compile(r"\s*\(?\d{1,3}[.)]\s+(?=\S)")
_OPENING = re.compile(r"\s[\"“‘«](?=\S)")
_SPEECH_AFTER = re.compile(  # what sentencex takes for an abbreviation within a sentence
    r"\b(?:May|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|me|no|ill|art|fed|etc|Inc|Ltd|Co|Corp|Jr|Sr"
    r"|[ap]\.m|U\.[SKN]|D\.C)\.\s+(?=[\"“][A-Z][^\"“”]*[.,!?…][\"”])"
)
_ROW = re.compile(r"\s*\|(?P<cells>[^\n]+)\|\s*")
_SHORT_LINE = 0.6  # of the block's longest line: a wrapped line that ends earlier ends its paragraph


def sentence_spans(text: str) -> tuple[Span, ...]:
    """The sentences of `text` in order, fit to be quoted: `text[start:end]` has no white space at its ends.

    A row of a Markdown table is one sentence, without its outer bars. The mark of a list item, heading
    or quotation belongs to none, nor does a line without a letter or digit; every other character that
    is not white space lies in exactly one.
    """
    return tuple(
        (start, end)
        for segment in _segments(text)
        for start, end in _quotable(text, *segment)
        if any(map(str.isalnum, text[start:end]))
    )


def whole_spans(text: str) -> tuple[Span, ...]:
    """As `sentence_spans`, but with the marks: every character that is not white space is in one.

    Speech after an abbreviation is not parted from it, so that passages stay as they are.
    """
    return tuple(span for start, end in _segments(text) for span in _sentences(text, start, end))


def paragraph_ends(text: str) -> frozenset[int]:
    """The offsets at which a paragraph, list item or line of its own ends, trimmed as sentences are."""
    return frozenset(_trim(text, start, end)[1] for start, end in _segments(text))


def _quotable(text: str, start: int, end: int) -> Iterator[Span]:
    if row := _ROW.fullmatch(text, start, end):
        yield _trim(text, *row.span("cells"))
    else:
        mark = _MARK.match(text, start, end)
        for span in _sentences(text, mark.end() if mark else start, end):
            yield from _parted(text, *span)


def _parted(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence, or the two where one ends in an abbreviation and speech begins the next."""
    for found in _SPEECH_AFTER.finditer(text, start, end):
        before = text[start : found.end()]
        if before.count('"') % 2 == 0 and before.count("“") == before.count("”"):
            yield _trim(text, start, found.end())
            start = found.end()
    yield start, end


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    if _ROW.fullmatch(text, start, end):
        yield _trim(text, start, end)
        return
    number = _NUMBER.match(text, start, end)  # whose point ends no sentence
    body = number.end() if number else start
    for found in get_sentence_boundaries("en", text[body:end]):
        span = _trim(text, start, body + found["end_index"])
        if _OPENING.match(text, span[1] - 2):  # of what follows: the quotation is never closed
            span = _trim(text, start, span[1] - 1)
        if span[0] < span[1]:
            yield span
            start = span[1]


def _segments(text: str) -> Iterator[Span]:
    """Runs of text that a sentence never crosses: paragraphs, list items, lines that stand alone."""
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        yield from _block_segments(text, start, gap.start())
        start = gap.end()
    yield from _block_segments(text, start, len(text))


def _block_segments(text: str, start: int, end: int) -> Iterator[Span]:
    lines = [match.span() for match in _LINE.finditer(text, start, end)]
    wrapped = any(text[a:b].lstrip()[:1].islower() for a, b in lines[1:])
    longest = max((b - a for a, b in lines), default=0)
    opened = start
    for (a, b), (following, following_end) in pairwise(lines):
        upcoming = text[following:following_end]
        ends_early = b - a < _SHORT_LINE * longest and not upcoming.lstrip()[:1].islower()
        if not wrapped or ends_early or _ITEM.match(upcoming):
            yield opened, b
            opened = following
    if opened < end:
        yield opened, end


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
