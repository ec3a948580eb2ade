"""A question and its answer as one statement.

By rules, without a parser: a question whose verb these do not find makes no statement.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.verbs import BASES, PARTICIPLES, PASTS, past, third_person

_LONGEST_ANSWER = 8  # words
_WH = re.compile(
    r"""^(?:(?P<preposition>in|on|at|of|from|by|for|to|under|with|during|into|through|within)\ )?
    (?P<wh>whose|whom|who|what|which|when|where|how\ many|how\ much|how\ long|how\ old)\b\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_BE = frozenset("is was are were".split())
_DO = frozenset("did do does".split())
_HAVE = frozenset("has have had".split())
_MODAL = frozenset("can could will would may might must should".split())
_AUXILIARY = _BE | _DO | _HAVE | _MODAL
_STRANDED = frozenset("of with for by in to on from at as about into through under over against".split())
_NOT_PARTICIPLES = frozenset(
    """
    king ring wing thing spring string building buildings beijing evening morning during hundred red bed seed
    need speed indeed breed united bring sing nothing something anything being following wedding meeting
    """.split()
)
_MONTH = "january february march april may june july august september october november december".split()
_STRANDED_BEFORE = _STRANDED - {"to", "about"} | {"after", "before", "during"}
_TIMES = ("year", "day", "month", "date", "time")
_RELATIVE = frozenset("who that which when where whose".split())
_ADVERBS = frozenset("also often ever first always never still now once not last".split())
_SORTS = ("type", "kind", "sort", "types", "kinds", "sorts")
_NAMING = ("call", "name", "consider")
_OWNERS = frozenset("the a an his her its their this that".split())
_LED = re.compile(
    r"(?:in|on|at|by|from|during|around|about|after|before|since|until|between|over|through|under|near|to|as|"
    r"along|within|every|last|for|when|because|while|outside|inside|across|ago)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question taken apart: "in what year" is `preposition`, `wh` and `noun`; `rest` is what follows."""

    preposition: str
    wh: str
    noun: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def adjunct(self) -> bool:
        """Whether the answer is neither subject nor object."""
        return bool(self.preposition) or self.wh in ("when", "where", "how long", "how old")


def declarative(question: str, answer: str, passage: str = "") -> str | None:
    """The statement, or None. The verbs that `passage` has in the past tense are known as verbs."""
    asked = re.sub(r"\s+([,.;:!?’'])", r"\1", " ".join(question.split())).rstrip("? .")
    answer = answer.strip(" ,.;")
    lead = re.match(
        r"^((?:In|On|By|During|After|Before|At|As of|Since|According to|For) [^,]+, )(.+)$", asked
    )
    opening, asked = (lead[1], lead[2]) if lead else ("", asked)
    found = _WH.match(asked)
    if not found or not answer or len(answer.split()) > _LONGEST_ANSWER or found["wh"].lower() == "whose":
        return None
    verbs = BASES | frozenset(_bases_of(passage))
    parts = _taken_apart(found, asked[found.end() :].split(), verbs)
    words = None if parts is None else _stated(parts, answer, verbs)
    return None if words is None else _sentence(opening + words)


def _taken_apart(found: re.Match[str], words: Sequence[str], verbs: frozenset[str]) -> _Asked | None:
    """The question's parts; None when no verb is found."""
    wh = found["wh"].lower()
    takes_noun = wh in ("what", "which", "how many", "how much")
    first = wh == "who" and words[:1] and words[0].islower()  # nothing but a verb can follow
    at = 0 if first else next((at for at in range(len(words)) if _finite(words, at, verbs)), None)
    if at is None or (at and not takes_noun) or at > 6:
        return None
    return _Asked((found["preposition"] or "").lower(), wh, tuple(words[:at]), tuple(words[at:]))


def _finite(words: Sequence[str], at: int, verbs: frozenset[str]) -> bool:
    word = words[at].lower()
    if word in _AUXILIARY or word in PASTS:
        return True
    if word in _NOT_PARTICIPLES or word in PARTICIPLES or words[at + 1 : at + 2] == ["by"]:
        return False
    return word.endswith("ed") or any(word == third_person(verb) for verb in _stripped(word) & verbs)


def _stated(asked: _Asked, answer: str, verbs: frozenset[str]) -> str | None:
    first, rest = asked.rest[0].lower(), asked.rest[1:]
    if not rest or rest[0].lower() == "there" or _left_inside(asked.rest):
        return None
    if first in _BE:
        return _with_be(asked, answer, first, rest)
    if first in _DO:
        return _with_do(asked, answer, first, rest, verbs)
    if first in _HAVE | _MODAL:
        at = next((at for at, word in enumerate(rest) if _follows(first, word.lower(), verbs)), None)
        if at is None:
            return None
        if at:
            after_subject = _before_adverbs(rest, at)
            clause = [*rest[:after_subject], first, *rest[after_subject : at + 1]]
            return _placed(asked, answer, clause, rest[at + 1 :])
    return None if asked.adjunct else f"{_subject(asked, answer)} {' '.join(asked.rest)}"


def _left_inside(words: Sequence[str]) -> bool:
    """Whether a preposition stands alone before the end, where the answer would have to go: "of in"."""
    return any(one in _STRANDED and other in _STRANDED_BEFORE for one, other in itertools.pairwise(words))


def _follows(auxiliary: str, word: str, verbs: frozenset[str]) -> bool:
    if auxiliary in _HAVE:
        return _participle(word)
    return word in verbs or word in ("be", "have", "not")


def _before_adverbs(words: Sequence[str], at: int) -> int:
    while at > 1 and (words[at - 1] in _ADVERBS or words[at - 1].endswith("ly")):
        at -= 1
    return at


def _subject(asked: _Asked, answer: str) -> str:
    """The answer with the noun that the question asks for, where it does not stand for that itself."""
    noun = asked.noun[2:] if asked.noun[1:2] == ("of",) and asked.noun[0] in _SORTS else asked.noun
    if not noun:
        return answer
    bare = re.sub(r"^(?:the|an?) ", "", answer, flags=re.IGNORECASE)
    head = noun[-1].lower().rstrip("s")
    counts = asked.wh.startswith("how") or bare[:1].islower()
    return f"{answer} {' '.join(noun)}" if counts and head not in answer.lower() else answer


def _with_be(asked: _Asked, answer: str, be: str, rest: Sequence[str]) -> str | None:
    """A participle at the end, or a preposition left alone there, tells that the answer is no subject."""
    at = _predicate(rest)
    alone = rest[-1].lower() in _STRANDED
    if asked.wh == "how old" or (asked.wh.startswith("how") and not asked.noun):
        return None if alone else " ".join([*rest, be, answer])
    if not asked.adjunct:
        if at is None or _RELATIVE & set(rest[:at]):
            return None if alone else f"{_subject(asked, answer)} {be} {' '.join(rest)}"
        if at and rest[at].endswith("ing") and at <= 2 and not alone:
            return " ".join([*rest[:at], be, rest[at], _subject(asked, answer), *rest[at + 1 :]])
        if at and (alone or at == len(rest) - 1):
            where = _before_adverbs(rest, at)
            return " ".join([*rest[:where], be, *rest[where:], _subject(asked, answer)])
        return None if alone else f"{_subject(asked, answer)} {be} {' '.join(rest)}"
    if at == 0 or (at is not None and _RELATIVE & set(rest[:at])):
        return None
    where = len(rest) if at is None else _before_adverbs(rest, at)
    return " ".join([*rest[:where], be, *rest[where:], _adjunct(asked, answer)])


def _with_do(asked: _Asked, answer: str, do: str, rest: Sequence[str], verbs: frozenset[str]) -> str | None:
    at = next((at for at in range(1, len(rest)) if rest[at] in verbs and not _owns(rest[at - 1])), None)
    if at is None or (rest[at] in _NAMING and not asked.adjunct):
        return None
    verb = {"did": past, "does": third_person}.get(do, str)(rest[at])
    if rest[at] == "do":
        return f"{' '.join(rest[:at])} {answer}" if len(rest) == at + 1 else None
    return _placed(asked, answer, [*rest[:at], verb], rest[at + 1 :])


def _owns(word: str) -> bool:
    return word.endswith(("'s", "’s", "s'")) or word in _OWNERS


def _placed(asked: _Asked, answer: str, clause: Sequence[str], after: Sequence[str]) -> str | None:
    """The answer as the verb's object, as that of a preposition left alone at the end, or as an adjunct."""
    after = after[:-1] if tuple(after[-2:]) == ("to", "do") else after
    if asked.adjunct or (asked.noun and asked.noun[-1] in _TIMES):
        return " ".join([*clause, *after, _adjunct(asked, answer)])
    if _AUXILIARY & {word.lower() for word in after}:
        return None
    at_end = after and (after[-1].lower() in _STRANDED or "to" in after)
    what = _subject(asked, answer)
    return " ".join([*clause, *after, what] if at_end else [*clause, what, *after])


def _predicate(words: Sequence[str]) -> int | None:
    """Where the participle stands that belongs to "was": the first, or one after it when "by" follows it."""
    found = [at for at, word in enumerate(words) if _participle(word)]
    if not found:
        return None
    described = len(found) > 1 and tuple(words[found[0] + 1 : found[0] + 2]) == ("by",)
    return found[1] if described else found[0]


def _participle(word: str) -> bool:
    if word in _NOT_PARTICIPLES or not word.islower():
        return False
    return word in PARTICIPLES or (len(word) > 4 and word.endswith(("ed", "ing"))) or word == "born"


def _adjunct(asked: _Asked, answer: str) -> str:
    if _LED.match(answer):
        return answer
    if asked.preposition:
        return f"{asked.preposition} {answer}"
    if asked.wh == "when" or (asked.noun and asked.noun[-1] in _TIMES[:4]):
        words = answer.lower().replace(",", " ").split()
        day = any(word in _MONTH for word in words) and any(
            re.fullmatch(r"\d\d?(?:st|nd|rd|th)?", w) for w in words
        )
        on = day or any(word.endswith("day") for word in words)
        return f"{'on' if on else 'in'} {answer}"
    return f"in {answer}" if asked.wh == "where" else answer


def _bases_of(passage: str) -> Iterator[str]:
    for word in re.findall(r"\b[a-z]+ed\b", passage):
        for base in (word[:-2], word[:-1], word[:-3]):
            if len(base) > 2 and past(base) == word:
                yield base


def _stripped(word: str) -> frozenset[str]:
    if not word.endswith("s"):
        return frozenset()
    return frozenset({word[:-1], word[:-2], f"{word[:-3]}y"})


def _sentence(words: str) -> str:
    text = re.sub(r"\s+([,.;:!?’'])", r"\1", " ".join(words.split())).rstrip(".,; ")
    return text[:1].upper() + text[1:] + "."
