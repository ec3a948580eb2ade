"""The words of a text that carry its meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from qa.gazetteer import FEMALE, GROUP_WORDS, MALE, TITLES

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_CAPITALIZED_RUN = re.compile(r"\b[A-Z][\w’'-]+(?:\s+(?:(?:of|for|and|the)\s+)?[A-Z][\w’'-]+)+")
_ABBREVIATION = re.compile(r"\b[A-Z]{3,7}\b")
_SMALL_WORD = re.compile(r"(?<![\w’'-])[a-z]{4,}(?![\w’'-])")
_OFFICES = TITLES - {"general"} | {"chief"}  # General Data Protection Regulation
_INNER_NAME = re.compile(r"(?<![.!?“\"]\s)(?<!^)\b[A-Z][\w’'-]+")
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
_TURNING = frozenset(
    """
    not no without never before after during since until under over above below more less than except between
    """.split()
)
_ENDINGS = "ations ation ingly ings ing edly ied ies ed es s ly e".split()


def content_words(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning, and the initials of names."""
    words = (word.lower().replace("’", "'").removesuffix("'s") for word in _WORD.findall(text))
    initials = (_initials(name).lower() for name in capitalized_runs(text))
    return frozenset(_stem(word) for word in words if word not in _FUNCTION_WORDS) | frozenset(initials)


def turning_words(text: str) -> frozenset[str]:
    """Those of the words that carry no meaning but turn that of the others: not, before, under."""
    words = text.lower().replace("’", "'").replace("n't", " not").replace("cannot", "can not")
    return _TURNING.intersection(_WORD.findall(words))


def capitalized_runs(text: str) -> tuple[str, ...]:
    """The names of two words and more: "Red Crescent", "University of Oxford"."""
    return tuple(_CAPITALIZED_RUN.findall(text))


def inner_names(text: str) -> tuple[str, ...]:
    """The capitalized words of a text, but for those that a sentence begins with."""
    return tuple(_INNER_NAME.findall(text))


def specifics(question: str) -> frozenset[str]:
    """The stems of the names, days and numbers of a question: what an answer must be about."""
    named = (*inner_names(question), *re.findall(r"\b\w*\d\w*\b", question))
    return frozenset(stem for word in named for stem in content_words(word))


def unnamed(question: str, texts: Iterable[str]) -> float:
    """The share of the question's names, days and numbers that none of the texts has."""
    asked = specifics(question)
    told = frozenset[str]().union(*map(content_words, texts))
    return len(asked - told) / len(asked) if asked else 0.0


def spelt_out(question: str, texts: Sequence[str]) -> str:
    """The question with its abbreviations in full, where a text has the full name and none the abbreviation.

    Neither the embedding model nor the reader knows that the International Atomic Energy Agency is the IAEA.
    """
    if question.isupper():
        return question
    for short in dict.fromkeys(_ABBREVIATION.findall(question)):
        if not any(re.search(rf"\b{short}\b", text) for text in texts):
            names = (name for text in texts for name in capitalized_runs(text))
            full = next((n for n in names if _initials(n) == short and not _is_person(n)), short)
            question = re.sub(rf"\b{short}\b", " ".join(full.split()), question)
    return question


def respelt(question: str, texts: Sequence[str], known: Callable[[str], bool]) -> str:
    """The question with its misspelt words as the texts have them.

    A word is misspelt if it is not `known` and no text has it, but has one that is a letter away: added, left
    out, two swapped, or s for z. Words that a text writes with a capital are left alone, and those with
    another letter: Marina is not Martina, and phosphite is no phosphate.
    """
    told = Counter(word for text in texts for word in _SMALL_WORD.findall(text))

    def corrected(match: re.Match[str]) -> str:
        word = match[0]
        if len(word) < 5 or word in told or known(word):
            return word
        near = [each for each in told if _a_letter_apart(word, each)]
        return max(near, key=lambda each: (told[each], each), default=word)

    return _SMALL_WORD.sub(corrected, question)


def _a_letter_apart(one: str, other: str) -> bool:
    pairs = zip(one, other, strict=False)
    at = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    left, right = one[at:], other[at:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    british = left[1:] == right[1:] and {left[:1], right[:1]} == {"s", "z"}
    return left[1:] == right or left == right[1:] or swapped or british


def _is_person(name: str) -> bool:
    """Whether a name is somebody's: Chief Engineer Olsen, but not Chief Executive Officer."""
    words = name.lower().split()
    if words[-1] in TITLES or GROUP_WORDS.intersection(words):
        return False
    return words[0] in FEMALE | MALE or not _OFFICES.isdisjoint(words)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper())


def _stem(word: str) -> str:
    """A crude stem: enough for attack and attacks, capture and capturing to meet."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
