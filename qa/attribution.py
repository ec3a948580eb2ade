"""Whose word is asked for: "according to the police" wants what they say, not what others do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.numerals import quantities
from qa.words import content_words

_ASKED = re.compile(
    r"\bacc?ording to ((?:(?! (?:in|on|at|for|after|before|since|when)\b)[^,;:?])+)", re.IGNORECASE
)
_DOCUMENTS = content_words("articles documents texts passages files pages story stories authors papers")
_POINTS = re.compile(r"\b(?:he|she|they|it|his|her|their|its)\b", re.IGNORECASE)

Told = tuple[str, str]  # the words of a short answer, and the sentence that they stand in


def told_by(question: str, answers: Sequence[Told]) -> int | None:
    """Which short answer, of some that are given best first, is the word of him whom the question names.

    None where it names nobody, or the first may be his word already: its sentence names him, or somebody by a
    pronoun. A number only gives way to a number.
    """
    source = _asked(question)
    if not source or not answers or _POINTS.search(answers[0][1]):
        return None
    numeric = bool(quantities(answers[0][0]))
    names = (
        2 * len(source & content_words(sentence)) >= len(source) and bool(quantities(words)) == numeric
        for words, sentence in answers
    )
    return next((at for at, named in enumerate(names) if named), None) or None


def _asked(question: str) -> frozenset[str]:
    """The stems of who is to say it; none where nobody is named, or the documents are."""
    found = _ASKED.search(question)
    return content_words(found[1]) - _DOCUMENTS if found else frozenset()
