"""Drafts questions from the documents themselves: some that they answer, some that they do not."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index_store import sentence_spans
from qa.assistant import Assistant
from qa.evaluation.metrics import holds, normalize
from qa.sentence_questions import GAP, Asked, ask
from qa.words import content_words

_SEED = 20
_PER_DOCUMENT = 20  # sentences asked about

_PERSONS = (
    "Tomasz Kowalczyk", "Aisha Okafor", "Henrik Lindqvist", "Mei Tanaka", "Rosa Iturralde", "Owen Prichard",
    "Leila Haddad", "Viktor Szabo", "Ingrid Solheim", "Paulo Teixeira",
)  # fmt: skip
_PLACES = (
    "Windhoek", "Tallinn", "Cusco", "Montevideo", "Bergen", "Osaka", "Reykjavik", "Ljubljana", "Nairobi",
    "Galway",
)  # fmt: skip
_PERSON_QUESTIONS = (
    "Where was {} born?",
    "When did {} resign?",
    "What did {} say?",
    "What is the job of {}?",
)
_PLACE_QUESTIONS = ("How many people live in {}?", "Who is the mayor of {}?", "What happened in {}?")
_WEEKDAYS = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
_YEARS = tuple(str(year) for year in range(1950, 2030))
# What may be swapped, and what for: a year, a day of the week, a place.
_SWAPS = (
    (re.compile(r"\b(?:1[5-9]|20)\d\d\b"), _YEARS),
    (re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b"), _WEEKDAYS),
    (re.compile(r"(?<=\b(?:in|at) )[A-Z][\w-]+(?: [A-Z][\w-]+)*(?=[ ?.,])"), _PLACES),
)


@dataclass(frozen=True, slots=True)
class Probe:
    """A drafted question; one that is not `answerable` has no answer and no sources."""

    question: str
    answerable: bool
    answer: str | None
    sources: tuple[str, ...]
    note: str

    def to_dict(self) -> dict[str, Any]:
        """One line of a file of questions."""
        told = {"answer": self.answer, "source": list(self.sources)} if self.answerable else {}
        return {"question": self.question, **told, "answerable": self.answerable, "note": self.note}


@dataclass(frozen=True, slots=True)
class _Read:
    """What drafting needs of the documents: their questions, who answers each, and every word there is."""

    asked: tuple[Asked, ...]
    sources: dict[str, tuple[str, ...]]
    words: frozenset[str]


def draft(assistant: Assistant, count: int) -> tuple[Probe, ...]:
    """`count` answerable probes and `count` unanswerable ones, or as many as the documents yield.

    An answerable probe's answer stands in each of its sources, and no sentence of the documents answers
    it otherwise. An unanswerable one is about a name or a year that no document has. The same documents
    give the same probes.
    """
    read = _read(assistant)
    chosen = _varied(read.asked)
    answerable = [
        Probe(each.question, True, each.answer, read.sources[each.sentence], f"{each.rule}: {each.sentence}")
        for each in chosen[:count]
    ]
    return (*answerable, *_unanswerable(chosen, read.words, count))


def _read(assistant: Assistant) -> _Read:
    asked: dict[str, Asked] = {}
    sources: dict[str, list[str]] = {}
    words: set[str] = set()
    answers: dict[tuple[str, frozenset[str]], set[str]] = {}
    for source in assistant.sources():
        text = assistant.document(source).text
        words.update(normalize(text).split())
        for each in _questions(text):
            asked.setdefault(each.question, each)
            answers.setdefault(_sense(each.question), set()).add(normalize(each.answer))
            if source not in sources.setdefault(each.sentence, []):
                sources[each.sentence].append(source)
    return _Read(
        tuple(each for question, each in asked.items() if len(answers[_sense(question)]) == 1),
        {sentence: tuple(found) for sentence, found in sources.items()},
        frozenset(words),
    )


def _sense(question: str) -> tuple[str, frozenset[str]]:
    """What is asked, whatever the form of the verb: when a museum opened is when it was opened."""
    return question.split()[0], content_words(question)


def _questions(text: str) -> Iterator[Asked]:
    """The questions of a document's sentences; none gives its own answer away."""
    asked = 0
    for start, end in sentence_spans(text):
        made = [
            each for each in ask(text[start:end])
            if not holds(each.question, (each.answer,)) and holds(text[start:end], (each.answer,))
        ]  # fmt: skip
        yield from made
        asked += any(each.is_natural for each in made)
        if asked == _PER_DOCUMENT:
            return


def _varied(asked: tuple[Asked, ...]) -> list[Asked]:
    """In random order, every rule in turn; a sentence comes again only when all have had their turn.

    What nobody would ask in such words comes last.
    """
    by_rule: dict[str, list[Asked]] = {}
    for each in random.Random(_SEED).sample(asked, len(asked)):
        by_rule.setdefault(each.rule, []).append(each)
    turns = sorted((turn, rule) for rule, group in by_rule.items() for turn in range(len(group)))
    mixed = [by_rule[rule][turn] for turn, rule in turns]
    first = {each.sentence: each for each in reversed(mixed)}
    again = (each for each in mixed if first[each.sentence] is not each)
    return sorted((*reversed(first.values()), *again), key=lambda each: not each.is_natural)


def _unanswerable(asked: list[Asked], words: frozenset[str], count: int) -> list[Probe]:
    """Half with a year, a day or a place swapped, as far as there are any; the others about strangers."""
    swapped = [made for each in asked if (made := _swap(each.question, words))]
    strangers = list(_strangers(words))
    kept = swapped[: max((count + 1) // 2, count - len(strangers))]
    return [*kept, *strangers[: count - len(kept)]]


def _swap(question: str, words: frozenset[str]) -> Probe | None:
    """The question with something replaced that no document has; None where there is nothing to replace.

    A sentence with a gap is not swapped: one would still see what is missing.
    """
    for pattern, others in _SWAPS if GAP not in question else ():
        unknown = _absent(others, words)
        if unknown and (found := pattern.search(question)):
            other = unknown[len(question) % len(unknown)]
            changed = question[: found.start()] + other + question[found.end() :]
            return Probe(changed, False, None, (), f"{found[0]} became {other}, which no document has")
    return None


def _strangers(words: frozenset[str]) -> Iterator[Probe]:
    """Questions about persons and places that no document names, each name once before any comes again."""
    for turn in range(len(_PLACE_QUESTIONS)):
        for group, questions in ((_PERSONS, _PERSON_QUESTIONS), (_PLACES, _PLACE_QUESTIONS)):
            for at, name in enumerate(_absent(group, words)):
                question = questions[(turn + at) % len(questions)].format(name)
                yield Probe(question, False, None, (), f"no document names {name}")


def _absent(names: tuple[str, ...], words: frozenset[str]) -> list[str]:
    """The names of which no document has even a single word."""
    return [name for name in names if words.isdisjoint(normalize(name).split())]
