"""Rows of tables: what is asked about one row is answered from it, and from the column that is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from qa.crossencoder import Span
from qa.question import Kind, kind
from qa.window import Window
from qa.words import content_words, specifics

T = TypeVar("T")

_RECORD = re.compile(r"[^:;\n]+: [^\n]*?; [^:;\n]+: [^\n]+")
_NAMED_CELL = re.compile(r"(?P<column>[^:;\n]+): (?P<value>[^\n]*?)(?=; [^:;\n]+: |$)(?:; )?")
_BARRED = re.compile(r"[^|\n]+(?: \| [^|\n]+)+")
_BARRED_CELL = re.compile(r"[^|\s](?:[^|\n]*[^|\s])?")
_FIGURES = re.compile(r"[^\s|:;]+(?: +[+-]?[$€£]?\d[\d.,%]*){2,}")  # in a PDF: a name or year, then numbers
_BETWEEN_ROWS = " \n|:-"
_YEAR = re.compile(r"(?<![\d.,])(?:1[5-9]|20)\d\d(?![\d.,]*\d)")
_HOW_MANY = re.compile(r"\bhow many\b", re.IGNORECASE)
_MONEY = re.compile(
    r"[$€£]|\b(?:EUR|USD|GBP|euros?|dollars?|pounds?|price|cost|costs|budget)\b", re.IGNORECASE
)
_COLUMNS: Mapping[Kind, frozenset[str]] = {  # that answer a question of the kind, in whatever words
    Kind.PLACE: frozenset("town city place location address country".split()),
    Kind.PERSON: frozenset("name owner contact person author responsible".split()),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value by the document's offsets, and the name of its column, or nothing."""

    column: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table by the document's offsets; `labelled` when it names the columns itself."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    labelled: bool

    def shared(self, words: frozenset[str]) -> frozenset[str]:
        """Those of the words that its cells have."""
        return words & frozenset[str]().union(*(content_words(each.value) for each in self.cells))


@dataclass(frozen=True, slots=True)
class Lookup:
    """The cell that a question asks for by its row and its column, and what both say, in words."""

    cell: Cell
    words: str


def rows(window: Window) -> tuple[Row, ...]:
    """The rows of tables among the sentences of a window, in order."""
    found: list[Row] = []
    header: tuple[str, ...] = ()
    before: tuple[int, int] | None = None
    for start, end in window.sentences:
        text = window.between(start, end)
        if labelled := bool(_RECORD.fullmatch(text)):
            cells = [(each["column"], *each.span("value")) for each in _NAMED_CELL.finditer(text)]
        elif _BARRED.fullmatch(text):
            spans = [each.span() for each in _BARRED_CELL.finditer(text)]
            gap = window.between(found[-1].end, start) if found else ""
            if not gap or gap.strip(_BETWEEN_ROWS) or len(header) != len(spans):
                header = ("",) * len(spans)
            cells = [(name, *span) for name, span in zip(header, spans, strict=True)]
            if not any(header):
                header = tuple(text[slice(*span)] for span in spans)
        elif _FIGURES.fullmatch(text):
            cells = [("", *each.span()) for each in re.finditer(r"\S+", text)]
            if before and (not found or found[-1].end <= before[0]) and _heads_figures(window, before):
                found.append(Row(*before, (), False))
        else:
            before = (start, end)
            continue
        made = tuple(Cell(column, text[a:b], start + a, start + b) for column, a, b in cells)
        found.append(Row(start, end, made, labelled))
    return tuple(found)


def looked_up(question: str, window: Window) -> Lookup | None:
    """The cell in the row and the column that the question names, where it names just one of each."""
    asked = content_words(question)
    told = [each for each in rows(window) if any(cell.column for cell in each.cells)]
    row = _single([(len(each.shared(asked)), each) for each in told])
    if row is None:
        return None
    keys = [each for each in row.cells if asked & content_words(each.value)]
    others = [each for each in row.cells if each.column and each not in keys]
    cell = _single([(len(asked & content_words(each.column)), each) for each in others]) or _single(
        [
            (len(_COLUMNS.get(kind(question), frozenset()).intersection(each.column.lower().split())), each)
            for each in others
        ]
    )
    if cell is None or _counts_money(question, [cell]):
        return None
    return Lookup(cell, f"{keys[0].value}, {cell.column}: {cell.value}.")


