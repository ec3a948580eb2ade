"""What a question asks for, read off its words."""

from __future__ import annotations

import enum
import re

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_CAPITALIZED_RUN = re.compile(r"\b[A-Z][\w’'-]+(?:\s+(?:(?:of|for|and|the)\s+)?[A-Z][\w’'-]+)+")
_INNER_NAME = re.compile(r"(?<![.!?“\"]\s)(?<!^)\b[A-Z][\w’'-]+")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million"
    r"|billion|half|both|several|no|none|twice|once)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:\d{4}|\d{1,2}:\d\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june"
    r"|july|august|september|october|november|december|today|yesterday|tomorrow|morning|evening|night|year"
    r"|month|week|century|ago|soon|after|before|since|until)\b",
    re.IGNORECASE,
)

_MEASURES = frozenset("many much old far long big large tall often high deep fast".split())
_FUNCTION_WORDS = frozenset(
    """
    a about after again all also am an and any are as at be because been before being between big
    both but by can could did do does doing done during each far for from give had has have having
    he her here hers him his how i if in into is it its itself just long many may me might more most
    much must my name no not of off often old on once one only or other our out over own please said
    same say says shall she should so some such tell than that the their them then there these they
    this those through to too two under until up us very was we were what when where which while who
    whom whose why will with would you your
    """.split()
)

_ASKS_NUMBER = re.compile(r"how (?:many|much|old|far|long|big|large|tall)|what (?:number|percentage|share)")
_ASKS_TIME = re.compile(r"when|(?:in |on )?(?:what|which) (?:year|day|month|date|time|century)")
_ASKS_NAME = re.compile(r"who|whom|whose|where|(?:in |on )?which|(?:in )?what (?:city|country|place|region)")
_ENDINGS = "ations ation ingly ings ing edly ied ies ed es s ly e".split()


class Kind(enum.Enum):
    """How much of an answer a question wants."""

    FACT = "fact"
    EXPLANATION = "explanation"


def kind(question: str) -> Kind:
    """EXPLANATION for why, how (not how many) and list questions, which may want several sentences."""
    first, *rest = [*question.lower().split(), ""]
    if first == "how" and rest[0] in _MEASURES:
        return Kind.FACT
    return Kind.EXPLANATION if first in ("why", "how", "describe", "explain", "list") else Kind.FACT


def content_words(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning, and the initials of names."""
    words = (word.lower().replace("’", "'").removesuffix("'s") for word in _WORD.findall(text))
    initials = (
        "".join(word[0] for word in name.split() if word[0].isupper()).lower()
        for name in _CAPITALIZED_RUN.findall(text)
    )
    return frozenset(_stem(word) for word in words if word not in _FUNCTION_WORDS) | frozenset(initials)


def specifics(question: str) -> frozenset[str]:
    """The stems of the names, days and numbers of a question: what an answer must be about."""
    named = (*_INNER_NAME.findall(question), *re.findall(r"\b\w*\d\w*\b", question))
    return frozenset(stem for word in named for stem in content_words(word))


def names_answer(question: str, sentence: str) -> bool:
    """Whether the sentence holds the kind of thing asked for, beyond what the question itself holds."""
    asked = question.lower()
    if _ASKS_NUMBER.match(asked):
        return bool(_NUMBER.search(sentence))
    if _ASKS_TIME.match(asked):
        return bool(_TIME.search(sentence))
    if _ASKS_NAME.match(asked):
        return any(name.lower() not in asked for name in _INNER_NAME.findall(" " + sentence))
    return True


def _stem(word: str) -> str:
    """A crude stem: enough for attack and attacks, capture and capturing to meet."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
