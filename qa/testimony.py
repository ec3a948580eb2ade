"""Who says what in the passages that were read: all that somebody says, and who says it word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.citations import Evidence
from qa.question import Saying
from qa.retriever import Found
from qa.speaker import DENIES, SPEAKS, is_called, teller
from qa.supplement import telling
from qa.words import content_words

Told = tuple[Evidence, Found]


@dataclass(frozen=True, slots=True)
class Testimony:
    """A sentence by the document's offsets, and by those of the window's text the name of who says it, if it
    can be told.
    """

    found: Found
    start: int
    end: int
    name: tuple[int, int] | None

    @property
    def text(self) -> str:
        """The sentence."""
        return self.found.window.between(self.start, self.end)

    @property
    def evidence(self) -> Evidence:
        """The sentence as what is quoted."""
        return Evidence(self.found.hit, self.start, self.end)

    def is_by(self, asked: str) -> bool:
        """Whether it is said by whom a question calls so."""
        return self.name is not None and is_called(self.found.window.text[slice(*self.name)], asked)


def said_by(asked: Saying, told: Sequence[Told], read: Sequence[Found]) -> list[Told]:
    """What was told, less what somebody else says, and the rest of what is said by whom the question names.

    What was told first stays first, then comes what he says, then what touches the topic. Nothing where the
    passages have him say nothing.
    """
    every = list(_testimonies(read))
    if not any(each.is_by(asked.who) for each in every):
        return []
    topic = content_words(asked.topic)
    his = [each for each in every if each.is_by(asked.who) and topic <= content_words(each.text)]
    others = [each.evidence for each in every if each.name and not each.is_by(asked.who)]
    own = [each for each in told if not any(each[0].overlaps(other) for other in others)]
    best = [each for each in own if each is told[0]]
    near = [each for each in own if not topic or topic & content_words(_text(*each))]
    return [*best, *((each.evidence, each.found) for each in his), *near]


def _text(evidence: Evidence, found: Found) -> str:
    return found.window.between(evidence.start, evidence.end)


def word_for_word(question: str, read: Sequence[Found]) -> Testimony | None:
    """The sentence where somebody says with the question's words what it asks who says.

    None where the sentence of the best short answer does so already, or none does.
    """
    asked = content_words(SPEAKS.sub("", question))
    denied = DENIES.search(question) is not None
    for each in _testimonies(read) if len(asked) > 1 else ():
        if asked <= content_words(each.text) and (DENIES.search(each.text) is not None) is denied:
            if each.found is read[0] and any(each.start <= span.start < each.end for span in read[0].spans):
                return None
            if each.name:
                return each
    return None


def _testimonies(read: Sequence[Found]) -> Iterator[Testimony]:
    """The sentences of the passages that may answer, the best passage's first."""
    for found in telling(read):
        text, offsets = found.window.text, found.window.offsets
        for at, sentence in enumerate(found.window.sentences):
            yield Testimony(found, *sentence, teller(text, offsets, at))
