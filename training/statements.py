"""Sentences that a passage supports, and sentences that it does not, made from question sets."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index_store import sentence_spans
from qa.claims import names, numbers

KINDS = ("number swapped", "name swapped", "negated", "wrong passage", "blended")

_WH = re.compile(
    r"""^(?P<wh>
    (?:(?:in|on|at|of|from|by|for|to|under)\ )?
    (?:who|whom|what|which|when|where|how\ (?:many|much|long|old))\b
    (?:\ (?:year|day|month|date|time|city|country|state|(?:type|kind)\ of\ \w+|percentage\ of|number\ of))?
    )\s+""",
    re.IGNORECASE | re.VERBOSE,
)
_BE = re.compile(r"^(is|was|are|were)\s+(.+)$", re.IGNORECASE)
_DO = re.compile(r"^(did|do|does|had|has|have|can|could|will|would)\s+(.+)$", re.IGNORECASE)
_NOUN_DO = re.compile(r"^(?:[\w'’-]+ ){1,4}?(did|do|does)\s+(.+)$", re.IGNORECASE)
_NOUN_BE = re.compile(r"^(?:[\w'’-]+ ){1,3}?(is|was|are|were|has|had|have)\s+(.+)$", re.IGNORECASE)
_AUXILIARY = re.compile(r"\b(is|was|are|were|has|had|have|can|could|will|would|may|must|did|does|do)\b")
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")


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


def statements(path: Path, count: int, seed: int = 0) -> list[Statement]:
    """About `count` supported statements of a set in SQuAD's layout, and one of each kind for each."""
    random_ = random.Random(seed)
    facts = list(_facts(path))
    random_.shuffle(facts)
    made: list[Statement] = []
    supported = 0
    for fact in facts:
        if supported >= count:
            break
        text = declarative(fact.question, fact.answer)
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
            fact.question, fact.answer
        )
        if text is None:
            continue
        spoiled = [each for each in _spoiled(fact, text, random_) if each.paragraphs[0] == fact.paragraph]
        if spoiled:
            yield Statement(text, "supported", (fact.paragraph,), fact.span), random_.choice(spoiled)


def declarative(question: str, answer: str) -> str | None:
    """The question and its answer as one statement, in plain words rather than in good grammar."""
    asked = question.strip().rstrip("?").strip()
    found = _WH.match(asked)
    if not found or len(answer.split()) > 8 or re.match(r"how (?!many|much|long|old)", asked, re.IGNORECASE):
        return None
    rest = asked[found.end() :]
    wh = found["wh"].lower()
    if be := _BE.match(rest):
        if wh.startswith(("who", "what")) and len(wh.split()) == 1:
            return _sentence(f"{answer} {be[1]} {be[2]}")
        return _sentence(f"{_with_auxiliary(be[1], be[2])} {_preposition(wh, answer)}{answer}")
    if do := _DO.match(rest):
        auxiliary = "" if do[1].lower() in ("did", "do", "does") else do[1]
        return _sentence(f"{_with_auxiliary(auxiliary, do[2])} {_preposition(wh, answer)}{answer}")
    if do := _NOUN_DO.match(rest):
        preposition = f"{wh.split()[0]} " if len(wh.split()) > 1 and not wh.startswith("how") else ""
        return _sentence(f"{do[2]} {preposition}{answer}")
    if be := _NOUN_BE.match(rest):
        return _sentence(f"{answer} {be[1]} {be[2]}")
    noun = rest.split()[0] if wh.startswith("how m") else ""
    return _sentence(
        f"{answer} {rest}" if not noun or noun not in answer else f"{answer} {rest[len(noun) :]}"
    )


def _with_auxiliary(auxiliary: str, rest: str) -> str:
    """The auxiliary before the last word, which most often is the participle or the adjective."""
    *subject, last = rest.split()
    return " ".join(part for part in (*subject, auxiliary, last) if part)


def _preposition(wh: str, answer: str) -> str:
    if re.match(r"(?:in|on|at|by|from|during|around|about)\b", answer, re.IGNORECASE):
        return ""
    first = wh.split()[0]
    if first in ("in", "on", "at", "of", "from", "by", "for", "to", "under"):
        return f"{first} "
    return "in " if first in ("when", "where") or "year" in wh else ""


def _sentence(words: str) -> str:
    text = re.sub(r"\s+([,.;:!?’'])", r"\1", " ".join(words.split())).rstrip(".,; ")
    return text[:1].upper() + text[1:] + "."


def _facts(path: Path) -> Iterator[_Fact]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles: list[dict[str, Any]] = json.load(file)["data"]
    for article in articles:
        title = str(article.get("title", "")).replace("_", " ")
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
    same_length = [each for each in others if len(each) == len(chosen[0])]
    value = random_.choice(same_length or others or [str(random_.randint(2, 99))])
    swapped = text[: chosen.start()] + value + text[chosen.end() :]
    return swapped if numbers(swapped) != numbers(text) else None


def _name_swapped(text: str, passage: str, random_: random.Random) -> str | None:
    mine = [found for found in _NAME.finditer(text) if names(found[0])]
    if not mine:
        return None
    chosen = random_.choice(mine)
    said = names(text)
    others: list[str] = [each for each in _NAME.findall(passage) if names(each) and not names(each) & said]
    others = [each for each in others if not re.fullmatch(r"(?:The|A|An|In|It|He|She|They|This)", each)]
    if not others:
        return None
    return text[: chosen.start()] + random_.choice(others) + text[chosen.end() :]


def _negated(text: str) -> str | None:
    found = _AUXILIARY.search(text)
    if found is None or re.search(r"\b(?:not|never|no)\b|n['’]t\b", text):
        return None
    return f"{text[: found.end()]} not{text[found.end() :]}"


def _blended(fact: _Fact, text: str, random_: random.Random) -> Statement | None:
    """The question of one passage with an answer of another."""
    found = _WH.match(fact.question.strip())
    if found is None:
        return None
    alike = [
        (answer, paragraph)
        for question, answer, paragraph in fact.siblings
        if question.lower().startswith(found["wh"].lower())
        and answer.lower() not in fact.paragraph.text.lower()
        and fact.answer.lower() not in answer.lower()
    ]
    if not alike:
        return None
    answer, paragraph = random_.choice(alike)
    blended = declarative(fact.question, answer)
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
