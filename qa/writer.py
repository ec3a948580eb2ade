"""The answerer with a language model: every sentence it writes is held against the passages as it comes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from index_store import Document, Embedder, Hit
from qa.citations import Evidence, citation
from qa.crossencoder import CrossEncoder
from qa.errors import ModelError
from qa.exchange import Limits, Message
from qa.generator import Generated, TextGenerator
from qa.grounding import Grounds
from qa.markers import Said, SentenceStream
from qa.models import Model
from qa.prompt import follow_up_messages, question_messages
from qa.providers import context_window
from qa.settings import LLMSettings
from qa.types import Answer, AnswerSentence, Citation, CorrectedMarker, Event, Usage
from qa.verdict import contradictory

_REFUSAL = re.compile(
    r"""(?: (?:i[’']?m|i\ am)?\s*sorry | unfortunately
    | i\ can(?:no|[’'])t | i\ do(?:n[’']t|\ not)\ (?:know|have)
    | there\ is\ no\ (?:information|mention|answer)
    | (?:the|these|none\ of\ the)\ (?:\w+\ )?(?:passages?|documents?|context|texts?|sources?)\ [^.]*?
      (?:do(?:es)?(?:n[’']t|\ not)|no\ (?:information|mention|answer)|\bsay|\bmention) )\b""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a model answered, checked. `dubious`: it refused, contradicted itself, or nothing is supported."""

    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    refused: bool
    dubious: bool
    removed: tuple[AnswerSentence, ...]
    corrected: tuple[CorrectedMarker, ...]
    unknown: tuple[str, ...]
    usage: Usage | None
    notices: tuple[str, ...]


class Writer:
    """Answers with a language model. Safe to use from several threads."""

    def __init__(
        self, model: Model, embedder: Embedder, encoder: CrossEncoder, settings: LLMSettings, strict: bool
    ) -> None:
        self.model = model
        self._embedder = embedder
        self._encoder = encoder
        self._settings = settings
        self._strict = strict
        context = settings.context_tokens or context_window(model)
        self._generator = TextGenerator(model, Limits(settings.answer_tokens, context, settings.patience))

    def write(
        self, question: str, hits: Sequence[Hit], documents: Mapping[str, Document]
    ) -> Generator[Event, None, Written]:
        """Tokens and stages as they come; returns the checked answer. Raises ModelError."""
        page = _Page(hits, documents, Grounds(hits, self._embedder, self._encoder), self._strict)

        def compose(budget: int) -> Sequence[Message]:
            messages, page.shown = question_messages(question, hits, documents, budget)
            return messages

        try:
            generated = yield from _checked(self._generator.stream(compose), page)
        except ModelError as error:
            raise ModelError(str(error), question=question, partial=page.text) from error
        return page.written(self._usage(generated), generated.finish == "length")

    def rewrite(self, question: str, history: Sequence[Answer]) -> Generator[Event, None, str]:
        """A follow-up question rewritten to stand alone, with a sign of life for each token of it.

        Raises ModelError.
        """
        stream = self._generator.stream(lambda _: follow_up_messages(question, history))
        with contextlib.closing(stream):
            while True:
                try:
                    event = next(stream)
                except StopIteration as done:
                    rewritten = cast(Generated, done.value).text
                    break
                yield Event("token", "") if event.kind == "token" else event
        return " ".join(rewritten.split()).removeprefix("Question: ").strip("\"“”' ")

    def _usage(self, generated: Generated) -> Usage | None:
        if generated.input_tokens is None or generated.output_tokens is None:
            return None
        cost = None if self.model.remote else 0.0
        if self._settings.prices is not None:
            prompt, answer = self._settings.prices
            cost = (generated.input_tokens * prompt + generated.output_tokens * answer) / 1e6
        return Usage(generated.input_tokens, generated.output_tokens, cost)


def _checked(stream: Generator[Event, None, Generated], page: _Page) -> Generator[Event, None, Generated]:
    """The generator's events, with the tokens held against the passages."""
    text = SentenceStream()
    with contextlib.closing(stream):
        while True:
            try:
                event = next(stream)
            except StopIteration as done:
                for said in text.end():
                    yield from _tokens(page.take(said))
                return cast(Generated, done.value)
            if event.kind != "token" or not event.text:
                yield event
                continue
            for said in text.feed(event.text):
                yield from _tokens(page.take(said))
            yield from _tokens(page.begin(*text.begun))


@dataclass(slots=True)
class _Page:
    """The answer as it is written: its text so far, and what its sentences stand on."""

    hits: Sequence[Hit]
    documents: Mapping[str, Document]
    grounds: Grounds
    strict: bool
    shown: int = 0
    text: str = ""
    sentences: list[AnswerSentence] = field(default_factory=list)
    removed: list[AnswerSentence] = field(default_factory=list)
    citations: dict[tuple[str, int, int], Citation] = field(default_factory=dict)
    corrected: list[CorrectedMarker] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refused: bool = False
    _begun: str = ""

    def begin(self, gap: str, words: str) -> str:
        """What can be shown of a sentence before it is whole: nothing of it in strict mode."""
        if self.strict or not words:
            return ""
        return self._show(gap, words)

    def take(self, said: Said) -> str:
        """The rest of a whole sentence with its markers, "" for one that is left out."""
        self.unknown += [f"[{number}]" for number in said.marked if not 1 <= number <= self.shown]
        if _REFUSAL.match(said.text):
            self.refused = True
            self.sentences.append(AnswerSentence(said.text, (), "weak"))
            return self._finish(said, ())
        marked = tuple(number for number in said.marked if 1 <= number <= self.shown)
        grounded = self.grounds.ground(said.text, marked)
        if self.strict and grounded.verdict == "unsupported":
            self.removed.append(AnswerSentence(said.text, (), "unsupported"))
            return ""
        numbers = tuple(dict.fromkeys(self._number(each) for each in grounded.evidence))
        self.sentences.append(AnswerSentence(said.text, numbers, grounded.verdict))
        if grounded.moved:
            self.corrected.append(CorrectedMarker(said.text, marked, numbers))
        return self._finish(said, numbers)

    def written(self, usage: Usage | None, cut: bool) -> Written:
        """The whole."""
        claims = [each for each in self.sentences if each.citations or each.verdict == "unsupported"]
        supported = any(each.verdict == "supported" for each in claims)
        torn = bool(claims) and (self.refused or contradictory([each.text for each in claims]))
        refused = not claims
        return Written(
            text=self.text,
            sentences=() if refused else tuple(self.sentences),
            citations=() if refused else tuple(self.citations.values()),
            refused=refused,
            dubious=refused or torn or not supported,
            removed=tuple(self.removed),
            corrected=tuple(self.corrected),
            unknown=tuple(self.unknown),
            usage=usage,
            notices=tuple(self._notices(torn, cut)),
        )

    def _notices(self, torn: bool, cut: bool) -> Iterator[str]:
        if self.removed:
            sentences = "1 sentence" if len(self.removed) == 1 else f"{len(self.removed)} sentences"
            yield f"Left out, because no passage supports it: {sentences}."
        if torn:
            yield "The model contradicts itself."
        if cut:
            yield "The model's answer was longer than it may be, and ends in the middle."

    def _number(self, evidence: Evidence) -> int:
        """The number of a quote; sentences that stand on the same quote share it."""
        source = evidence.hit.passage.source
        key = (source, evidence.start, evidence.end)
        if key not in self.citations:
            self.citations[key] = citation(len(self.citations) + 1, evidence, self.documents[source])
        return self.citations[key].number

    def _show(self, gap: str, words: str) -> str:
        new = words[len(self._begun) :] if self._begun else (gap if self.text else "") + words
        self._begun = words
        self.text += new
        return new

    def _finish(self, said: Said, numbers: Sequence[int]) -> str:
        markers = "".join(f"[{number}]" for number in numbers)
        shown = self._show(said.gap, said.text)
        self._begun = ""
        end = f" {markers}" if markers else ""
        self.text += end
        return shown + end


def _tokens(text: str) -> Iterator[Event]:
    if text:
        yield Event("token", text)
