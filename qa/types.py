"""What a question becomes: an answer whose every sentence can be checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from index_store import Hit

Status = Literal["answered", "insufficient"]
Verdict = Literal["supported", "weak", "unsupported"]
EventKind = Literal["stage", "token", "answer"]


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quote: `document.text[start:end] == quote`. `page` is 1-based, or None.

    `published` is the document's own date in ISO form (or a year, or year and month), or None.
    `answer_start` and `answer_end` bound the words of the quote that answer by themselves, as offsets in
    the document too; None where no few words do.
    """

    number: int
    source: str
    title: str
    quote: str
    start: int
    end: int
    page: int | None
    score: float
    document_sha256: str
    published: str | None = None
    answer_start: int | None = None
    answer_end: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of the answer, the numbers of its citations, and whether they support it."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of an answer as the model's provider counted them, and their price in US dollars.

    Those that a follow-up question was rewritten with are among them.
    `cost` is None where no price is known; a model on this machine costs 0.
    """

    input_tokens: int
    output_tokens: int
    cost: float | None = None

    def __add__(self, other: Usage) -> Usage:
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        read, written = self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens
        return Usage(read, written, cost)


@dataclass(frozen=True, slots=True)
class CorrectedMarker:
    """A sentence whose model named the passages `marked` (ranks of `Answer.hits`), which do not say it.

    The `citations` in their place are from another passage, which does.
    """

    sentence: str
    marked: tuple[int, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    `text` carries a `[n]` marker for each citation and no other. `status` is "insufficient" when
    the documents do not say; `citations` is then empty and `hits` are the nearest passages.
    `probability` is the calibrated probability that the documents answer the question, or None
    while there is no calibration; at least .6 where they have a section, line or row that the
    question asks for by name. A summary is no guess: its probability is 1, or 0 where there is
    nothing to sum up. `timings` are seconds by stage. `unknown_markers` are markers
    that a model wrote without a passage behind them; they are not in `text`.
    `lead` is the short answer in the documents' own words, or "" where none stands by itself; with
    `disagreement` it names the differing answers, each with its marker.

    Of answers that a language model wrote: `usage`; `corrected_markers`; `removed`, the unsupported
    sentences that `Settings.strict` left out; `alternative`, the built-in reader's answer where the
    model refused, contradicted itself or wrote nothing that is supported; and where the model failed
    and the built-in reader answered, `partial`, what the model had written.
    `notices` are sentences to show with the answer: what failed, what was removed.
    """

    question: str
    text: str
    status: Status
    probability: float | None
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    model: str
    index_version: str
    timings: Mapping[str, float] = field(default_factory=dict)
    rewritten_question: str | None = None
    unknown_markers: tuple[str, ...] = ()
    lead: str = ""
    disagreement: bool = False
    usage: Usage | None = None
    corrected_markers: tuple[CorrectedMarker, ...] = ()
    removed: tuple[AnswerSentence, ...] = ()
    alternative: Answer | None = None
    partial: str = ""
    notices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON values; what `qa ask --json` prints."""
        alternative = self.alternative.to_dict() if self.alternative else None
        plain = dataclasses.asdict(dataclasses.replace(self, alternative=None))
        return plain | {"timings": dict(self.timings), "alternative": alternative}

    def to_markdown(self) -> str:
        """The answer as Markdown, its sources as a numbered list of quotes."""
        from qa.render import markdown

        return markdown(self)

    def _repr_html_(self) -> str:
        from qa.render import html

        return html(self)

    def __str__(self) -> str:
        from qa.render import plain

        return plain(self)


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a streamed answer: a "stage" begun, a "token" of text, or the whole "answer".

    The tokens together are the answer's text, unless a model failed half way and the built-in reader
    answered. A token is empty where nothing has come for half a second. `rewritten` is what a follow-up is
    searched as, told with the stage "searching".
    """

    kind: EventKind
    text: str
    answer: Answer | None = None
    rewritten: str | None = None
