"""Lines that say what a question asks for: "Wifi password: …", "4. Deposit. The tenant …", "10 g salt"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index_store import Document, Hit, sentence_spans
from qa.citations import Evidence
from qa.mentions import Sort, mentions
from qa.numerals import quantities
from qa.question import Kind
from qa.words import content_words, turning_words

_MARK = r"^[^\S\n]*(?:[-*+•][^\S\n]+)?(?:\[[ xX]\][^\S\n]+)?"
_LABELLED = re.compile(  # the dot only behind a number or in bold
    rf"{_MARK}(?P<number>\(?\d{{1,3}}[.)][^\S\n]+)?(?P<label>\**[^\W\d_][^:.|;\n]{{0,50}}"
    r"(?P<end>:\**|\.(?:(?(number)|(?!))|\*\*)))[^\S\n]+(?=[^\n]*[^\W_])",
    re.MULTILINE,
)
_COUNTED = re.compile(
    r"^[^\S\n]*[-*+•][^\S\n]+(?:\[[ xX]\][^\S\n]+)?(?P<item>\d[^:\n]{0,60}\w)[^\S\n]*$", re.MULTILINE
)
_NEXT = re.compile(r"\n(?=[^\S\n]*(?:\n|[-*+•][^\S\n]|\(?\d{1,3}[.)][^\S\n]))")
_LONGEST = 1500  # characters of a line with those that it is wrapped into
_ASKED_FOR = content_words("rules policy policies information details")  # "the rules for pets" are "Pets"
_BESIDE = content_words("number date name total due next current full new")  # "Total due" is the total
_HOW_MANY = re.compile(
    r"\bhow (?:much|many) (?!(?:is|are|was|were|do|does|did|has|have|will|would|can|could)\b)\w",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(r"\bhow much\b", re.IGNORECASE)
_HOW_OTHER = re.compile(r"\bhow (?!much\b|many\b)", re.IGNORECASE)
_MONEY = re.compile(
    r"[$€£%]|\b(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds?|francs?|percent)\b|\d[.,]\d\d\b", re.IGNORECASE
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?[ap]\.?m\b|\b\d{4}-\d\d-\d\d\b", re.IGNORECASE)
_WHERE = re.compile(r"(?:at|in|on|near|behind|under|above|below|next to|opposite)\b", re.IGNORECASE)


def labelled(question: str, sought: Kind, hit: Hit, document: Document, most: int) -> Iterator[Evidence]:
    """The lines of a passage whose label the question asks for; what they say is their answer.

    A label is asked for if the question has all its words but such as "total" and "next", and no others that
    tell but those of what is quoted, the heading and the title. A name before each of somebody's lines, as in
    a chat, is none.
    """
    asked, turned = content_words(question), turning_words(question)
    known = content_words(f"{hit.passage.title} {hit.passage.heading}") | _ASKED_FOR
    text = document.text
    for line in _LABELLED.finditer(text, _line_begin(text, hit.passage.start), hit.passage.end):
        label = content_words(line["label"])
        core = frozenset(each for each in label - _BESIDE if not each.isdigit())
        if not label & asked or not core <= asked or turning_words(line["label"]) != turned:
            continue
        start, value = line.start("label"), line.end()
        end = _end(text, value, most if line["end"].startswith(".") else 1)
        quoted = content_words(text[start:end])
        is_alone = text.startswith(line["label"]) + text.count(f"\n{line['label']}") < 2
        if asked <= quoted | known and is_alone and _fits(question, sought, text[value:end]):
            yield Evidence(hit, start, end, (value, end))


def counted(question: str, hit: Hit, document: Document) -> Iterator[Evidence]:
    """The items of a passage that say how many there are of what is asked about, and little else."""
    if not _HOW_MANY.search(question) or turning_words(question):
        return
    asked = content_words(question) - content_words("need take use")
    known = content_words(f"{hit.passage.title} {hit.passage.heading}")
    text = document.text
    for line in _COUNTED.finditer(text, _line_begin(text, hit.passage.start), hit.passage.end):
        words = content_words(line["item"])
        is_day = any(each.start == 0 and each.sort is Sort.TIME for each in mentions(line["item"]))
        if asked & words - known and asked <= words | known and not is_day:
            yield Evidence(hit, *line.span("item"), line.span("item"))


def _line_begin(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _end(text: str, start: int, most: int) -> int:
    """Where the first sentences behind a label end: maybe in the next line, but not in the next item."""
    below = _NEXT.search(text, start)
    block = text[start : min(start + _LONGEST, below.start() if below else len(text))]
    spans = sentence_spans(block)[:most]
    return start + (spans[-1][1] if spans else len(block.rstrip()))


def _fits(question: str, sought: Kind, value: str) -> bool:
    """Whether a value is of the kind that is asked for."""
    named = mentions(value)
    if sought is Kind.TIME:
        return any(each.sort is Sort.TIME for each in named) or _CLOCK.search(value) is not None
    if sought is Kind.NUMBER:
        if _HOW_OTHER.search(question):  # "How old is Ben?"
            return False
        is_sum = _MONEY.search(value) is not None
        return (
            is_sum if _HOW_MUCH.search(question) else any(map(str.isdigit, value)) or bool(quantities(value))
        )
    if sought is Kind.PERSON:
        return value[:1].isupper() and not any(each.start == 0 and each.sort is Sort.TIME for each in named)
    if sought is Kind.PLACE:
        return _WHERE.match(value) is not None or any(each.sort is Sort.PLACE for each in named)
    return True
