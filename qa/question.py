"""What a question asks for, read off its words."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qa import wording


class Kind(enum.Enum):
    """What a question asks for. NUMBER to PLACE name the kind of short answer; THING is any other."""

    NUMBER = "number"
    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    THING = "thing"
    YES_NO = "yes/no"
    WHY = "why"
    HOW = "how"
    LIST = "list"
    DEFINITION = "definition"
    SUMMARY = "summary"

    @property
    def may_take_several(self) -> bool:
        """Whether one sentence may be too little of an answer."""
        return self in (Kind.WHY, Kind.HOW, Kind.LIST, Kind.SUMMARY)


def kind(question: str) -> Kind:
    """What `question` asks for, whatever its case, punctuation and courtesies.

    Misspelt question words ("waht", "hwo") count as what they stand for. A question without one
    ("population of Norway") is judged by the noun it begins with.
    """
    text = _asking(question)
    if wording.SUMMARY.search(text):
        return Kind.SUMMARY
    if wording.DEFINE.match(text):
        return Kind.DEFINITION
    if wording.LIST.match(text):
        return Kind.LIST
    if wording.YES_NO.match(text):
        return Kind.YES_NO
    found = wording.QUESTION_WORD.match(text) or wording.LATE_QUESTION_WORD.search(text)
    return _BY_WORD[found[1]](text[found.end(1) :].strip()) if found else _noun_kind(text)


def asks_who_said(question: str) -> bool:
    """Whether a question asks who says something."""
    return wording.WHO_SAID.match(_asking(question)) is not None


def asks_who_speaks(question: str) -> bool:
    """Whether whoever says what is asked about is the answer, not somebody whom it is about."""
    return wording.WHO_SPEAKS.match(_asking(question)) is not None


def asks_who_claims(question: str) -> bool:
    """Whether a question asks who makes a claim, in whatever words."""
    return wording.WHO_CLAIMS.match(_asking(question)) is not None


@dataclass(frozen=True, slots=True)
class Saying:
    """Who is asked what he says, and about what, in lower case; `topic` is empty where none is named.

    `whole` is False where only what he claims, or warns of, is asked for.
    """

    who: str
    topic: str
    whole: bool


def saying(question: str) -> Saying | None:
    """What somebody says, which one sentence may be too little for, if a question asks for it."""
    found = wording.WHAT_IS_SAID.match(_asking(question))
    return Saying(found["who"], found["topic"] or "", found["all"] is not None) if found else None


def asks_for_steps(question: str) -> bool:
    """Whether a question asks how to do something."""
    return wording.STEPS.match(_asking(question)) is not None


def _asking(question: str) -> str:
    """The question in lower-case words, spelt right where they ask, without the courtesies before them."""
    plain = wording.FILE.sub(wording.THIS_FILE, question).lower()
    plain = plain.replace("’", "'").replace("‘", "'").replace("tl;dr", "summary")
    text = " ".join(wording.SPELT_OUT.get(word, word) for word in wording.TOKEN.findall(plain))
    while (found := wording.COURTESY.match(text)) and text[found.end() :].strip():
        text = text[found.end() :].strip()
    first, space, rest = text.partition(" ")
    return _misspelt().get(first, first) + space + rest


@functools.cache
def _misspelt() -> dict[str, str]:
    """Question words with two letters swapped, one left out or one doubled, where that is no other word."""
    wrong: dict[str, str] = {}
    for word in wording.ASKING:
        for at in range(len(word)):
            left, right = word[:at], word[at:]
            for typo in (left + right[1:], left + right[1::-1] + right[2:], left + right[0] + right):
                if (
                    typo != word
                    and len(typo) > 2
                    and typo not in wording.REAL_WORDS
                    and typo not in wording.ASKING
                ):
                    wrong.setdefault(typo, word)
    return wrong


def _noun_kind(text: str) -> Kind:
    """The kind of thing that a noun phrase is for: its head's ("transfer fee"), else its first noun's."""
    noun = wording.ARTICLE.sub("", text, count=1)
    if head := wording.HEAD.match(noun):
        for each, pattern in _NOUNS[:-1]:  # a head may be a state that is no place
            if pattern.fullmatch(head[1]):
                return each
    return _first_kind(noun)


def _first_kind(text: str) -> Kind:
    """The kind of thing that a noun phrase names first."""
    noun = wording.ARTICLE.sub("", text, count=1)
    return next((each for each, pattern in _NOUNS if pattern.match(noun)), Kind.THING)


def _what(rest: str) -> Kind:
    if wording.REASON.match(rest):
        return Kind.WHY
    if rest.startswith(("way ", "manner ")):
        return Kind.HOW
    being = wording.BE.match(rest)
    noun = rest[being.end() :] if being else rest
    definable = being is not None and _is_definable(noun)  # "a light year", which is no time
    sought = _first_kind(noun) if definable else _noun_kind(noun)
    if sought in (Kind.NUMBER, Kind.TIME):
        return sought
    if _asks_for_several(noun, being[0] if being else ""):
        return Kind.LIST
    return Kind.DEFINITION if definable and sought is Kind.THING else sought


def _who(rest: str) -> Kind:
    if wording.MEASURE.match(rest):  # "hwo many"
        return Kind.NUMBER
    being = wording.BE.match(rest)
    noun = rest[being.end() :] if being else ""
    owner = wording.OWNER.match(noun)  # "Reuters" are not several
    several = owner is not None and being is not None and _asks_for_several(noun[owner.end() :], being[0])
    if several or rest.startswith(("are the ", "were the ")):
        return Kind.LIST
    named = being is not None and not rest.startswith(("is a", "was a")) and _is_definable(noun)
    return Kind.DEFINITION if named else Kind.PERSON


def _how(rest: str) -> Kind:
    if rest.startswith("come "):
        return Kind.WHY
    if rest.startswith("long ago"):
        return Kind.TIME
    return Kind.NUMBER if wording.MEASURE.match(rest) else Kind.HOW


_BY_WORD: Mapping[str, Callable[[str], Kind]] = MappingProxyType(
    {
        "what": _what,
        "which": _what,
        "who": _who,
        "how": _how,
        "whom": lambda _: Kind.PERSON,
        "whose": lambda _: Kind.PERSON,
        "where": lambda _: Kind.PLACE,
        "when": lambda _: Kind.TIME,
        "why": lambda _: Kind.WHY,
    }
)


def _asks_for_several(noun: str, being: str) -> bool:
    """ "are the four regions", "languages are": a plural that the question asks for, not about."""
    several = wording.PLURAL.match(wording.COUNTED.sub("", wording.ARTICLE.sub("", noun, count=1), count=1))
    return several is not None and (
        being in ("are ", "were ")
        or (not being and wording.PLURAL_VERB.match(several.string, several.end()) is not None)
    )


def _is_definable(noun: str) -> bool:
    return bool(wording.DEFINABLE.match(noun)) and not wording.PREPOSITION.search(noun)


_NOUNS = (
    (Kind.NUMBER, wording.NUMBER_NOUN),
    (Kind.TIME, wording.TIME_NOUN),
    (Kind.PERSON, wording.PERSON_NOUN),
    (Kind.PLACE, wording.PLACE_NOUN),
)
