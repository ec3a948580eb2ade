"""Follow-up questions: one that leans on the turn before is rewritten to stand alone, by rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.gazetteer import FEMALE, MALE, PLACES
from qa.mentions import Mention, Sort, mentions
from qa.topics import PERSONAL, POSSESSIVE, Turn, antecedent, described, is_plural, topic, turns
from qa.types import Answer
from qa.wording import PERSON_NOUN

_AUXILIARY = (
    r"(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|might|may|must"
    r"|(?:is|are|was|were|does|do|did|has|have|had|ca|could|wo|would|should)n[’']t)"
)
_PRONOUN = r"([Hh]e|[Hh]im|[Hh]is|[Ss]he|[Hh]ers?|[Ii]t|[Ii]ts|[Tt]hey|[Tt]hem|[Tt]heirs?)"
_PREPOSITION = (
    r"(?:in|on|at|of|for|by|to|from|with|without|about|against|behind|under|over|after|before"
    r"|during|since|into"
    r"|near|around|like|than|until)"
)
_AND = re.compile(r"(?:and|but|so|also|then|ok|okay)\b[, ]*", re.IGNORECASE)
_AFTER_AUXILIARY = re.compile(  # "When did she die?", "Is it true?", "What is its capital?"
    rf"(?:(?:{_PREPOSITION} )?(?:who|whom|whose|what|which|when|where|why|how)\b"
    rf"(?: (?!who|what|why|how|when|where)[\w-]+){{0,3}}? )?{_AUXILIARY} (?:also |ever |still "
    rf"|all |both |only |then |not )?{_PRONOUN}\b(?![’'])",
    re.IGNORECASE,
)
_OBJECT = re.compile(  # "Who leads it?", "What happened to him?", "How many of them were women?"
    rf"(?:who|what|which(?: \w+)?|how (?:many|much)(?: \w+)?)(?: {_AUXILIARY})?(?: else| also"
    rf"| really| first)?"
    rf"(?: (?!of )[a-z]+)?(?: {_PREPOSITION})? {_PRONOUN}\b(?![’'])"
    rf"(?=\W*$| (?:{_PREPOSITION}|and|or|when|now|today|first|next|then|there|is|are|was|were|did"
    rf"|do|have|has|had)\b)",
    re.IGNORECASE,
)
_OWNED = re.compile(  # "and its capital?", "who played his wife?"
    rf"(?:(?:who|what|which|and|what about|how about) (?:\w+ )?)?(?:{_PREPOSITION} )?([Hh]is"
    rf"|[Hh]er|[Ii]ts|[Tt]heir) (?!is\b|was\b)[a-z]+",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(  # "Is it true that …", "How long does it take to …", "What time is it?"
    rf"\bit (?:\w+ ){{1,2}}?(?:to|that|if|when|or|for)\b(?<!moved to)"
    rf"|{_AUXILIARY} it (?:\w+ )?(?:(?:take(?! place)|rain|snow|mean)\b|called \w)"
    r"|(?:time|day|date|year) is it\b|\bit (?:been )?(?:that|to|about|when|since|after|before"
    r"|until|matter)\b|\bor\b",
    re.IGNORECASE,
)
_VERB_THEN_TO = re.compile(
    r"\b(?:did|does|do|has|had|will|would) it (?!take|cost|rain|snow|mean)\w+ (?:to|for|when|if)\b",
    re.IGNORECASE,
)
_ANYBODY = re.compile(  # "Where did they film Jaws?": nobody in particular
    r"\bthey (?:\w+ )?(?:films?|shoot|make|making|build|use|speak|call|sell|put|get|find|play"
    r"|playing|stop|start|have|grow|eat)"
    r" (?!it\b|them\b|there\b|in \d)\w",
    re.IGNORECASE,
)
_THERE = re.compile(
    rf"\b(?!{_AUXILIARY} |be |been |out |over |up )([a-z]+) there(?=\W*$| (?:now|today|in|on"
    rf"|since|before|after|during)\b)"
)
_GO = frozenset(
    "go goes going gone went come came travel traveled travelled move moved get got fly flew sent".split()
)
_THIS = re.compile(
    rf"(?:(?:{_PREPOSITION} )?(?:why|how|when|where|what|who|which)\b(?: (?:year|day|month|place"
    rf"|city|country))? )?"
    rf"{_AUXILIARY} (?:this|that|all this|all that)"
    r"(?: (?:happen|happened|mean|work|start|begin|end|occur|true|possible|important|so|change"
    r"|come about))?\W*$",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?:but |and |so )?((?:{_PREPOSITION} )?(?:why|when|where|how|who|what|which|whom|how come"
    rf"|how so|since when)"
    r"(?: (?:exactly|not|else|year|month|day|date|city|country|place|reason|many|much|long|often"
    r"|else))?)\W*$",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(
    r"(?:(?:and|but|so|ok|okay|then)[, ]+)?(?:what about|how about|what of|same for"
    r"|the same for)\b[, ]*(.+?)\W*$"
    r"|(?:and|but|or)[, ]+(.+?)\W*$",
    re.IGNORECASE,
)
_WITH_PREPOSITION = re.compile(
    r"(in|of|at|on|during|since|before|after|from|for|by|under|against|with) (.+?)\W*$", re.IGNORECASE
)
_AFTER_PREPOSITION = re.compile(rf"\b{_PREPOSITION} (?:the )?$", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|an?|my|our|this|that) ", re.IGNORECASE)
_QUESTION_OR_VERB = re.compile(
    rf"\b(?:who|whom|whose|what|which|when|where|why|how|{_AUXILIARY}|tell|list|name|give|show"
    rf"|explain|describe|summari[sz]e)\b",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"\bthe (?:(?:second|third|fourth|fifth|next) )?(?:\w{2,}est|first|last|second|third"
    r"|most \w+|least \w+)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"\b(?:how many|how much|which|what) (?!{_AUXILIARY}\b)([a-z]+)\b", re.IGNORECASE)
_SUBJECT_FOLLOWS = re.compile(rf"\b{_AUXILIARY} (?:the )?$", re.IGNORECASE)
_LONGEST_FRAGMENT = 6  # words


def stand_alone(question: str, history: Sequence[Answer]) -> str | None:
    """The question with what it leaves out, or points back to, taken from the conversation.

    None when it stands alone already, or when the conversation has nothing that it could mean. A pronoun
    that something in the question itself may be is left alone.
    """
    if not history:
        return None
    conversation = turns(history)
    rewritten = (
        _bare(question, conversation[0])
        or _fragment(question, conversation)
        or _pointing(question, conversation)
        or _continued(question, conversation)
    )
    return rewritten if rewritten and rewritten.lower() != question.lower() else None


def _bare(question: str, last: Turn) -> str | None:
    """ "Why?", "When exactly?", "In what year?": asked of what was said last."""
    found = _BARE.match(question)
    if found is None and not _THIS.match(question):
        return None
    claim = last.statement.rstrip(" .")
    if claim and not any(each.start == 0 for each in mentions(claim)) and not claim[:2].isupper():
        claim = claim[0].lower() + claim[1:]
    asked = found[1] if found else question.rstrip(" ?")
    if not claim:
        return None
    if found is None or found[1].lower() in (
        "who",
        "what",
        "which",
        "how many",
        "how much",
        "who else",
        "what else",
    ):
        return f"{_capital(asked)}: {claim}?"
    if re.match(r"(?:did|does|is|are|was|were|has|have|can|will) ", last.question, re.IGNORECASE):
        return f"{_capital(asked)} {last.question[0].lower()}{last.question[1:]}"
    return f"{_capital(asked)} is it that {claim}?"


def _fragment(question: str, conversation: Sequence[Turn]) -> str | None:
    """ "What about 2021?", "And in France?", "in France?": the last question, asked of something else."""
    found = _WHAT_ABOUT.match(question)
    new = (found[1] or found[2]) if found else question.rstrip(" ?.!")
    if not found and not _WITH_PREPOSITION.match(question):
        return None
    if len(new.split()) > _LONGEST_FRAGMENT or _QUESTION_OR_VERB.search(new):
        return None
    owned = re.match(r"(his|her|its|their) ", new, re.IGNORECASE)
    if owned:
        owner = antecedent(owned[1].lower(), conversation)
        return f"What about {_possessive(owner)} {new[owned.end() :]}?" if owner else None
    return _asked_again(conversation[0], new) or (_about(new, conversation) if found else None)


def _about(new: str, conversation: Sequence[Turn]) -> str | None:
    about = topic(conversation)
    named = mentions(new) or _known(new)
    return None if about is None or named else f"What about {new} in the case of {about.text}?"


def _asked_again(last: Turn, new: str) -> str | None:
    """The last question with `new` in the place of what it names of the same sort."""
    question = last.question
    if (ranked := _SUPERLATIVE.match(new)) and (old := _SUPERLATIVE.search(question)):
        return question[: old.start()] + ranked[0] + question[old.end() :]
    placed = _WITH_PREPOSITION.match(new)
    core = placed[2] if placed else re.sub(r"^the (?=[A-Z])", "", new)
    named = mentions(core) or _known(core)
    if not named and not placed and (counted := _COUNTED.search(question)) and re.fullmatch(r"[a-z]+", core):
        return question[: counted.start(1)] + core + question[counted.end(1) :]
    if not named and not placed and (place := described(question)) is not None:
        return _described_anew(question, place, core)
    if (old_name := _replaced(last, named, placed[1].lower() if placed else "")) is not None:
        return question[: old_name.start] + core + question[old_name.end :]
    if placed and (named or not topic([last])):
        return f"{question.rstrip(' ?')} {placed[1].lower()} {core}?"
    if named and named[0].sort is Sort.TIME:
        return f"{question.rstrip(' ?')} in {core}?"
    return None


def _described_anew(question: str, place: tuple[int, int], new: str) -> str | None:
    """The question with another thing in the place of what it describes; None for a person and a thing."""
    noun = _ARTICLE.sub("", new)
    is_person = question[: place[0]].lower().startswith("who ")
    if is_person is not bool(PERSON_NOUN.match(noun.lower())):
        return None
    if is_plural(noun) is not is_plural(question[: place[1]]):  # "What is the digital goods?"
        return None
    return f"{question[: place[0]]}{new if noun != new else f'the {new}'}{question[place[1] :]}"


def _replaced(last: Turn, named: Sequence[Mention], preposition: str) -> Mention | None:
    """The name in the last question that a new name takes the place of."""
    names = last.names
    if not named:
        others = [each for each in names if each.sort is not Sort.TIME]
        return others[0] if len(others) == 1 and not preposition else None
    new = named[0]
    if new.sort is Sort.TIME:
        return next((each for each in reversed(names) if each.sort is Sort.TIME), None)
    alike = [each for each in names if each.sort is not Sort.TIME and _alike(each, new)]
    if preposition and len(alike) > 1:
        alike = [each for each in alike if last.question[: each.start].lower().endswith(f" {preposition} ")]
    elif preposition:  # "Who won the World Cup?", "And in France?"
        alike = [
            each
            for each in alike
            if each.sort is new.sort or _AFTER_PREPOSITION.search(last.question[: each.start])
        ]
    exact = [each for each in alike if each.sort is new.sort]
    return exact[-1] if exact else alike[-1] if alike else None


def _alike(one: Mention, other: Mention) -> bool:
    return one.sort is other.sort or Sort.NAME in (one.sort, other.sort)


def _known(text: str) -> tuple[Mention, ...]:
    """A name in lower case that is a common one."""
    words = text.lower().split()
    if not words or len(words) > 3:
        return ()
    if words[-1] in PLACES:
        return (Mention(text, 0, len(text), Sort.PLACE),)
    return (Mention(text, 0, len(text), Sort.PERSON),) if words[0] in FEMALE | MALE and len(words) > 1 else ()


def _pointing(question: str, conversation: Sequence[Turn]) -> str | None:
    """ "And who leads it?", "How many people live there?": what the word points to put in its place."""
    asked = _AND.sub("", question, count=1) if _AND.match(question) else question
    there = _THERE.search(asked)
    if there and all(each.sort in (Sort.PERSON, Sort.TIME) for each in mentions(asked)):
        place = antecedent("there", conversation)
        way = "to" if there[1] in _GO else "in"
        return _capital(f"{asked[: there.end(1)]} {way} {place}{asked[there.end() :]}") if place else None
    found = _open_pronoun(asked)
    if found is None:
        return None
    pronoun = found[0].lower()
    meant = antecedent(pronoun, conversation)
    if meant is None:
        return None
    owns = pronoun in POSSESSIVE and (
        pronoun != "her" or re.match(r" (?!in\b|on\b|at\b|to\b|and\b|for\b)[a-z]", asked[found.end() :])
    )
    return _capital(asked[: found.start()] + (_possessive(meant) if owns else meant) + asked[found.end() :])


def _open_pronoun(question: str) -> re.Match[str] | None:
    """The pronoun that nothing in the question itself explains."""
    found = _AFTER_AUXILIARY.match(question) or _OBJECT.match(question) or _OWNED.match(question)
    if found is None:
        return None
    at = re.compile(re.escape(found[1])).match(question, found.start(1))
    assert at is not None
    if at[0].isupper():  # "Who works in IT?"
        return None
    pronoun, names = at[0].lower(), mentions(question)
    if pronoun in PERSONAL:  # by a name before it, or "After his coup, what did Napoleon do?"
        explained = any(
            each.may_be(pronoun)
            and (each.end <= at.start() or _SUBJECT_FOLLOWS.search(question[at.end() : each.start]))
            for each in names
        )
    else:
        explained = any(each.sort is not Sort.TIME for each in names)
    expletive = pronoun == "it" and _EXPLETIVE.search(question) and not _VERB_THEN_TO.search(question)
    anybody = pronoun == "they" and _ANYBODY.search(question)
    return None if explained or expletive or anybody else at


def _continued(question: str, conversation: Sequence[Turn]) -> str | None:
    """ "And how many were wounded?": a question that goes on about the topic without naming it."""
    found = re.match(r"(?:and|but) (?=who|what|which|when|where|why|how)", question, re.IGNORECASE)
    about = topic(conversation)
    if found is None or about is None or mentions(question[found.end() :]) or len(question.split()) > 8:
        return None
    return f"{_capital(question[found.end() :].rstrip(' ?'))} in the case of {about.text}?"


def _possessive(name: str) -> str:
    return name + ("’" if name.endswith("s") and name[:4].lower() == "the " else "’s")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