def selected(question: str, window: Window, known: frozenset[str]) -> tuple[Row, ...]:
    """The rows whose cells have the value that the question names, where it asks for nothing else.

    "Which trees are in poor condition?" names a value, maybe its column, and, in a word that is `known`, what
    the table is of.
    """
    asked = content_words(question)
    told = [each for each in rows(window) if any(cell.column for cell in each.cells)]
    chosen = [(row, words) for row in told if (words := _named_values(asked, row))]
    most = max((len(words) for _, words in chosen), default=0)
    columns = frozenset[str]().union(*(content_words(c.column) for row in told for c in row.cells))
    fitting = [(row, words) for row, words in chosen if len(words) == most]
    return tuple(row for row, words in fitting if asked <= words | columns | known)


def _named_values(asked: frozenset[str], row: Row) -> frozenset[str]:
    """The words of those of a row's values that a question names whole."""
    values = [content_words(each.value) for each in row.cells if each.column]
    return frozenset[str]().union(*(each for each in values if each <= asked))


def in_fitting_rows(question: str, window: Window, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without those in a row that has fewer of the question's words than another row has.

    Where no span is in a row that fits best, that row stands for them. What is no row is left alone. Of rows
    that do not name their columns only the question's names and numbers count: a header has the others. Rows
    of other years than the one that is asked for do not fit at all.
    """
    asked, named = content_words(question), specifics(question)
    found = {(row.start, row.end): row for row in rows(window)}
    if not found:
        return tuple(spans)
    shared = {place: len(row.shared(asked if row.labelled else named)) for place, row in found.items()}
    places = [window.sentence_at(each.start) for each in spans]
    if _in_other_years(
        question,
        [window.between(*place) for place, row in found.items() if row.cells],
    ):
        return tuple(each for each, place in zip(spans, places, strict=True) if place not in shared)
    most = max(shared.values())
    best = next(row for place, row in found.items() if shared[place] == most)
    is_hit = any(shared.get(place) == most for place in places)
    fitting: list[Span] = []
    for each, place in zip(spans, places, strict=True):
        if place not in found:
            fitting.append(each)
        elif shared[place] == most:
            within = _within(found[place], each)
            if not _counts_money(question, [c for c in found[place].cells if c.start < within.end <= c.end]):
                fitting.append(within)
        elif not is_hit:
            fitting.append(Span(best.start, best.end, each.score))
            is_hit = True
    return tuple(fitting)


def _within(row: Row, span: Span) -> Span:
    """A span kept to its cell, without the column's name, or the whole row if it is in none or in several."""
    touched = [each for each in row.cells if each.column and each.start < span.end and span.start < each.end]
    if len(touched) != 1:
        return Span(row.start, row.end, span.score)
    return Span(max(span.start, touched[0].start), min(span.end, touched[0].end), span.score)


def _counts_money(question: str, cells: Sequence[Cell]) -> bool:
    """Whether "how many" would be answered by a sum of money."""
    return bool(_HOW_MANY.search(question)) and any(_MONEY.search(each.column) for each in cells)


def _heads_figures(window: Window, sentence: tuple[int, int]) -> bool:
    """Whether a sentence before bare numbers names their columns: it has no end."""
    return window.text[sentence[1] - window.start - 1].isalnum()


def is_figures(text: str) -> bool:
    """Whether a text is a row of bare numbers, of which none can be told to be the answer."""
    return bool(_FIGURES.fullmatch(text))


def _single(scored: Sequence[tuple[int, T]]) -> T | None:
    """What scores highest, alone, and above 0."""
    most = max((score for score, _ in scored), default=0)
    best = [each for score, each in scored if score == most > 0]
    return best[0] if len(best) == 1 else None


def _in_other_years(question: str, texts: Sequence[str]) -> bool:
    asked = set(_YEAR.findall(question))
    told = [set(_YEAR.findall(text)) for text in texts]
    return bool(asked) and all(told) and not asked & set[str]().union(*told)
