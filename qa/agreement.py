"""Do short answers from several places agree? Answers that say the same are grouped, the rest compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from qa.gazetteer import CITIES, PLACES
from qa.numerals import Quantity, quantities
from qa.question import Kind

Place = TypeVar("Place")

_OVERLAP = 0.5  # of the words of the longer of two answers; from there on they say the same
_ROUNDING = Fraction(1, 20)
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")
_REGIONS = PLACES - CITIES
_WORD = re.compile(r"[^\W_]+")
_EMPTY = frozenset(
    "a about almost an and around at by for in its of on or over roughly some the to was were".split()
)
_COMPARED = (Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.PLACE)
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d\d)\b(?! ?%)(?: ?([ap])\.?m\b)?")
_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_AND = r" ?(?:[-–,]|\bto\b|\band\b|\bor\b) ?"
_MONTH = re.compile(  # with the days beside it
    rf"(?P<before>(?<!\d){_NTH}(?:{_AND}{_NTH})*(?: of)? )?"
    rf"\b(?P<month>{'|'.join(rf'{each}|{each[:3]}' for each in _MONTHS)})(?:\.|\b)"
    rf"(?P<after> (?:the )?{_NTH}(?:{_AND}{_NTH})*\b)?"
)
_YEAR = re.compile(r"\b(1\d\d\d|20\d\d)(s?)\b")
_ISO_DATE = re.compile(r"\b\d{4}-(0[1-9]|1[0-2])-(\d\d)\b")
_CENTURY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th) century")
_SPAN_OF_YEARS = re.compile(r"\b\d{4}[-–/]\d\d\b(?!-\d)")  # 1994-96


@dataclass(frozen=True, slots=True)
class ShortAnswer(Generic[Place]):
    """A short answer, how sure the reader is of it (0 to 1), and where it stands."""

    text: str
    score: float
    place: Place


@dataclass(frozen=True, slots=True)
class Agreement(Generic[Place]):
    """Answers that say the same, best first; `score` is that of the best."""

    answers: tuple[ShortAnswer[Place], ...]

    @property
    def score(self) -> float:
        return self.answers[0].score


def group(answers: Sequence[ShortAnswer[Place]], kind: Kind) -> tuple[Agreement[Place], ...]:
    """The answers to one question of this kind, those that say the same together, the best group first.

    An answer joins the first group with whose best answer it agrees.
    """
    groups: list[list[ShortAnswer[Place]]] = []
    for answer in sorted(answers, key=lambda each: -each.score):
        agreeing = (each for each in groups if agree(each[0].text, answer.text, kind))
        joined = next(agreeing, None)
        if joined is None:
            groups.append([answer])
        else:
            joined.append(answer)
    return tuple(Agreement(tuple(each)) for each in groups)


def disagreement(
    groups: Sequence[Agreement[Place]], kind: Kind, *, sure: float, margin: float
) -> tuple[Agreement[Place], Agreement[Place]] | None:
    """The two best groups when they truly contradict each other, else None.

    Only for questions with one short answer (number, time, person, place), and only when both groups score
    at least `sure` and lie at most `margin` apart: a wrong second answer is no contradiction. Two answers of
    which one is only vaguer ("in March", "in 2021") do not contradict each other.
    """
    if kind not in _COMPARED or len(groups) < 2:
        return None
    best, second = groups[0], groups[1]
    if second.score < sure or best.score - second.score > margin:
        return None
    return (best, second) if _contradict(best.answers[0].text, second.answers[0].text, kind) else None


def agree(one: str, other: str, kind: Kind) -> bool:
    """Whether two short answers say the same: equal numbers or dates, a name within a longer one."""
    if kind is Kind.TIME and (times := (_date(one), _date(other)))[0] and times[1]:
        return _compatible(*times)
    if kind is Kind.NUMBER and (numbers := sorted((quantities(one), quantities(other)), key=len))[0]:
        return _all_in(*numbers)
    mine, yours = _words(one), _words(other)
    if not mine or not yours:
        return mine == yours
    if mine <= yours or yours <= mine or _initials(one, yours) or _initials(other, mine):
        return True
    return len(mine & yours) / max(len(mine), len(yours)) > _OVERLAP


def _contradict(one: str, other: str, kind: Kind) -> bool:
    """Whether both are of the kind asked for and cannot both hold."""
    if kind is Kind.NUMBER:
        a, b = quantities(one), quantities(other)
        return (
            len(a) == len(b) == 1
            and a[0].unit == b[0].unit
            and not (_same(a[0], b[0]) or _rounded(a[0], b[0]))
        )
    if kind is Kind.TIME:
        first, second = _date(one), _date(other)
        return bool(first and second and first.keys() & second.keys()) and not _compatible(first, second)
    mine, yours = _words(one), _words(other)
    if not all(map(_CAPITAL.search, (one, other))) or (mine <= _REGIONS) is not (yours <= _REGIONS):
        return False  # "the director" may well be Anna Roth, and Germany is where Berlin is
    return bool(mine and yours) and not mine & yours


def _same(one: Quantity, other: Quantity) -> bool:
    return one.value == other.value and (not one.unit or not other.unit or one.unit == other.unit)


def _all_in(few: Sequence[Quantity], many: Sequence[Quantity]) -> bool:
    """Whether as many numbers are the same in turn, or each of fewer is among the others."""
    if len(few) == len(many):
        return all(map(_same, few, many))
    return all(any(_same(one, other) for other in many) for one in few)


def _rounded(one: Quantity, other: Quantity) -> bool:
    """Whether one number may be the other one rounded: 1,500 and 1,487."""
    small, large = sorted((one.value, other.value))
    is_round = any(each >= 100 and each % 100 == 0 for each in (small, large))
    return is_round and large - small <= large * _ROUNDING


def _date(text: str) -> dict[str, str]:
    """The parts of a time that a text names: century, year, month, day of the month, weekday, clock.

    Nothing where it names two of one part: a span of time, or several times.
    """
    named = set(_parts(text))
    parts = dict(named)
    return parts if len(parts) == len(named) and not _SPAN_OF_YEARS.search(text) else {}


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The parts of all times that a text names, each with its name."""
    lowered = text.lower()
    for clock in _CLOCK.finditer(lowered):
        yield "clock", f"{int(clock[1]) % 12}:{clock[2]}"
        if half := clock[3] or ("p" if int(clock[1]) > 12 else ""):
            yield "half", half
    lowered = _CLOCK.sub(" ", lowered)
    for year in _YEAR.finditer(lowered):
        yield "decade" if year[2] else "year", year[1]
    for century in _CENTURY.finditer(lowered):
        yield "century", century[1]
    for found in _MONTH.finditer(lowered):
        if found["month"] != "may" or "May" in text:
            yield "month", found["month"][:3]
            for day in re.findall(r"\d+", f"{found['before']} {found['after']}"):
                yield "day", str(int(day))
    for iso in _ISO_DATE.finditer(lowered):
        yield "month", _MONTHS[int(iso[1]) - 1][:3]
        yield "day", str(int(iso[2]))
    for weekday in _DAYS:
        if weekday in lowered:
            yield "weekday", weekday


def _compatible(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two dates can be the same one: no part that both name differs, and there is such a part."""
    common = one.keys() & other.keys()
    return bool(common) and all(one[part] == other[part] for part in common)


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'").replace("'s", ""))
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return frozenset(_WORD.findall(letters)) - _EMPTY


def _initials(name: str, words: frozenset[str]) -> bool:
    """Whether the words are the initials of a name: IAEA, UK."""
    initials = "".join(each[0] for each in name.split() if each[0].isupper()).lower()
    return len(initials) > 1 and initials in words
