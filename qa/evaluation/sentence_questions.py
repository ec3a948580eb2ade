"""A sentence to questions that it answers, by rules that need no parser: subjects, counts and gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LEANS_ON_OTHERS = re.compile(
    r"(?:he|she|it|they|we|i|you|his|her|their|its|our|this|that|these|those|there|here|but|and|or|so|yet"
    r"|however|also|then|both|such|another|meanwhile|moreover|the (?:former|latter|same|two))\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:he|she|it|they|him|them|his|her|hers|its|their|we|us|our|i|my)\b", re.IGNORECASE)
_NAME = r"[A-Z][\w’'-]*\w(?: (?:of |de |van |von |the )?[A-Z][\w’'-]*\w)*"
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{1,2}}(?:, \d{{4}})?|{_MONTH} \d{{4}})\b"
)
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,.]*(?: (?:thousand|million|billion|trillion))?\b%?(?![-\w])")
_INNER_NAME = re.compile(rf"(?<=[a-z,] ){_NAME}")
_VERB = (
    "(?:is|are|was|were|has|have|had|will|became|won|said|says|wrote|led|leads|accuses|owns|holds|plans"
    "|[a-z]+ed)"
)
_SUBJECT = re.compile(rf"(?P<name>(?:The )?{_NAME}(?: [a-z]+s)?) (?P<rest>(?P<verb>{_VERB}) .+)\.$")
_HELPER = re.compile(r"\b(?:is|are|was|were|has|have|had)\b")
_COUNT = re.compile(
    r"(?:(?:Only|About|Around|Some|Nearly|Almost|At least|More than|Over) )?(?P<count>\d[\d,]*) "
    r"(?P<rest>(?:[a-zA-Z]\w+ ){0,3}[a-z]+s "
    r"(?:were|are|have|had|will|can|took|came|went|died|[a-z]+ed)\b.*)\.$"
)
_FEWEST, _MOST = 6, 35  # words of a sentence that is asked about
GAP = "___"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the answer that stands in `sentence`, and how the question was made."""

    question: str
    answer: str
    sentence: str
    rule: str


def ask(sentence: str) -> Iterator[Asked]:
    """The questions that the sentence answers and that make sense without what stands around it."""
    sentence = " ".join(sentence.split())
    if not _stands_alone(sentence):
        return
    if found := _COUNT.match(sentence):
        yield Asked(f"How many {found['rest']}?", found["count"], sentence, "count")
    found = _SUBJECT.match(sentence)
    if found and not (found["verb"].endswith("ed") and _HELPER.search(found["rest"])):  # "those killed were"
        yield Asked(f"Who or what {found['rest']}?", found["name"], sentence, "subject")
    for rule, pattern in (("date", _DATE), ("number", _NUMBER), ("name", _INNER_NAME)):
        if found := pattern.search(sentence):
            gapped = sentence[: found.start()] + GAP + sentence[found.end() :]
            yield Asked(f"What is missing here: “{gapped}”?", found[0], sentence, rule)


def _stands_alone(sentence: str) -> bool:
    """Whether it is a whole plain sentence that points at nothing before it."""
    words = sentence.split()
    return (
        _FEWEST <= len(words) <= _MOST
        and sentence[0].isupper()
        and sentence.endswith(".")
        and not re.search(r"[“”\"|<>{}]|https?:|\w\.\w+\.", sentence)
        and not _LEANS_ON_OTHERS.match(sentence)
        and not _PRONOUN.search(sentence)
    )
