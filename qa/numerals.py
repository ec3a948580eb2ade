"""Numbers in running text, in figures and in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = (
    {word: Fraction(value) for value, word in enumerate(_SMALL)}
    | {word: Fraction(10 * value) for value, word in enumerate(_TENS, 2)}
    | {
        "no": Fraction(0),
        "none": Fraction(0),
        "once": Fraction(1),
        "twice": Fraction(2),
        "half": Fraction(1, 2),
    }
)
_SCALES = {
    "hundred": 10**2,
    "dozen": 12,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SHORT_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9}  # right behind a figure; "m" of money
_CURRENCIES = "$€£¥"
_UNITS = {
    word: words.split()[0]
    for words in (
        "% percent pct", "$ dollars dollar usd", "€ euros euro eur", "£ pounds pound gbp", "¥ yen",
        "km kilometers kilometer kilometres kilometre", "mi miles mile", "m meters meter metres metre",
        "ft feet foot", "cm centimeters centimetres", "inches inch", "kg kilograms kilogram kilos",
        "g grams gram",
        "lb lbs", "tons tonnes ton", "hours hour hrs h", "minutes minute min",
        "seconds second", "days day", "weeks week", "months month", "years year",
        "°c celsius", "°f fahrenheit",
        "acres acre", "ha hectares hectare", "mph", "km/h kph",
    )
    for word in words.split()
}  # fmt: skip
_TOKEN = re.compile(
    r"(?:(?<![\w.,)])[-−])?(?:\d[\d,]*(?:\.\d+)?|(?<![\w.,])\.\d+)|km/h|°[cf]|[^\W\d_]+|[%$€£¥]"
)
_FIGURE = re.compile(r"[-−.]{0,2}\d")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit of measure: "" when it only counts, or has one that is not known here."""

    value: Fraction
    unit: str


def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of `text` in order: "57", "fifty-seven", "1.2 million", "$3bn", "a hundred and five"."""
    tokens = [token.rstrip(",") for token in _TOKEN.findall(text.lower())]
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        value, after = _number(tokens, at)
        if value is not None:
            before = tokens[at - 1] if at else ""
            unit = _UNITS.get(before, "") if before in _CURRENCIES else ""
            found.append(Quantity(value, unit or _UNITS.get("".join(tokens[after : after + 1]), "")))
        at = max(after, at + 1)
    return tuple(found)


def _number(tokens: list[str], at: int) -> tuple[Fraction | None, int]:
    """The number that begins at a token, None if there is none, and where it ends."""
    total, part, seen = Fraction(0), Fraction(0), False
    while at < len(tokens):
        word = tokens[at]
        figure = bool(_FIGURE.match(word))
        if (figure or word in _VALUES) and not (figure and seen) and (not seen or _joins(part, word)):
            part += Fraction(word.replace(",", "").replace("−", "-")) if figure else _VALUES[word]
        elif word in _SCALES and (seen or tokens[at - 1 : at] == ["a"] or word != "dozen"):
            part = (part or Fraction(1)) * _SCALES[word]
            if word not in ("hundred", "dozen"):
                total, part = total + part, Fraction(0)
        elif (
            seen
            and _FIGURE.match(tokens[at - 1])
            and word in _SHORT_SCALES
            and (word != "m" or tokens[max(0, at - 2)] in _CURRENCIES)
        ):
            part *= _SHORT_SCALES[word]
        elif not (
            seen and word == "and" and tokens[at - 1] in _SCALES and _VALUES.keys() & tokens[at + 1 : at + 2]
        ):
            break
        seen, at = True, at + 1
    return (total + part if seen else None), at


def _joins(part: Fraction, word: str) -> bool:
    """Whether a word adds to what stands before it: twenty-five, two hundred five; but not five, six."""
    value = _VALUES.get(word)
    if value is None:
        return False
    return (
        part == 0 or (part >= 100 and part % 100 == 0) or (part % 10 == 0 and part >= 20 and 0 < value < 10)
    )
