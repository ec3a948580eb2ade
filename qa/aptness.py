"""Whether words can be an answer: not the question's own again, nor of a measure that it does not ask for.

The reader takes the likeliest words, and where the right ones are missing or stand further away, those are
often the question's own. Only what is certain is told; all other words are apt.
"""

from __future__ import annotations

import re

from qa import wording
from qa.numerals import quantities
from qa.question import Kind, kind
from qa.words import capitalized_runs, content_words

_SUMS = frozenset(["$", "€", "£", "¥", "", "m"])  # of a currency that is not known; "5m" are millions here
_PRICE = re.compile(
    r"\bhow much (?:did|does|do|is|was|were|are|will|would)\b"
    r".*\b(?:costs?|pays?|paid|spend|spent|worth|earn|fined)\b"
)
_COMPARED = re.compile(r"\b(?:twice|half|as much|as many)\b")  # to another price
_PERCENTAGE = re.compile(r"\b(?:what|which) (?:percent|percentage|per cent)\b")
_PART = re.compile(r"[%⅓⅔½¼¾]|per\W?cent|\bpct\b|\d/\d|\b(?:in|of) \w")
_SOMEBODY = re.compile(r"some(?:one|body)", re.IGNORECASE)
_ASKING = re.compile(rf"\b(?:(?:{'|'.join(wording.ASKING)})\w*|tell|show)\b|n't\b")
# What is asked about may be the answer: to a choice, and of a name or an abbreviation that is to be explained
_REPEATABLE = re.compile(
    r"\b(?:or|between|versus|vs|stands? for|means?|meaning|short for|full name|abbreviat\w*|acronym)\b"
    r"|^(?:which|who|what) of\b|[:/]",
    re.IGNORECASE,
)


def apt(question: str, words: str, after: str = "") -> bool:
    """Whether `words` can be the answer; `after` is the text behind them, where their unit may stand."""
    if echoes(question, words) or (_SOMEBODY.fullmatch(words) and kind(question) is Kind.PERSON):
        return False
    asked, found = question.lower(), quantities(words)
    if _PRICE.search(asked):
        is_sum = not found or any(each.unit in _SUMS for each in found)
        return is_sum and not _COMPARED.search(words.lower())
    if _PERCENTAGE.search(asked) and found:
        return bool(_PART.search(f"{words} {after[:12]}".lower()))
    return True


def echoes(question: str, words: str) -> bool:
    """Whether the words, which are more than pronouns, say nothing that the question does not say.

    An abbreviation and the name that it stands for say the same. What is to be confirmed ("Is it red?"),
    chosen or explained is answered by its own words, and a part of a name ("University of Oxford") may be.
    """
    asked, told = content_words(question), content_words(words.lower())
    initials = {each for each in content_words(words) - told if len(each) > 2}
    if not told or not (told <= asked or initials & asked) or _REPEATABLE.search(question):
        return False
    if set(quantities(words)) - set(quantities(question)):
        return False
    within_a_name = any(words in run and words != run for run in capitalized_runs(question))
    return not within_a_name and kind(question) not in (Kind.YES_NO, Kind.DEFINITION)


def is_phrase(question: str) -> bool:
    """Whether a query asks in no sentence ("population of Norway"), so that its own words never answer it."""
    asked = " ".join(question.lower().replace("’", "'").split())
    return not (_ASKING.search(asked) or wording.YES_NO.match(asked))
