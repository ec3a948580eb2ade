"""Who and what a text names: people, places, groups, times, and the rest. Rules over words, no model."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qa.gazetteer import (
    FEMALE,
    FEMALE_TITLES,
    GROUP_WORDS,
    MALE,
    MALE_TITLES,
    PLACE_WORDS,
    PLACES,
    TITLES,
)

Gender = Literal["female", "male"]


class Sort(enum.Enum):
    """What a name stands for; NAME when its words do not tell."""

    PERSON = "person"
    PLACE = "place"
    GROUP = "group"
    TIME = "time"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: `text[start:end]` of what was looked at. `gender` is None when nothing tells it."""

    text: str
    start: int
    end: int
    sort: Sort
    gender: Gender | None = None
    plural: bool = False

    def may_be(self, pronoun: str) -> bool:
        """Whether `pronoun` (lower case, such as "she" or "its") can stand for it."""
        if pronoun in ("he", "him", "his"):
            return self.sort in (Sort.PERSON, Sort.NAME) and self.gender != "female" and not self.plural
        if pronoun in ("she", "her", "hers"):
            return self.sort in (Sort.PERSON, Sort.NAME) and self.gender != "male" and not self.plural
        if pronoun in ("they", "them", "their", "theirs"):
            return self.plural or self.sort is Sort.GROUP
        if pronoun == "there":
            return self.sort is Sort.PLACE
        if pronoun == "then":
            return self.sort is Sort.TIME
        return self.sort not in (Sort.PERSON, Sort.TIME) and not self.plural


SPEECH = (
    r"(?:said|says|say|saying|added|adds|told|tells|warned|warns|stated|states|noted|notes|explained|explains"
    r"|argued|argues|claimed|claims|insisted|insists|announced|wrote|writes|replied|answered|asked|declared"
    r"|commented|remarked|tweeted|stressed|admitted|recalled|recalls|concluded|observed|suggested"
    r"|urged|confirmed|acknowledged|agreed|denied|denies|complained|joked|testified|predicted|cautioned|emphasi[sz]ed|responded"
    r"|vowed|revealed)"
)
_CAPITAL = (
    r"(?:(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Prof|Jr|Sr|[A-Z])\."
    r"|[A-ZÀ-ÖØ-Þ](?:[\w-]|[’'](?!s\b)(?=\w)|\.(?=\w))*)"
)
_PARTICLE = r"(?:of(?: the)?|de|la|le|van|von|bin|ibn|al|del|der|di|da)"
_RUN = re.compile(rf"(?<![\w’']){_CAPITAL}(?:[ \n](?:{_PARTICLE}[ \n])?{_CAPITAL})*")
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = (
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?:Jan|Feb|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?(?= \d))"
)
_TIME = re.compile(
    rf"\b(?:(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th) century)|(?:\d{{1,2}} )?{_MONTH}"
    rf"(?: \d{{1,2}}\b)?(?:,? \d{{4}}\b)?|{_DAY}|(?:Christmas|New Year[’']s) (?:Eve|Day)"
    r"|(?:the )?(?:1\d|20)\d\d(?:s\b|\b(?![-–,.]?\d|%))"
    r"|(?:last|next|this) (?:year|month|week|night|summer|winter|spring|autumn)|yesterday|today|tomorrow)"
)
_NATIONAL = re.compile(
    r"\w+(?:ian|ish|ese|can|ean|ani|eli|raqi|rman)$|^(?:French|Dutch|Greek|Swiss|Thai|Czech)$"
)
_PEOPLE = re.compile(r" (?:[a-z]+ ){0,2}?[a-z]{3,}(?<![su])s\b")
_FULL_STOP = re.compile(r"(?:^|[.!?:;]|\n)[”\"’)\]]*\s*[“\"‘(\[]*$")
_SUBJECT_VERB = re.compile(
    rf"(?:,[^,.]{{1,80}},)? "
    rf"(?:is|are|was|were|has|had|will|would|can|did|does|also|{SPEECH}|[a-z]{{2,}}(?:ed|es|s))\b|[’']s\b"
)
_SPOKE = re.compile(rf"(?:,[^.]{{1,120}},|,)? (?:also |has |had |later |then )?{SPEECH}\b")
_SAID = re.compile(r"\b(?:said|says|added|told|warned|asked|replied|according to) $")
_IN_PLACE = re.compile(
    r"\b(?:in|at|near|from|across|throughout|outside|around|over|visit|visited|visiting)(?: the)? $"
)
_ABOUT_PERSON = re.compile(
    r",? (?:\(born|who\b|was born|whose\b)"
    r"|, (?:an? |the |\d|head |director |chief |president |leader |professor )"
)
_OPENERS = frozenset(
    """
    a about according additionally after all also although among an and another any are around as at back
    because before between both but by can could despite did do does during each earlier either even every
    few finally first following for from further had has have he her here his how however i if in indeed
    instead is it its just last later like many may meanwhile more moreover most my neither never next no
    none nor not nothing now of on once one only or other others our over perhaps please previously second
    several shall she should since so some soon still such summarize tell than that the their then there
    therefore these they this those though three through throughout thus to today together two under
    unlike until up upon was we were what whatever when whenever where whether which while who whom whose
    why will with within without would yes yesterday yet you your
    """.split()
)
_PLACE_BEGINS = frozenset("lake mount fort port cape lough loch".split())
_NO_NAMES = frozenset("i i’m i'm ok us".split())


