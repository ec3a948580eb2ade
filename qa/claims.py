"""What a sentence claims that can be checked word by word: numbers, dates, units, names and negations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from qa.words import content_words

_UNITS = {
    "%": "percent", "per cent": "percent", "percentage points": "percent",
    "kilometres": "km", "kilometers": "km", "kilometre": "km", "kilometer": "km",
    "metres": "m", "meters": "m", "metre": "m", "meter": "m", "mi": "mile", "miles": "mile",
    "kilograms": "kg", "kilogrammes": "kg", "kilogram": "kg", "grams": "g", "gram": "g",
    "pounds": "pound", "lb": "pound", "lbs": "pound", "tonnes": "tonne", "tons": "ton",
    "feet": "foot", "ft": "foot", "inches": "inch", "years": "year", "months": "month", "weeks": "week",
    "days": "day", "hours": "hour", "minutes": "minute", "seconds": "second", "centuries": "century",
    "decades": "decade", "dollars": "$", "dollar": "$", "usd": "$", "euros": "€", "euro": "€", "eur": "€",
    "°c": "celsius", "°f": "fahrenheit", "degrees celsius": "celsius", "degrees fahrenheit": "fahrenheit",
    "acres": "acre", "hectares": "hectare", "litres": "litre", "liters": "litre", "liter": "litre",
    "gallons": "gallon", "miles per hour": "mph", "kilometres per hour": "kmh", "km/h": "kmh",
}  # fmt: skip
_PLAIN_UNITS = frozenset(
    """
    km m mile kg g pound tonne ton foot inch year month week day hour minute second century decade acre
    hectare litre gallon mph kmh percent celsius
    """.split()
)
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: value for value, word in enumerate(_ONES)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
           "m": 1e6, "bn": 1e9, "k": 1e3}  # fmt: skip
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
             "eighth": 8, "ninth": 9, "tenth": 10, "half": 0.5, "twice": 2, "double": 2}  # fmt: skip
_NEAR = 8  # characters before a word that tell whether it begins a sentence
_MONTHS = ("january february march april may june july august september october november december").split()
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())

_NUMBER = re.compile(
    r"(?<![\w.])(?:(?<!\S)(?P<minus>[-−]))?(?P<currency>[$€£])?\s?"
    r"(?P<figure>\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:st|nd|rd|th|s)?"
    r"(?:[\s-](?P<scale>hundred|thousand|million|billion|trillion|dozen)\b|"
    r"(?P<short>bn|k|(?(currency)m|bn))\b)?",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-([0-2]\d|3[01])\b")
_SPELLED = re.compile(
    r"\b(?:(" + "|".join(_TENS) + r")[\s-])?(" + "|".join([*_ONES, *_TENS]) + r")\b"
    r"(?:[\s-](hundred|thousand|million|billion|trillion|dozen)\b)?",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[\s-]?("
    + "|".join(sorted(map(re.escape, [*_UNITS, *_PLAIN_UNITS]), key=len, reverse=True))
    + r")(?!\w)",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"(?<![\w’'])[A-ZÀ-ÖØ-Þ][\w’'-]*[\w]|\b[A-Z]{2,}\b")
_NAME_RUN = re.compile(rf"(?:{_NAME_WORD.pattern})(?:\s+(?:{_NAME_WORD.pattern}))*")
_BEGINNING = re.compile(r"(?:^|[.!?:]\s)\W*$")
_PEOPLE = re.compile(r"(?:ians?|ans?|ia|[aeny])$")  # Russia and Russian, Ukraine and Ukrainians
_NEGATOR = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|hardly|barely|unable|fail(?:s|ed)?|"
    r"den(?:y|ies|ied)|refus(?:e|es|ed)|lack(?:s|ed)?|stopped|rather than|instead of)\b|n[’']t\b",
    re.IGNORECASE,
)
_NOT_NAMES = frozenset(
    """
    the a an in on at of for from by to and or but it its he she they his her their this that these those
    there when where while after before during since until as if although though however both many most some
    all each every one two i we you who what which how why because so then also according no not yes once only
    other such neither either with without under over between about into more than another any early late
    """.split()
)


def numbers(text: str) -> frozenset[str]:
    """Every number as its value, spelled out or not, months and weekdays among them."""
    text = _dated(text)
    return frozenset(value for value, _ in _quantities(text)) | _calendar(text)


def measures(text: str) -> frozenset[tuple[str, str]]:
    """Every number that has a unit, with its unit."""
    return frozenset((value, unit) for value, unit in _quantities(_dated(text)) if unit)


def names(text: str) -> frozenset[str]:
    """The words of names, in lower case: capitalized words but those that only begin a sentence.

    A word that begins a sentence counts when English does not usually write it small.
    """
    found = {
        word
        for each in _NAME_WORD.finditer(text)
        if (word := each[0].lower().replace("’", "'").removesuffix("'s")) not in _common_words()
        or not _BEGINNING.search(text, max(0, each.start() - _NEAR), each.start())
    }
    named = found - _NOT_NAMES - _DAYS - set(_MONTHS) - set(_ORDINALS)
    return frozenset(word for word in named if content_words(word) and word.split("-")[0] not in _WORDS)


def roots(text: str) -> frozenset[str]:
    """What a country's name and its people's have in common, of all names: "ukrain" also of "Ukrainians"."""
    return frozenset(_root(part) for name in names(text) for part in name.split("-"))


def claimed_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where the text's names and its numbers in digits stand, in order; a name of several words is one."""
    spans = {found.span("figure") for found in _NUMBER.finditer(text)}
    spans |= {found.span() for found in _NAME_RUN.finditer(text) if names(found[0])}
    return tuple(sorted(spans))


