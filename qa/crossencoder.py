"""The trained reader at run time: what a passage says to a question, in ONNX Runtime, without torch.

A cross-encoder of six layers over `[CLS] question [SEP] title. passage [SEP]` (training/README.md says how
it was made). Its word vectors are those of the installed all-MiniLM-L6-v2, which training leaves alone.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index_store import find_weights, sentence_spans
from index_store.inference import cores, open_session

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

MAX_TOKENS = 384  # trained on up to 280; the longer of question and passage is cut at its end
LONGEST_ANSWER = 30  # tokens
LONGEST_TITLE = 200  # characters; a longer one would leave the passage no room
SPANS = 8  # the most that are told of one passage


class Logits(NamedTuple):
    """What the network gives for a batch: the first two `[batch, tokens]`, the others `[batch]`."""

    start: Floats
    end: Floats
    answerable: Floats
    relevance: Floats


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of the passage that was read, and the sum of its start and end logits."""

    start: int
    end: int
    score: float


class Marks(NamedTuple):
    """Each of a passage's `[tokens]`: where it begins and ends in the text, its start and end logit, and the
    number of its sentence (or heading, or item of a list).
    """

    begins: Ids
    ends: Ids
    sentence: Ids
    start: Floats
    end: Floats

    def moved(self, by: int) -> Marks:
        """The same in a text that begins so many characters earlier."""
        return self._replace(begins=self.begins + by, ends=self.ends + by)


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What a passage says to a question.

    `spans` are the likeliest short answers, best first, none inside another; scores can be compared
    between passages of one question. `answerable` is the logit that the passage answers at all,
    `relevance` the one to rank passages by. `marks` is what the spans were chosen by, None where they were
    chosen otherwise.
    """

    spans: tuple[Span, ...]
    answerable: float
    relevance: float
    marks: Marks | None = dataclasses.field(default=None, repr=False, compare=False)


class Look(NamedTuple):
    """What a stretch of a passage says by itself: its marks, by the passage's offsets, and `answerable`."""

    marks: Marks
    answerable: float


class CrossEncoder:
    """Reads passages for a question: one single-threaded run per core, one passage per run."""

    def __init__(self, model: Path | None = None) -> None:
        """`model` is the ONNX file; None means the one that Footnote ships."""
        self._model = model
        self._preparing = threading.Lock()

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> tuple[PassageReading, ...]:
        """What each (title, text) says to the question, in order; a title may be empty."""
        return self.read_each([(question, title, text) for title, text in passages])

    def read_each(self, asked: Sequence[tuple[str, str, str]]) -> tuple[PassageReading, ...]:
        """What each (question, title, text) comes to, in order."""
        self._prepare()
        return tuple(self._workers.map(lambda each: self._read_one(*each), asked))

    def look(
        self, question: str, title: str, text: str, stretches: Sequence[tuple[int, int]]
    ) -> tuple[Look, ...]:
        """What each stretch of the text says, read by itself, in order."""
        readings = self.read(question, [(title, text[start:end]) for start, end in stretches])
        return tuple(
            Look(reading.marks.moved(start), reading.answerable)
            for reading, (start, _) in zip(readings, stretches, strict=True)
            if reading.marks is not None
        )

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is one of the model's 30,000 most frequent, no misspelling."""
        self._prepare()
        return self._tokenizer.token_to_id(word) is not None

    def logits(self, ids: Ids, mask: Ids, types: Ids) -> Logits:
        """The network on a padded batch, each input `[batch, tokens]`."""
        self._prepare()
        vectors = self._word_vectors[ids]
        return Logits(
            *self._session.run(
                None, {"word_vectors": vectors, "attention_mask": mask, "token_type_ids": types}
            )
        )

    def _prepare(self) -> None:
        with self._preparing:
            _ = self._session, self._tokenizer, self._word_vectors, self._workers

    def _read_one(self, question: str, title: str, text: str) -> PassageReading:
        head = f"{title[:LONGEST_TITLE]}. " if title else ""
        tokens = self._tokenizer.encode(question, head + text)
        ids, types = np.array([tokens.ids], np.int64), np.array([tokens.type_ids], np.int64)
        logits = self.logits(ids, np.ones_like(ids), types)
        first = next(
            (
                at
                for at, (part, offsets) in enumerate(zip(tokens.sequence_ids, tokens.offsets, strict=True))
                if part == 1 and offsets[0] >= len(head)
            ),
            len(tokens.ids),
        )
        read = slice(first, max(first, len(tokens.ids) - 1))  # without the closing separator
        begins, ends = np.array(tokens.offsets[read], np.int64).reshape(-1, 2).T - len(head)
        sentence = np.searchsorted([end for _, end in sentence_spans(text)], begins, side="right")
        marks = Marks(begins, ends, sentence, logits.start[0][read], logits.end[0][read])
        spans = _spans(marks)
        return PassageReading(spans, float(logits.answerable[0]), float(logits.relevance[0]), marks)

    @cached_property
    def _weights(self) -> Path:
        return find_weights().folder

    @cached_property
    def _session(self) -> Any:
        return open_session(self._model or Path(str(resources.files("qa") / "reader.onnx")))

    @cached_property
    def _word_vectors(self) -> Floats:
        from safetensors import safe_open

        with safe_open(self._weights / "model.safetensors", "numpy") as file:
            vectors: Floats = file.get_tensor("embeddings.word_embeddings.weight")
        return vectors

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._weights / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        return tokenizer

    @cached_property
    def _workers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(cores(), thread_name_prefix="read")


