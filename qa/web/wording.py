"""A sentence to the questions that a reader might ask and that it answers, worded as people word them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index_store import sentence_spans
from qa.evaluation.sentence_questions import ask
from qa.mentions import Sort, mentions
from qa.types import Answer

LONGEST = 90
"""How many characters a question may have that is to be read at a glance."""

_WHO_OR_WHAT = "Who or what "
_BEING = re.compile(r"(is|are|was|were) (?:a|an|the|one of)\b")
_SPEAKING = re.compile(r"(?:says|said|wrote|accuses|plans|led|leads|won|owns)\b")
_WHEN = re.compile(
    r"(?P<subject>(?:The |An? )?\w[\w ’'-]{3,50}?) (?P<was>was|were) "
    r"(?P<done>(?:\w+ ){0,2}?[a-z]+(?:ed|en|t|un)(?: [\w ’'-]{1,40}?)?) "
    r"(?:in|on) (?P<when>(?:the \w+ of )?(?:\w+ )?(?:\d{1,2}(?:, | \w+ ))?\d{4})(?: by [^.]{3,60})?\.$"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the words that have to stand in its answer."""

    question: str
    answer: str


def asked_of(text: str) -> Iterator[Asked]:
    """The questions that the sentences of `text` answer, each at most `LONGEST` characters long."""
    for start, end in sentence_spans(text):
        for each in _of_sentence(" ".join(text[start:end].split())):
            if len(each.question) <= LONGEST:
                yield each


def next_questions(answer: Answer, count: int = 2) -> tuple[str, ...]:
    """Questions that stand near the words which an answer quotes, and are not the one that was asked."""
    cited = {citation.source for citation in answer.citations}
    near = " ".join(hit.passage.text for hit in answer.hits if hit.passage.source in cited)
    asked = {_plain(answer.question), _plain(answer.rewritten_question or "")}
    others = {_plain(each.question): each.question for each in asked_of(near)}
    return tuple(question for plain, question in others.items() if plain not in asked)[:count]


def _plain(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))


def _of_sentence(sentence: str) -> Iterator[Asked]:
    made = list(ask(sentence))
    if made and (found := _WHEN.match(sentence)) and _is_definite(found["subject"]):
        subject = _lowered(found["subject"])
        yield Asked(f"When {found['was']} {subject} {found['done']}?", found["when"])
    for each in made:
        if each.rule == "count":
            yield Asked(each.question, each.answer)
        elif each.rule == "subject":
            yield from _of_subject(each.answer, each.question.removeprefix(_WHO_OR_WHAT), sentence)


def _of_subject(name: str, rest: str, sentence: str) -> Iterator[Asked]:
    """`rest` is what the sentence says of its subject, as the end of a question."""
    sorts = {each.sort for each in mentions(sentence) if each.text in name}
    being = _BEING.match(rest)
    thing = name.startswith("The ") or " " not in name or sorts & {Sort.PLACE, Sort.GROUP}
    if being and (Sort.PERSON in sorts or thing):
        word = "Who" if Sort.PERSON in sorts else "What"
        yield Asked(f"{word} {being[1]} {_lowered(name)}?", rest[being.end(1) :].strip(" ?"))
    elif not being and (Sort.PERSON in sorts or _SPEAKING.match(rest)):
        yield Asked(f"Who {rest}", name)


def _is_definite(subject: str) -> bool:
    """Whether one knows what is meant without having read the text: not "the company"."""
    words = subject.removeprefix("The ").split()
    return len(words) > 1 or words[0][0].isupper()


def _lowered(name: str) -> str:
    """`name` as it stands inside a sentence, its article small."""
    return re.sub(r"^(?:The|An?) ", lambda article: article[0].lower(), name)
