"""What a question asks for by its name in the documents: a section, rows of a table, a line.

"What are the action items?" asks for what stands under "Action items", "Which trees are in poor condition?"
for the rows that say "poor", and "What is the wifi password?" for the line "Wifi password: …".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index_store import Document, sentence_spans
from qa.citations import Evidence
from qa.labels import counted, labelled
from qa.lists import MOST_ITEMS
from qa.question import Kind
from qa.retriever import Found
from qa.rows import rows, selected
from qa.sections import extent, is_headed, section
from qa.window import Window
from qa.words import content_words, turning_words

_OF_ROWS = content_words("live work belong come lie stand list")  # "Which members live in Halden?"
_LONGEST_TABLE = 200_000  # characters of a document whose rows are all looked through
_LABELLED = (Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.PLACE, Kind.THING, Kind.LIST, Kind.YES_NO)


def selection(
    question: str, sought: Kind, found: Sequence[Found], document: Callable[[str], Document], most: int
) -> list[Evidence]:
    """A dozen items at the most of what the question asks for by name, in the order of what was found.

    Of a section without list or table, and of a numbered clause, `most` sentences are taken.
    """
    hits = [(each.hit, document(each.hit.passage.source)) for each in found]
    headed = [each for each in hits if is_headed(question, sought, each[0].passage)]
    sections = {
        (hit.passage.source, extent(hit.passage, held)): (hit, held) for hit, held in reversed(headed)
    }
    told = [each for hit, held in reversed(sections.values()) for each in section(question, hit, held, most)]
    if not told and sought is Kind.LIST:
        told = _rows(question, found, document)
    if not told and sought is Kind.NUMBER:
        told = [each for hit, held in hits for each in counted(question, hit, held)]
    if not told and sought in _LABELLED:
        told = [each for hit, held in hits for each in labelled(question, sought, hit, held, most)]
    once: dict[tuple[str, int], Evidence] = {}
    for each in told:
        once.setdefault((each.hit.passage.source, each.start), each)
    return list(once.values())[:MOST_ITEMS]


def _rows(question: str, found: Sequence[Found], document: Callable[[str], Document]) -> list[Evidence]:
    """The rows of the best ranked table that has such."""
    if turning_words(question):
        return []
    hits = {each.hit.passage.source: each.hit for each in reversed(found) if rows(each.window)}
    for source, hit in reversed(hits.items()):
        known = content_words(f"{hit.passage.title} {hit.passage.heading}") | _OF_ROWS
        if chosen := selected(question, _table(document(source)), known):
            return [Evidence(hit, each.start, each.end) for each in chosen]
    return []


def _table(document: Document) -> Window:
    """All of a document, or as many whole lines of a long one as are looked through."""
    text = document.text
    if len(text) > _LONGEST_TABLE:
        text = text[: text.rfind("\n", 0, _LONGEST_TABLE)]
    return Window(text, 0, tuple(sentence_spans(text)))
