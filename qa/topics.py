"""What a conversation is about: what its questions and answers name, newest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.gazetteer import PLACE_WORDS
from qa.mentions import Mention, Sort, mentions
from qa.question import Kind, kind
from qa.types import Answer

_TURNS_BACK = 3

PERSONAL = frozenset("he him his she her hers".split())
POSSESSIVE = frozenset("his her its their".split())

_IDENTIFIES = re.compile(r"(?:who|which|what|name)\b", re.IGNORECASE)
_DEFINED = re.compile(
    r"(?:what|who)(?: is| are| was| were|[’']s) (?!the\b)(.+?)\W*$|(?:define|explain|describe) (.+?)\W*$",
    re.IGNORECASE,
)
_NOUN_PHRASE = re.compile(
    r"\b(?:the|a|an|these|those|this|my|our|how many|which|what|all) "
    r"((?:(?!(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|of|in|on|at"
    r"|to|for|by|from"
    r"|with|and|or|that|who|which|about|against|between|during|time|year|years|day|date|kind|type|many)\b)"
    r"[\w’'-]+ ?){1,4})",
    re.IGNORECASE,
)
_HEADS = PLACE_WORDS | frozenset("lighthouse harbour harbor tunnel dam hotel company museum".split())
_LAST_IS_VERB = re.compile(
    r"(?<=\w) (?:\w{2,}ed|built|made|held|won|lost|found|begun|known|written|sold|taken|given"
    r"|born|become|happen"
    r"|start|end|begin|cost|mean|work|open|close|die|take|look|say|get|go|come|live)$"
)


_DESCRIBED = re.compile(
    r"\b(?:the|an?|my|our|his|her|its|their|this|that) "
    r"((?:(?!(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|of|in|on|at|to|for|by"
    r"|from|with|and|or|that|who|which|about|against|between|during)\b)[\w’-]+ ?){1,4})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question, standing alone, and the first sentence and short answer to it, "" where there is none."""

    question: str
    statement: str
    lead: str = ""

    @property
    def names(self) -> tuple[Mention, ...]:
        """What the question names; of one in lower case, what its answer names and the question has too."""
        found = mentions(self.question)
        if found or self.question != self.question.lower():
            return found
        return tuple(sorted(self._names_in_lower_case(), key=lambda each: each.start))

    def _names_in_lower_case(self) -> Iterator[Mention]:
        seen: set[int] = set()
        for each in mentions(self.statement):
            at = self.question.find(each.text.lower())
            if at >= 0 and at not in seen:
                seen.add(at)
                common = each.start == 0 and each.sort is Sort.NAME and " " not in each.text
                text = each.text.lower() if common else each.text
                yield replace(each, text=text, start=at, end=at + len(text))

    @property
    def answer_names(self) -> tuple[Mention, ...]:
        """What the answer names and the question does not: what its short answer names before the rest."""
        asked = self.question.lower()
        named = (each for each in mentions(self.statement) if each.text.lower().rstrip("s") not in asked)
        return tuple(sorted(named, key=lambda each: not self._leads(each)))

    def _leads(self, name: Mention) -> bool:
        return bool(self.lead) and (self.lead in name.text or name.text in self.lead)


def turns(history: Sequence[Answer]) -> tuple[Turn, ...]:
    """The last few turns, newest first."""
    return tuple(
        Turn(
            each.rewritten_question or each.question,
            " ".join(each.sentences[0].text.split()) if each.sentences else "",
            each.lead,
        )
        for each in reversed(history[-_TURNS_BACK:])
    )


def antecedent(pronoun: str, conversation: Sequence[Turn]) -> str | None:
    """What a pronoun (lower case) stands for: the newest thing that it fits, or None.

    A question that asks for a name ("Which company …?") is followed up about the answer; any other, about
    what the question itself is about.
    """
    for turn in conversation:
        for sure in (True, False):
            fitting = (each for each in _candidates(turn) if _fits(each, pronoun, sure))
            if pronoun in PERSONAL and not sure:
                fitting = (each for each in fitting if _acts(each.text, turn))
            found = next(fitting, None)
            if found is not None:
                return found.text
    return None


def topic(conversation: Sequence[Turn]) -> Mention | None:
    """The newest thing, times aside, that a question is about; a name where it has one."""
    for turn in conversation:
        named = (each for each in reversed(turn.names) if each.sort is not Sort.TIME)
        if (found := next(named, None) or next(_phrases(turn.question), None)) is not None:
            return found
    return None


