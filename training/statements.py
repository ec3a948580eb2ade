"""Sentences that a passage supports, and sentences that it does not, made from question sets."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index_store import sentence_spans
from qa.claims import names, numbers
from training.declarative import declarative
from training.verbs import base_of

KINDS = ("number swapped", "name swapped", "negated", "wrong passage", "blended")

_WH = re.compile(r"^(?:\w+ )?(?:who|whom|what|which|when|where|how (?:many|much|long|old))\b", re.IGNORECASE)
_AUXILIARY = re.compile(r"\b(is|was|are|were|has|had|have|can|could|will|would|may|must|did|does|do)\b")
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")
_INNER_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d[\d,.]*\d|\d)(?!\w)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article (its title)."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence to hold against paragraphs. `kind` is "supported" or one of `KINDS`.

    `answer` is where in the first paragraph the words stand that support it, if any do.
    """

    text: str
    kind: str
    paragraphs: tuple[Paragraph, ...]
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Fact:
    """A question with its answer, the paragraph they are about and the others of the same article."""

    question: str
    answer: str
    start: int
    paragraph: Paragraph
    others: tuple[Paragraph, ...]
    siblings: tuple[tuple[str, str, Paragraph], ...]

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.start + len(self.answer)


def statements(
    path: Path, count: int, seed: int = 0, wanted: Callable[[str], bool] | None = None
) -> list[Statement]:
    """About `count` supported statements of a set in SQuAD's layout, and one of each kind for each.

    `wanted` chooses articles by their titles.
    """
    random_ = random.Random(seed)
    facts = list(_facts(path, wanted))
    random_.shuffle(facts)
    made: list[Statement] = []
    supported = 0
    for fact in facts:
        if supported >= count:
            break
        text = declarative(fact.question, fact.answer, fact.paragraph.text)
        if text is None:
            continue
        supported += 1
        made.append(Statement(text, "supported", (fact.paragraph,), fact.span))
        if supported % 3 == 0 and (short := _shortened(fact)):
            made.append(Statement(short, "supported", (fact.paragraph,), fact.span))
        made += _spoiled(fact, text, random_)
    return made


def pairs(path: Path, share: float, seed: int) -> Iterator[tuple[Statement, Statement]]:
    """Of that share of a set's questions, a supported statement and one of the same paragraph that is not.

    A third are the document's own words, cut short.
    """
    random_ = random.Random(seed)
    for fact in _facts(path):
        if random_.random() >= share:
            continue
        text = (_shortened(fact) if random_.random() < 1 / 3 else None) or declarative(
            fact.question, fact.answer, fact.paragraph.text
        )
        if text is None:
            continue
        spoiled = [each for each in _spoiled(fact, text, random_) if each.paragraphs[0] == fact.paragraph]
        if spoiled:
            yield Statement(text, "supported", (fact.paragraph,), fact.span), random_.choice(spoiled)


def _facts(path: Path, wanted: Callable[[str], bool] | None = None) -> Iterator[_Fact]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles: list[dict[str, Any]] = json.load(file)["data"]
    for article in articles:
        title = str(article.get("title", "")).replace("_", " ")
        if wanted is not None and not wanted(title):
            continue
        told = [(Paragraph(title, each["context"]), each["qas"]) for each in article["paragraphs"]]
        asked = [
            (qa["question"], qa["answers"][0]["text"], qa["answers"][0]["answer_start"], paragraph)
            for paragraph, qas in told
            for qa in qas
            if not qa.get("is_impossible") and qa["answers"]
        ]
        for question, answer, start, paragraph in asked:
            others = tuple(other for other, _ in told if other != paragraph)
            siblings = tuple((q, a, p) for q, a, _, p in asked if p != paragraph)
            if others:
                yield _Fact(question, answer, start, paragraph, others, siblings)


