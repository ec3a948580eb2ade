"""What a question asks for by its name in the documents: a section, a line, or rows of a table.

"What are the action items?" asks for what stands under "Action items", "What is the wifi password?" for the
line "Wifi password: …", and "Which trees are in poor condition?" for the rows that say "poor".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from index_store import Document, Hit, Passage, sentence_spans
from qa.citations import Evidence
from qa.lists import MOST_ITEMS, list_at
from qa.mentions import Sort, mentions
from qa.question import Kind, asks_for_steps
from qa.retriever import Found
from qa.rows import rows, selected
from qa.window import Window
from qa.words import content_words

_LIGHT = content_words(  # what is asked with them is no less the name: "What ingredients do I need?"
    "need needed make made take taken use used get give given main list listed full complete current present"
    " live work belong come lie stand rules policy policies information details"
)
_LABELLED = re.compile(  # "Due date: 14 October", "4. Deposit. The tenant pays …", "**Pets.** No dogs."
    r"^[^\S\n]*(?:[-*+•][^\S\n]+)?(?P<number>\(?\d{1,3}[.)][^\S\n]+)?"
    r"(?P<line>\**(?P<label>[^\W\d_][^:.|;\n]{0,50})"
    r"(?::\**[^\S\n]+|\.(?:(?(number)|(?!))|\*\*)[^\S\n]+(?=[A-Z]))(?P<value>[^\n]*\S))",
    re.MULTILINE,
)
_ITEM = re.compile(r"^[^\S\n]*[-*+•][^\S\n]+(?P<item>\S[^:\n]{0,60}\S)[^\S\n]*$", re.MULTILINE)
_LONGEST_TABLE = 200_000  # characters of a document whose rows are all looked through


def selection(
    question: str, sought: Kind, found: Sequence[Found], document: Callable[[str], Document], most: int
) -> list[Evidence]:
    """A dozen items at the most of what the question asks for by name, in the order of what was found.

    Of a section without a list or a table `most` sentences are taken.
    """
    if sought in (Kind.LIST, Kind.THING, Kind.DEFINITION) or asks_for_steps(question):
        hits = [each.hit for each in found if _is_headed(question, each.hit.passage)]
        sections = {(hit.passage.source, hit.passage.heading): hit for hit in reversed(hits)}
        told = [_section(hit, document(hit.passage.source), most) for hit in reversed(sections.values())]
        if told:
            return list(itertools.chain(*told))[:MOST_ITEMS]
    if sought is Kind.LIST and (chosen := _selected(question, found, document)):
        return chosen
    if sought is Kind.NUMBER and (counted := _counted(question, found, document)):
        return counted[:most]
    return [] if sought in (Kind.WHY, Kind.HOW) else _labelled(question, sought, found, document, most)


def _is_headed(question: str, passage: Passage) -> bool:
    """Whether the question has all words of the heading, and no others that tell much but the title's."""
    asked, heading, title = map(content_words, (question, passage.heading, passage.title))
    return heading != title and bool(heading) and heading <= asked <= heading | title | _LIGHT


def _section(hit: Hit, document: Document, most: int) -> list[Evidence]:
    """What stands under a passage's heading: a list or a table, else the first sentences."""
    within = _window(document, *_extent(hit.passage, document))
    listings = (list_at(document.text, end - 1) for _, end in within.sentences)
    listing = next((each for each in listings if each), None)
    table = [(row.start, row.end) for row in rows(within)]
    spans = listing.spans if listing else table or within.sentences[:most]
    return [Evidence(hit, *span) for span in spans if span[1] <= within.start + len(within.text)]


def _extent(passage: Passage, document: Document) -> tuple[int, int]:
    """From behind the heading that a passage stands under to the next one."""
    starts = [each.start for each in document.headings]
    at = max(at for at, start in enumerate(starts) if start < passage.end)
    return document.headings[at].end, [*starts, len(document.text)][at + 1]


def _window(document: Document, start: int, end: int) -> Window:
    text = document.text[start:end]
    return Window(text, start, tuple((start + a, start + b) for a, b in sentence_spans(text)))


def _selected(question: str, found: Sequence[Found], document: Callable[[str], Document]) -> list[Evidence]:
    """The rows of the best ranked table that has such."""
    hits = {each.hit.passage.source: each.hit for each in reversed(found) if rows(each.window)}
    for source, hit in reversed(hits.items()):
        table = document(source)
        known = content_words(f"{hit.passage.title} {hit.passage.heading}") | _LIGHT
        whole = _window(table, 0, min(len(table.text), _LONGEST_TABLE))
        if chosen := selected(question, whole, known):
            return [Evidence(hit, each.start, each.end) for each in chosen][:MOST_ITEMS]
    return []


def _counted(question: str, found: Sequence[Found], document: Callable[[str], Document]) -> list[Evidence]:
    """The items of lists that say how much there is of what is asked about, and hardly more: "10 g salt"."""
    asked = content_words(question) - _LIGHT
    told: dict[tuple[str, int], Evidence] = {}
    for each in found:
        passage, text = each.hit.passage, document(each.hit.passage.source).text
        known = content_words(f"{passage.title} {passage.heading}")
        begin = text.rfind("\n", 0, passage.start) + 1
        for line in _ITEM.finditer(text, begin, passage.end):
            words = content_words(line["item"])
            if asked & words - known and asked <= words | known and any(map(str.isdigit, line["item"])):
                span = line.span("item")
                told[passage.source, span[0]] = Evidence(each.hit, *span, span)
    return list(told.values())


def _labelled(
    question: str, sought: Kind, found: Sequence[Found], document: Callable[[str], Document], most: int
) -> list[Evidence]:
    """The lines whose label the question asks for, and what they say as their answer.

    All words of a label are in the question, and no others that tell much but those of the line, the heading
    and the title; or it is the only line whose label has all words of the question.
    """
    asked = content_words(question)
    whole: dict[tuple[str, int], Evidence] = {}
    part: dict[tuple[str, int], Evidence] = {}
    for each in found:
        passage, text = each.hit.passage, document(each.hit.passage.source).text
        known = content_words(f"{passage.title} {passage.heading}") | _LIGHT
        begin = text.rfind("\n", 0, passage.start) + 1
        table = [(row.start, row.end) for row in rows(each.window)]
        for line in _LABELLED.finditer(text, begin, passage.end):
            label, start = content_words(line["label"]), line.start("line")
            if not label or not _fits(sought, line["value"]) or any(a <= start < b for a, b in table):
                continue
            end = line.start("value") + sentence_spans(line["value"])[:most][-1][1]
            made = Evidence(each.hit, start, end, (line.start("value"), end))
            if label <= asked <= content_words(line["line"]) | known:
                whole[passage.source, start] = made
            elif asked and asked < label:
                part[passage.source, start] = made
    return [*(whole or (part if len(part) == 1 else {})).values()][:most]


def _fits(sought: Kind, value: str) -> bool:
    """Whether a value may be a number or a time, where one is asked for."""
    if sought is Kind.TIME:
        return any(each.sort is Sort.TIME for each in mentions(value)) or any(map(str.isdigit, value))
    return sought is not Kind.NUMBER or any(map(str.isdigit, value))