def _candidates(turn: Turn) -> Iterator[Mention]:
    identifies = kind(turn.question) not in (Kind.DEFINITION, Kind.WHY, Kind.HOW, Kind.TIME, Kind.NUMBER)
    if identifies and _IDENTIFIES.match(turn.question):
        named = _people(turn) if kind(turn.question) is Kind.PERSON else turn.answer_names[:1]
        yield from (_with_article(turn.statement, each) for each in named)
    names = turn.names
    phrases = (
        each
        for each in _phrases(turn.question)
        if not any(name.start < each.end and each.start < name.end for name in names)
    )
    asked = sorted((*names, *phrases), key=lambda each: (_is_adjunct(turn.question, each), -each.end))
    yield from (_with_article(turn.question, each) for each in asked)
    yield from (owner for each in asked if (owner := _owner(each)))
    yield from (_with_article(turn.statement, each) for each in turn.answer_names)


def described(question: str) -> tuple[int, int] | None:
    """Where the first thing stands that a question names with an article: the revenue, the Skerry lighthouse.

    None when there is none, or when it is a name alone.
    """
    for found in _DESCRIBED.finditer(question):
        noun = _LAST_IS_VERB.sub("", found[1].strip(" ?"))
        if noun != noun.title() and not found[0].lower().startswith("the same"):
            return found.start(), found.start(1) + len(noun)
    return None


def _with_article(text: str, name: Mention) -> Mention:
    """The name as a sentence would have it: the IAEA, the Russian attacks, the Skerry lighthouse."""
    following = re.match(r" ([a-z]+)\b", text[name.end :])
    if following and following[1] in _HEADS and name.sort in (Sort.PLACE, Sort.NAME, Sort.GROUP):
        name = replace(name, text=name.text + following[0], end=name.end + following.end())
    before = text[max(0, name.start - 4) : name.start].lower()
    takes_it = before == "the " or (name.sort is Sort.GROUP and name.plural)
    if not takes_it or name.text[:4].lower() == "the " or name.sort is Sort.TIME:
        return name
    return replace(name, text=f"the {name.text}")


def _people(turn: Turn) -> tuple[Mention, ...]:
    """Whom the answer names: those it surely means first, or else what it names, as that answers "who"."""
    people = [each for each in turn.answer_names if each.sort in (Sort.PERSON, Sort.NAME)]
    sure = [each for each in people if each.sort is Sort.PERSON]
    return tuple(sure + [replace(each, sort=Sort.PERSON) for each in people if each not in sure])


def _owner(person: Mention) -> Mention | None:
    """What somebody is the head of: Acme, of the CEO of Acme."""
    post, of, name = person.text.partition(" of ")
    if person.sort is not Sort.PERSON or not of:
        return None
    return replace(person, text=name, start=person.start + len(post + of), sort=Sort.NAME)


def _is_adjunct(question: str, name: Mention) -> bool:
    """Whether a place only says where: "the largest plant in Europe"."""
    return (
        name.sort is Sort.PLACE
        and re.search(r"\b(?:in|at|near|from)(?: the)? $", question[: name.start]) is not None
    )


def _phrases(question: str) -> Iterator[Mention]:
    """What the question defines or describes without a name: photosynthesis, the bridge."""
    if (defined := _DEFINED.match(question)) is not None:
        text = defined[1] or defined[2]
        if len(text.split()) <= 5:
            yield Mention(text, *defined.span(1 if defined[1] else 2), Sort.NAME, None, is_plural(text))
    for found in _NOUN_PHRASE.finditer(question):
        noun = _LAST_IS_VERB.sub("", found[1].strip(" ?"))
        article = "the " if found[0][:3].lower() not in ("my ", "our") else found[0].split()[0].lower() + " "
        if noun:
            yield Mention(
                article + noun,
                *found.span(1),
                Sort.GROUP if is_plural(noun) else Sort.NAME,
                None,
                is_plural(noun),
            )


def _acts(name: str, turn: Turn) -> bool:
    """Whether a name that may be somebody's is what a question or an answer is about, as people are."""
    if name not in turn.question:
        return turn.statement.startswith(name)
    acting = rf"\b(?:is|was|did|does|has|had|will|would|can|could) {re.escape(name)}\b"
    return re.search(acting, turn.question) is not None


def is_plural(text: str) -> bool:
    """Whether a noun phrase, by its last letters, is of several."""
    return re.search(r"(?:(?<![su’'i])s|\b(?:people|men|women|children))$", text) is not None


def _fits(name: Mention, pronoun: str, sure: bool) -> bool:
    """Whether a pronoun fits; surely when the sort of thing is known, else when it may well be."""
    if not name.may_be(pronoun):
        return False
    if pronoun in PERSONAL:
        return name.sort is Sort.PERSON or (not sure and name.text[:1].isupper())
    if pronoun in ("they", "them", "their", "theirs"):
        return name.plural or not sure
    return True