def _spoiled(fact: _Fact, text: str, random_: random.Random) -> Iterator[Statement]:
    here = (fact.paragraph,)
    if swapped := _number_swapped(text, fact.paragraph.text, random_):
        yield Statement(swapped, KINDS[0], here)
    if swapped := _name_swapped(text, fact.paragraph.text, random_):
        yield Statement(swapped, KINDS[1], here)
    if negated := _negated(text):
        yield Statement(negated, KINDS[2], here)
    nearest = [other for other in fact.others if fact.answer.lower() not in other.text.lower()]
    if nearest:
        words = set(text.lower().split())
        nearest.sort(key=lambda other: -len(words & set(other.text.lower().split())))
        yield Statement(text, KINDS[3], (nearest[0],))
    if blended := _blended(fact, text, random_):
        yield blended


def _number_swapped(text: str, passage: str, random_: random.Random) -> str | None:
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    chosen = random_.choice(found)
    others = [each for each in _NUMBER.findall(passage) if not numbers(each) <= numbers(text)]
    alike = [each for each in others if len(each) == len(chosen[0])]
    value = random_.choice(alike or [_near(chosen[0], random_)])
    swapped = text[: chosen.start()] + value + text[chosen.end() :]
    return swapped if numbers(swapped) != numbers(text) else None


def _near(number: str, random_: random.Random) -> str:
    """Another number as large: within 30 of what may be a year, else one with another first digit."""
    if re.fullmatch(r"1\d{3}|20\d\d", number):
        return str(int(number) + random_.choice((-1, 1)) * random_.randint(1, 30))
    return random_.choice([digit for digit in "123456789" if digit != number[0]]) + number[1:]


def _name_swapped(text: str, passage: str, random_: random.Random) -> str | None:
    """Another name of the passage in the place of one; names are what is capitalized within a sentence."""
    inner = [found[0].removesuffix("'s").removesuffix("’s") for found in _INNER_NAME.finditer(passage)]
    known = frozenset().union(*map(names, inner))
    mine = [found for found in _NAME.finditer(text) if names(found[0]) and names(found[0]) <= known]
    said = names(text)
    others = [each for each in inner if names(each) and not names(each) & said]
    if not mine or not others:
        return None
    chosen = random_.choice(mine)
    owner = "'s" if chosen[0].endswith(("'s", "’s")) else ""
    return text[: chosen.start()] + random_.choice(others) + owner + text[chosen.end() :]


def _negated(text: str) -> str | None:
    if re.search(r"\b(?:not|never|no)\b|n['’]t\b", text):
        return None
    for found in list(re.finditer(r"\b[a-z]+\b", text))[:12]:
        if _AUXILIARY.fullmatch(found[0]):
            return f"{text[: found.end()]} not{text[found.end() :]}"
        if found.start() and (base := base_of(found[0])) and not text[found.end() :].startswith(" by "):
            return f"{text[: found.start()]}did not {base}{text[found.end() :]}"
    return None


def _blended(fact: _Fact, text: str, random_: random.Random) -> Statement | None:
    """The question of one passage with an answer of another."""
    found = _WH.match(fact.question.strip())
    if found is None:
        return None
    alike = [
        (answer, paragraph)
        for question, answer, paragraph in fact.siblings
        if question.lower().startswith(found[0].lower())
        and answer.lower() not in fact.paragraph.text.lower()
        and fact.answer.lower() not in answer.lower()
    ]
    if not alike:
        return None
    answer, paragraph = random_.choice(alike)
    blended = declarative(fact.question, answer, fact.paragraph.text)
    if blended is None or blended == text:
        return None
    return Statement(blended, KINDS[4], (fact.paragraph, paragraph))


def _shortened(fact: _Fact) -> str | None:
    """The sentence that answers, without what follows its first comma after the answer."""
    at = fact.paragraph.text.find(fact.answer)
    for start, end in sentence_spans(fact.paragraph.text):
        if start <= at < end:
            cut = fact.paragraph.text.find(", ", at + len(fact.answer), end)
            return fact.paragraph.text[start:cut] + "." if cut > start + 40 else None
    return None