def negations(text: str) -> tuple[frozenset[str], ...]:
    """For each negation the stems of the words that it may negate: the six that follow in its clause."""
    scopes = []
    for found in _NEGATOR.finditer(text):
        following = re.split(r"[,;:.]\s|\bbut\b", text[found.end() :], maxsplit=1)[0]
        scopes.append(content_words(" ".join(following.split()[:6])))
    return tuple(scopes)


def _root(name: str) -> str:
    while len(name) > 4 and (shorter := _PEOPLE.sub("", name)) != name:
        name = shorter
    return name


@cache
def _common_words() -> frozenset[str]:
    """What English writes small; `python -m training.common_words` made the list."""
    return frozenset((resources.files("qa") / "common_words.txt").read_text(encoding="utf-8").split())


def _dated(text: str) -> str:
    """The text with its dates in ISO form as they are written out."""
    return _ISO_DATE.sub(
        lambda found: f"{int(found[3])} {_MONTHS[int(found[2]) - 1].title()} {found[1]}", text
    )


def _quantities(text: str) -> Iterator[tuple[str, str]]:
    taken: list[tuple[int, int]] = []
    for found in _NUMBER.finditer(text):
        value = float(re.sub(r"[,\u00a0\u202f]", "", found["figure"])) * (-1 if found["minus"] else 1)
        value *= _SCALES.get((found["scale"] or found["short"] or "").lower(), 1)
        taken.append(found.span())
        yield f"{value:.12g}", found["currency"] or _unit(text, found.end())
    for found in _SPELLED.finditer(text):
        pronoun = found[0].lower() == "one" and text[found.end() :].startswith(" of ")
        if pronoun or any(start <= found.start() < end for start, end in taken):
            continue
        spelled = _WORDS[found[2].lower()] + (_WORDS[found[1].lower()] if found[1] else 0)
        value = spelled * _SCALES.get((found[3] or "").lower(), 1.0)
        yield f"{value:.12g}", _unit(text, found.end())
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _ORDINALS:
            yield f"{_ORDINALS[word]:g}", ""


def _unit(text: str, at: int) -> str:
    found = _UNIT.match(text, at)
    return _UNITS.get(found[1].lower(), found[1].lower()) if found else ""


def _calendar(text: str) -> frozenset[str]:
    words = set(re.findall(r"[a-z]+", text.lower()))
    days = {day for day in _DAYS if day in words}
    months = {
        month
        for month in _MONTHS
        if re.search(
            rf"\b{month if month == 'may' else month[:3]}(?:{month[3:]}|t)?\b\.?", text, re.IGNORECASE
        )
        and (month != "may" or re.search(r"\bMay\b", text))
    }
    return frozenset(days | months)
