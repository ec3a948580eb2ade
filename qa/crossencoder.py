"""The trained reader at run time: what a passage says to a question, in ONNX Runtime, without torch.

A cross-encoder of six layers over `[CLS] question [SEP] title. passage [SEP]` (training/README.md says how
it was made). Its word vectors are those of the installed all-MiniLM-L6-v2, which training leaves alone.
"""

from __future__ import annotations

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

from index_store import find_weights
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


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What a passage says to a question.

    `spans` are the likeliest short answers, best first, none inside another; scores can be compared
    between passages of one question. `answerable` is the logit that the passage answers at all,
    `relevance` the one to rank passages by.
    """

    spans: tuple[Span, ...]
    answerable: float
    relevance: float


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
        last = len(tokens.ids) - 1  # the closing separator
        spans = tuple(
            Span(tokens.offsets[low][0] - len(head), tokens.offsets[high][1] - len(head), score)
            for low, high, score in best_spans(logits.start[0], logits.end[0], first, last)
        )
        return PassageReading(spans, float(logits.answerable[0]), float(logits.relevance[0]))

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


def best_spans(start: Floats, end: Floats, first: int, last: int) -> list[tuple[int, int, float]]:
    """The `SPANS` best (low, high, score), inclusive, within tokens `first` to `last`, which is left out.

    No two overlap: a worse span that touches a better one says nothing new.
    """
    if first >= last:
        return []
    table = start[first:last, None] + end[None, first:last]
    size = last - first
    allowed = np.triu(np.ones((size, size), bool)) & ~np.triu(np.ones((size, size), bool), LONGEST_ANSWER)
    table = np.where(allowed, table, -np.inf)
    found: list[tuple[int, int, float]] = []
    while len(found) < SPANS and np.isfinite(score := float(table.max())):
        low, high = np.unravel_index(int(table.argmax()), table.shape)
        found.append((first + int(low), first + int(high), score))
        table[
            : high + 1, low:
        ] = -np.inf  # every span that begins before this one's end and ends after its start
    return found