def likeliest(whole: PassageReading, sentences: Sequence[Sequence[Look]]) -> PassageReading:
    """The whole passage's reading, with what was said of the sentence that answers likeliest.

    Each of the `sentences` is what `joined` takes. One is as likely as the whole reading has the answer begin
    and end in it, times the odds that it answers, by the look that took in the most around it.
    """
    marks = whole.marks
    read = [looks for looks in sentences if all(len(each.marks.begins) for each in looks)]
    if marks is None or not read:
        return whole
    best = max(read, key=lambda looks: _share(marks, looks[0].marks) + looks[-1].answerable)
    return joined(whole, best)


def _share(whole: Marks, part: Marks) -> float:
    """The logarithm of how much of the starts and of the ends lies in a part."""
    inside = (whole.begins >= part.begins[0]) & (whole.ends <= part.ends[-1])
    return sum(float(_total(each[inside]) - _total(each)) for each in (whole.start, whole.end))


def joined(whole: PassageReading, looks: Sequence[Look]) -> PassageReading:
    """The whole passage's reading, with what all readings together say of its innermost part.

    `looks` are of stretches of the passage, the innermost first, which the others hold. The means of the
    log-probabilities choose its spans, as of an ensemble, and spans outside it come after them; `answerable`
    is the mean too. The spans stay as they are where the passage was too long to be read to the part's end.
    """
    if whole.marks is None:
        return whole
    marks = _mean([each.marks for each in looks], whole.marks)
    odds = [whole.answerable, *(each.answerable for each in looks)]
    whole = dataclasses.replace(whole, answerable=sum(odds) / len(odds))
    if marks is None:
        return whole
    inside = _spans(marks)
    outside = [
        dataclasses.replace(each, score=min(each.score, inside[0].score))
        for each in whole.spans
        if each.end <= marks.begins[0] or marks.ends[-1] <= each.start
    ]
    spans = sorted((*inside, *outside), key=lambda each: -each.score)[:SPANS]
    return dataclasses.replace(whole, spans=tuple(spans))


def _mean(looks: Sequence[Marks], whole: Marks) -> Marks | None:
    """The first look's tokens with the mean logits of all and the whole, as if each had the whole's sum of
    probabilities; None where one of them lacks such a token.
    """
    inner = looks[0]
    starts: list[Floats] = []
    ends: list[Floats] = []
    for each in (*looks, whole):
        at = np.searchsorted(each.begins, inner.begins)
        if not len(at) or at[-1] >= len(each.begins) or (each.ends[at] != inner.ends).any():
            return None
        starts.append(each.start[at] + _total(whole.start) - _total(each.start))
        ends.append(each.end[at] + _total(whole.end) - _total(each.end))
    return inner._replace(start=np.mean(starts, axis=0), end=np.mean(ends, axis=0))


def _total(logits: Floats) -> np.float32:
    """The logarithm of the sum of what the logits stand for."""
    total: np.float32 = np.logaddexp.reduce(logits)
    return total


def _spans(marks: Marks) -> tuple[Span, ...]:
    return tuple(
        Span(int(marks.begins[low]), int(marks.ends[high]), score)
        for low, high, score in best_spans(marks.start, marks.end, marks.sentence)
    )


def best_spans(start: Floats, end: Floats, sentence: Ids) -> list[tuple[int, int, float]]:
    """The `SPANS` best (low, high, score), inclusive, each within one sentence, by its tokens' numbers.

    No two overlap: a worse span that touches a better one says nothing new.
    """
    size = len(start)
    if not size:
        return []
    table = start[:, None] + end[None, :]
    allowed = np.triu(np.ones((size, size), bool)) & ~np.triu(np.ones((size, size), bool), LONGEST_ANSWER)
    table = np.where(allowed & (sentence[:, None] == sentence[None, :]), table, -np.inf)
    found: list[tuple[int, int, float]] = []
    while len(found) < SPANS and np.isfinite(score := float(table.max())):
        low, high = np.unravel_index(int(table.argmax()), table.shape)
        found.append((int(low), int(high), score))
        table[
            : high + 1, low:
        ] = -np.inf  # every span that begins before this one's end and ends after its start
    return found
