"""What was found for a question to an answer: by the built-in reader, or by a language model it backs up."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass

from index_store import Document, Hit
from qa.citations import Cited, cite
from qa.errors import ModelError
from qa.reader import Reader, Reading
from qa.retriever import Found
from qa.settings import Settings
from qa.summary import Summary
from qa.types import Answer, Event, Usage
from qa.writer import Writer, Written

INSUFFICIENT = "The documents don't say."


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A question with what retrieval found for it in one version of the index.

    `unread` of `files` files could not be read, so that they were not searched. `spent` is what rewriting the
    question took.
    """

    asked: str
    rewritten: str | None
    found: tuple[Found, ...] | Summary
    version: str
    unread: int
    files: int
    spent: Usage | None = None

    @property
    def question(self) -> str:
        """The question as it can be understood alone."""
        return self.rewritten or self.asked

    @property
    def sources(self) -> frozenset[str]:
        """The documents that the hits are from."""
        return frozenset(hit.passage.source for hit in self.hits)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages, best first."""
        found = self.found
        return found.hits if isinstance(found, Summary) else tuple(each.hit for each in found)


class Answerer:
    """Answers with the built-in reader; with a `writer`, with its language model."""

    def __init__(self, reader: Reader, writer: Writer | None, settings: Settings) -> None:
        self._reader = reader
        self._settings = settings
        self.writer = writer

    def under(self, settings: Settings, writer: Writer | None) -> Answerer:
        """The same reader with other settings, and another language model or none."""
        return Answerer(self._reader, writer, settings)

    def quote(
        self, retrieved: Retrieved, document: Callable[[str], Document]
    ) -> Generator[Event, None, Answer]:
        """The built-in reader's answer, as events and at last as a value."""
        yield Event("stage", "reading")
        answer = self._quoted(retrieved, document)
        yield Event("stage", "writing")
        yield from _tokens(answer.text)
        return answer

    def write(
        self, writer: Writer, retrieved: Retrieved, documents: Mapping[str, Document]
    ) -> Generator[Event, None, Answer]:
        """The language model's answer; where the model fails, the reader's if that is allowed."""
        yield Event("stage", "writing")
        try:
            written = yield from writer.write(retrieved.question, retrieved.hits, documents)
        except ModelError as error:
            if not self._settings.fallback:
                raise
            notice = f"{error} The built-in reader answered instead."
            yield Event("stage", "reading")
            answer = self._quoted(retrieved, documents.__getitem__)
            if not error.partial:
                yield from _tokens(answer.text)
            return dataclasses.replace(answer, partial=error.partial, notices=(notice,))
        answer = self._written(retrieved, written, writer.model.name)
        yield from _tokens(answer.text[len(written.text) :])
        if written.dubious:
            quoted = self._quoted(retrieved, documents.__getitem__)
            if quoted.status == "answered":
                answer = dataclasses.replace(answer, alternative=quoted)
        return answer

    def _quoted(self, retrieved: Retrieved, document: Callable[[str], Document]) -> Answer:
        reading = self._reading(retrieved, document)
        answered = bool(reading.statements) and reading.probability >= self._settings.threshold
        cited = cite(reading.statements, document) if answered else Cited(_insufficient(retrieved), (), ())
        return Answer(
            question=retrieved.asked,
            text=cited.text,
            status="answered" if answered else "insufficient",
            probability=reading.probability,
            sentences=cited.sentences,
            citations=cited.citations,
            hits=retrieved.hits,
            model="builtin",
            index_version=retrieved.version,
            rewritten_question=retrieved.rewritten,
            lead=reading.lead if answered else "",
            disagreement=reading.disagreement and answered,
        )

    def _reading(self, retrieved: Retrieved, document: Callable[[str], Document]) -> Reading:
        if isinstance(found := retrieved.found, Summary):
            statements = tuple((each,) for each in found.evidence)
            return Reading(statements, probability=1.0 if statements else 0.0)
        return self._reader.read(retrieved.question, found, document)

    def _probability(self, retrieved: Retrieved) -> float:
        if isinstance(found := retrieved.found, Summary):
            return 1.0 if found.evidence else 0.0
        return self._reader.probability(retrieved.question, found)

    def _written(self, retrieved: Retrieved, written: Written, model: str) -> Answer:
        return Answer(
            question=retrieved.asked,
            text=written.text or _insufficient(retrieved),
            status="insufficient" if written.refused else "answered",
            probability=self._probability(retrieved),
            sentences=written.sentences,
            citations=written.citations,
            hits=retrieved.hits,
            model=model,
            index_version=retrieved.version,
            rewritten_question=retrieved.rewritten,
            unknown_markers=written.unknown,
            usage=written.usage + retrieved.spent if written.usage and retrieved.spent else written.usage,
            corrected_markers=written.corrected,
            removed=written.removed,
            notices=written.notices,
        )


def _insufficient(retrieved: Retrieved) -> str:
    if not retrieved.files:
        return f"{INSUFFICIENT} The index holds no document. Put some into the corpus; then run: qa rebuild"
    unread = f" {retrieved.unread} of {retrieved.files} files could not be read." if retrieved.unread else ""
    return INSUFFICIENT + unread


def _tokens(text: str) -> Iterator[Event]:
    if text:
        first, *rest = text.split(" ")
        yield Event("token", first)
        yield from (Event("token", f" {word}") for word in rest)
