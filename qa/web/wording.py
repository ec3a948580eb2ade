"""A sentence to the questions that a reader might ask and that it answers, worded as people word them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index_store import sentence_spans
from qa.sentence_questions import ask
from qa.types import Answer

LONGEST = 90
"""How many characters a question may have that is to be read at a glance."""


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
    for each in ask(sentence):
        if each.is_natural and _is_definite(each.subject):
            yield Asked(each.question, each.answer)


def _is_definite(subject: str) -> bool:
    """Whether one knows what is meant without having read the text: not "the company"."""
    return not re.fullmatch(r"[Tt]he [a-z]\w*", subject)
