"""Whose figure is asked for: "how many died, according to the police" wants theirs, not another's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa import wording
from qa.mentions import SPEECH
from qa.numerals import quantities
from qa.question import Kind, kind
from qa.words import content_words

_ASKED = re.compile(r"\bacc?ording to (?:the |an? |its |their )?([^,;:?]+)", re.IGNORECASE)
_END = re.compile(
    rf"\s(?:in|on|at|for|from|by|after|before|since|during|{'|'.join(wording.ASKING)}"
    r"|is|are|was|were|did|does|do|has|have|had|will|would|can|could)\b.*",
    re.IGNORECASE,
)
# What speaks for itself: its word is the document's own, wherever it is mentioned
_WRITTEN = content_words(
    "article document text passage file page story author paper report study plan law act rule survey memo"
    " letter handbook manual book chapter section website site schedule budget poll census agreement contract"
    " source data"
)
_SAYING = rf"(?:{SPEECH}|puts?|gives?|gave|estimates?|estimated)"
_SAYS = re.compile(rf"\b(?:{_SAYING}|according to)\b", re.IGNORECASE)
_POINTS = re.compile(
    rf"\b(?:he|she|they|it|(?:his|her|their|its) [\w-]+)(?: [\w-]+)? {_SAYING}\b"
    r"|\baccording to (?:him|her|them|it)\b",
    re.IGNORECASE,
)

Told = tuple[str, str]  # the words of a short answer, and the sentence that they stand in


def source_of_figure(question: str) -> frozenset[str]:
    """The stems of who gives the number that is asked for; none where nobody does, or what is written."""
    found = _ASKED.search(question)
    if found is None or kind(question) is not Kind.NUMBER:
        return frozenset()
    name = _END.sub("", found[1]).split()
    words = name[-1:] if name[-1:] and name[-1][0].isupper() else name  # people are called by their last name
    stems = frozenset[str]().union(*map(content_words, words))
    return frozenset() if stems & _WRITTEN else stems


def told_by(source: frozenset[str], answers: Sequence[Told]) -> int | None:
    """Which of some short answers, given best first, is the figure of a source.

    None where the first may be its figure already: its sentence names the source, or has a pronoun speak.
    """
    if not answers or source <= content_words(answers[0][1]) or _POINTS.search(answers[0][1]):
        return None
    return next((at for at, told in enumerate(answers) if _gives(source, *told)), None)


def _gives(source: frozenset[str], words: str, sentence: str) -> bool:
    return bool(quantities(words) and _SAYS.search(sentence)) and source <= content_words(sentence)
