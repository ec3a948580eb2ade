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
from qa.markers import Said, SentenceStream, spoken
from qa.models import Model
from qa.prompt import REFUSAL, follow_up_messages, question_messages
from qa.providers import context_window
from qa.settings import LLMSettings
from qa.types import Answer, AnswerSentence, Citation, CorrectedMarker, Event, Usage
from qa.verdict import contradictory
from qa.words import content_words

_DOCUMENTS = r"(?:\w+\ )?(?:passages?|documents?|context|texts?|sources?)"
_REFUSAL = re.compile(
    rf"""(?:(?:(?:i[’']?m|i\ am)?\ ?(?:very\ )?sorry | unfortunately)\W+ (?:but\ )?)?
    (?: i\ (?:can(?:not|[’']t)|could(?:n[’']t|\ not)|(?:a|[’'])m\ (?:not\ able\ to|unable\ to))
        \ (?:answer|find|say|tell|determine|provide|give|help|see)\b
    | i\ do(?:n[’']t|\ not)\ (?:know|have|see|find)\b
    | there\ (?:is|was)\ (?:no|not\ (?:any|enough))\ (?:information|mention|answer)\b
    | none\ of\ the\ {_DOCUMENTS}\b
    | the(?:se)?\ {_DOCUMENTS}\ [^.]*?\b
        (?:do(?:es)?(?:n[’']t|\ not)|never|nothing|no\ (?:information|mention|answer))\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BESIDES = re.compile(r"\b(?:but|however|though|although|while|whereas)\b|[;:–—]", re.IGNORECASE)
_TALK = content_words(
    """
    Here is what I found in a short summary, an overview or a list of the key points and the main findings,
    facts and details. Based on the provided or given passages, documents, texts, context, information and
    sources, according to these, the answer to your question is as follows; the following answers are above or
    below. In conclusion or summary: sure, certainly, of course. I hope this helps, let me know, feel free to
    ask more questions, thanks, hello, relevant, great, happy. note
    """
)  # of sentences that say nothing about anything


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
        context = settings.context_tokens or max(context_window(model), 2 * settings.answer_tokens)
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

    def rewrite(
        self, question: str, history: Sequence[Answer]
    ) -> Generator[Event, None, tuple[str, Usage | None]]:
        """A follow-up question rewritten to stand alone, with a sign of life for each token of it.

        Raises ModelError.
        """
        stream = self._generator.stream(lambda budget: follow_up_messages(question, history, budget))
        with contextlib.closing(stream):
            while True:
                try:
                    event = next(stream)
                except StopIteration as done:
                    generated = cast(Generated, done.value)
                    break
                yield Event("token", "") if event.kind == "token" else event
        rewritten = " ".join(generated.text.split()).removeprefix("Question: ").strip("\"“”' ")
        return rewritten, self._usage(generated)

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
    refused: bool = False  # in the words it was given for that
    _begun: str = ""

    def begin(self, gap: str, words: str) -> str:
        """What can be shown of a sentence before it is whole: nothing of it in strict mode."""
        if self.strict or not words:
            return ""
        return self._show(gap, words)

    def take(self, said: Said) -> str:
        """The rest of a whole sentence with its markers, "" for one that is left out."""
        self.unknown += [f"[{number}]" for number in said.marked if not 1 <= number <= self.shown]
        marked = tuple(number for number in said.marked if 1 <= number <= self.shown)
        if not marked and _refuses(said.words):
            self.refused = self.refused or said.words.replace("’", "'") == REFUSAL
            return self._finish(said, ())
        if _claims_nothing(said.words):
            return "" if self.strict else self._finish(said, ())
        grounded = self.grounds.ground(said.words, marked)
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
        claims = self.sentences
        supported = any(each.verdict == "supported" for each in claims)
        torn = bool(claims) and (self.refused or contradictory([spoken(each.text) for each in claims]))
        refused = not claims
        return Written(
            text=self.text,
            sentences=tuple(claims),
            citations=tuple(self.citations.values()),
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


def _refuses(sentence: str) -> bool:
    """Whether a sentence says that there is no answer, and claims nothing besides."""
    found = _REFUSAL.match(sentence)
    return found is not None and not _BESIDES.search(sentence, found.end())


def _claims_nothing(sentence: str) -> bool:
    """Whether a sentence leads in or out, or is a line of signs."""
    if not any(map(str.isalnum, sentence)):
        return True
    told = content_words(sentence)
    return bool(told) and told <= _TALK


def _tokens(text: str) -> Iterator[Event]:
    if text:
        yield Event("token", text)
