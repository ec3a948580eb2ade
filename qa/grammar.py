"""As much English grammar as turning a sentence into a question takes: a few verbs, and what a subject is."""

from __future__ import annotations

import itertools
import re

from qa.mentions import Sort, mentions

_BASES = """
    adopted adopt announced announce appointed appoint approved approve arrested arrest became become
    began begin bought buy built build captured capture closed close collected collect completed complete
    counted count created create delivered deliver destroyed destroy died die discovered discover
    donated donate earned earn elected elect employed employ ended end finished finish founded found
    gave give graduated graduate grew grow had have held hold hired hire introduced introduce
    invented invent invested invest joined join killed kill launched launch left leave lost lose made make
    married marry measured measure met meet moved move opened open ordered order paid pay planted plant
    produced produce published publish raised raise reached reach received receive recorded record
    rejected reject released release removed remove reported report resigned resign retired retire rose rise
    sank sink saw see scored score sent send served serve signed sign sold sell spent spend started start
    stopped stop taught teach took take treated treat visited visit won win wounded wound wrote write
""".split()
BASE = dict(zip(_BASES[::2], _BASES[1::2], strict=True))
"""The base form of verbs in the past: no rule tells "planned" from "opened" or "closed"."""

PAST = f"(?:{'|'.join(BASE)})"
DONE = (
    r"(?:(?:\w+ly|first|later|finally) )?"
    r"(?:(?!(?:indeed|hundred|sacred)\b)[a-z]{3,}ed|begun|born|bought|brought|built|caught|chosen|cut|drawn"
    r"|driven|found|given|held|hit|kept|known|left|lit|lost|made|met|paid|put|run|seen|sent|set|shot|shown|sold"
    r"|spent|struck|sunk|taken|taught|told|torn|won|worn|written)\b"
)
"""A participle that a form of "to be" comes before."""

_NEGATED = re.compile(
    r"\b(?:no|none|nobody|nothing|nowhere|neither|nor|not|never|cannot|without|hardly|barely|scarcely)\b"
    r"|n[’']t\b",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset("about at by for from in into near of on over to under with".split())
_ARTICLES = frozenset("a an the".split())
_THINGS = (
    "(?:building|ceiling|drawing|evening|funding|hearing|housing|king|landing|meeting|morning|opening|painting|planning"
    "|reading|spending|spring|string|training|wedding|wing)"
)
_OTHER_CLAUSE = re.compile(
    r"\b(?:who|whom|whose|which|that|what|when|where|while|if|than|because|since|as|after|before|until|and|but|or|is"
    rf"|are|was|were|be|been|has|had|have|will|would|can|could|said|says|{PAST}"
    rf"|(?!{_THINGS}s?\b)[a-z]{{3,}}(?:ed|ing))\b"
)


def is_negated(sentence: str) -> bool:
    """Whether it says that something is not so; asked about, it would be taken to be so."""
    return _NEGATED.search(sentence) is not None


def is_one_phrase(text: str) -> bool:
    """Whether no verb or conjunction stands in it that would begin another clause."""
    return _OTHER_CLAUSE.search(text) is None


def inside(subject: str) -> str | None:
    """The subject as it stands inside a question; None unless it is one thing that is known by its name.

    It is a name of several words or a known one, or "the" and a noun: not "a ferry", which one could
    not tell from others, and not "Fish", of which one cannot tell whether it is a name.
    """
    words = subject.split()
    if not is_one_phrase(" ".join(words[1:])) or any(
        word in _ARTICLES and before.lower() not in _PREPOSITIONS
        for before, word in itertools.pairwise(words)
    ):
        return None
    if words[0] in ("The", "the"):
        return f"the {' '.join(words[1:])}" if len(words) > 1 else None
    return subject if _is_name(subject) else None


def _is_name(subject: str) -> bool:
    """Whether it is a name of several words, or one that is known."""
    found = next(iter(mentions(subject)), None)
    if found is None or found.start or found.sort is Sort.TIME:
        return False
    return found.end == len(subject) and (" " in found.text or found.sort is not Sort.NAME)