def mentions(text: str) -> tuple[Mention, ...]:
    """The names and times of `text`, in order. Does not see names in lower case."""
    times = [Mention(each[0], *each.span(), Sort.TIME) for each in _TIME.finditer(text)]
    taken = [(each.start, each.end) for each in times]
    names = [
        each
        for each in _names(text)
        if not any(start < each.end and each.start < end for start, end in taken)
    ]
    return tuple(sorted((*times, *names), key=lambda each: each.start))


def _names(text: str) -> Iterator[Mention]:
    for found in _RUN.finditer(text):
        start, end = found.span()
        at_start = bool(_FULL_STOP.search(text[:start][-8:]))
        while text[start:end].split(" ")[0].strip(".").lower() in _OPENERS:
            word = re.match(r"\S+\s*", text[start:end])
            start += word.end() if word else 0
            at_start = False
        words = text[start:end].split()
        if not words or words[0].lower() in _NO_NAMES:
            continue
        if at_start and len(words) == 1 and not _stands_for_itself(text, start, end):
            continue
        yield from _sorted_out(text, start, end)


def _stands_for_itself(text: str, start: int, end: int) -> bool:
    """Whether a word that begins a sentence is a name: a known one, one met again, a subject."""
    word = text[start:end]
    known = word.lower() in FEMALE | MALE | PLACES or (word.isupper() and len(word) > 1)
    again = re.search(rf"[\w,] {re.escape(word)}\b", text) is not None
    is_subject = _SUBJECT_VERB.match(text, end) is not None and not word.endswith(("ly", "ing"))
    return known or again or is_subject


def _sorted_out(text: str, start: int, end: int) -> Iterator[Mention]:
    words = text[start:end].split()
    if len(words) == 1 and _NATIONAL.match(words[0]) and text[end : end + 1] == " ":
        people = _PEOPLE.match(text, end)
        if people:
            yield Mention(text[start : people.end()], start, people.end(), Sort.GROUP, plural=True)
        elif not re.match(r" [a-z]", text[end:]):
            yield Mention(words[0], start, end, Sort.NAME)
        return
    sort = _sort(text, start, end, [word.strip(".").lower() for word in words])
    gender = _gender(words, text[end : end + 300]) if sort in (Sort.PERSON, Sort.NAME) else None
    if sort is Sort.NAME and gender and len(words) > 1:
        sort = Sort.PERSON
    yield Mention(
        text[start:end], start, end, sort, gender, sort is not Sort.PERSON and _is_plural(text, start, words)
    )


def _sort(text: str, start: int, end: int, words: list[str]) -> Sort:
    before, last = text[max(0, start - 30) : start], words[-1]
    if set(words) & GROUP_WORDS or (len(words) == 1 and text[start:end].isupper() and 2 <= end - start <= 6):
        return Sort.GROUP
    if (
        last in PLACE_WORDS
        or words[0] in _PLACE_BEGINS
        or (len(words) <= 2 and last in PLACES and words[0] not in FEMALE | MALE)
    ):
        return Sort.PLACE
    if set(words[:-1]) & TITLES or (words[0] in FEMALE | MALE and len(words) <= 4):
        return Sort.PERSON
    if _SAID.search(before) or (_SPOKE.match(text, end) and len(words) <= 4):
        return Sort.PERSON
    if _IN_PLACE.search(before) and len(words) <= 3:
        return Sort.PLACE
    if 2 <= len(words) <= 4 and _ABOUT_PERSON.match(text, end):
        return Sort.PERSON
    return Sort.NAME


def _gender(words: list[str], after: str) -> Gender | None:
    lowered = [word.strip(".").lower() for word in words]
    for female, male in ((FEMALE_TITLES, MALE_TITLES), (FEMALE, MALE)):
        for word in lowered[:2] if female is FEMALE else lowered:
            if word in female:
                return "female"
            if word in male:
                return "male"
    pronoun = re.search(r"\b(he|his|him|she|her)\b", after, re.IGNORECASE)
    if pronoun is None or _RUN.search(after, 0, pronoun.start()):
        return None
    return "female" if pronoun[1].lower() in ("she", "her") else "male"


def _is_plural(text: str, start: int, words: list[str]) -> bool:
    the = text[max(0, start - 4) : start].lower() == "the "
    return (
        words[-1].endswith("s")
        and the
        and not words[-1].endswith(("ss", "us", "is"))
        and words[-1] != "States"
    )
