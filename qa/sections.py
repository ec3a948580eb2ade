"""Sections whose heading a question asks for: "What are the action items?" is about "Action items"."""

from __future__ import annotations

from collections.abc import Iterator

from index_store import Document, Hit, Passage, sentence_spans
from qa.citations import Evidence
from qa.lists import MOST_ITEMS, is_list, list_at
from qa.question import Kind, asks_for_steps
from qa.rows import rows
from qa.window import Window
from qa.words import content_words, turning_words

_LIGHT = content_words(  # what is asked with them is no less the heading: "What ingredients do I need?"
    "need needed make made take taken use used get give given main list listed full complete current present"
    " rules policy policies information details"
)
_LONGEST = 20_000  # characters of a section that are looked through

Span = tuple[int, int]


def is_headed(question: str, sought: Kind, passage: Passage) -> bool:
    """Whether the question asks for the section that a passage stands in, by its heading.

    It has all the heading's words, and no others that tell much but the title's. Steps are asked for with the
    verb that the heading begins with.
    """
    asked, heading, title = map(content_words, (question, passage.heading, passage.title))
    if not heading or heading == title or turning_words(question) != turning_words(passage.heading):
        return False
    if asks_for_steps(question):
        return _first(passage.heading) == _first(question) and heading <= asked <= heading | title
    return sought in (Kind.LIST, Kind.THING) and heading <= asked <= heading | title | _LIGHT


def section(question: str, hit: Hit, document: Document, most: int) -> list[Evidence]:
    """What stands under a passage's heading: its lists (of steps the first), or its table, else sentences."""
    window, headings = _window(hit.passage, document)
    sentences = [each for each in window.sentences if not _touches(each, headings)]
    end = window.start + len(window.text)
    items = list(_items(document.text, sentences, window.start, end, only_first=asks_for_steps(question)))
    table = [(row.start, row.end) for row in rows(window)]
    if not items:
        most = MOST_ITEMS if is_list(window.text) else most
        items = table if 2 * len(table) > len(sentences) else sentences[:most]
    return [Evidence(hit, *span) for span in items]


def extent(passage: Passage, document: Document) -> Span:
    """From behind the heading that a passage stands under to the next one that is not below it."""
    above = [each for each in document.headings if each.start < passage.end]
    following = (
        each.start
        for each in document.headings
        if each.start > above[-1].start and each.level <= above[-1].level
    )
    return above[-1].end, next(following, len(document.text))


def _window(passage: Passage, document: Document) -> tuple[Window, list[Span]]:
    """A passage's section, and the headings in it."""
    start, end = extent(passage, document)
    text = document.text[start : min(end, start + _LONGEST)]
    sentences = tuple((start + a, start + b) for a, b in sentence_spans(text))
    return Window(text, start, sentences), [(each.start, each.end) for each in document.headings]


def _items(text: str, sentences: list[Span], start: int, end: int, only_first: bool) -> Iterator[Span]:
    """The items of the lists that the sentences are in, each list with the line that introduces it."""
    told = start
    for _, last in sentences:
        if only_first and told > start:
            return
        listing = list_at(text, last - 1) if last > told else None
        for span in listing.spans if listing else ():
            if told <= span[0] and span[1] <= end:
                told = span[1]
                yield span


def _touches(span: Span, others: list[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _first(text: str) -> frozenset[str]:
    """The stem of the first word that carries meaning."""
    stems = (content_words(word) for word in text.split())
    return next((each for each in stems if each), frozenset())
