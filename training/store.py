"""The training text as word pieces on disk, tokenized once and read back as flat arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from training.data import SOURCES, Collection

Ints = npt.NDArray[np.int32]
SENTENCE_END = frozenset({".", "!", "?"})
CLOSING = frozenset({'"', "'", "”", "’", ")", "]"})


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of differing length in one flat array: row i is `flat[bounds[i]:bounds[i + 1]]`."""

    flat: Ints
    bounds: Ints

    def __getitem__(self, row: int) -> Ints:
        return self.flat[self.bounds[row] : self.bounds[row + 1]]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @staticmethod
    def of(rows: Iterable[Sequence[int] | Ints]) -> Ragged:
        """The given rows, end to end."""
        arrays = [np.asarray(row, dtype=np.int32) for row in rows]
        bounds = np.cumsum([0, *map(len, arrays)], dtype=np.int32)
        flat = np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int32)
        return Ragged(flat, bounds)


@dataclass(frozen=True, slots=True)
class Store:
    """Word pieces of passages, titles, questions and twisted questions.

    `sentences` holds the piece index at which each sentence of a passage starts; `spans` holds
    start, end (inclusive) pairs of piece indices for each question; `source` numbers
    `SOURCES`.
    """

    passages: Ragged
    sentences: Ragged
    titles: Ragged
    questions: Ragged
    twisted: Ragged
    spans: Ragged
    passage_of: Ragged
    source: Ragged

    def save(self, folder: Path) -> None:
        """Writes each part as a pair of arrays in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(self):
            part: Ragged = getattr(self, field.name)
            np.savez(folder / f"{field.name}.npz", flat=part.flat, bounds=part.bounds)

    @staticmethod
    def load(folder: Path) -> Store:
        """The store that `save` wrote."""
        parts: dict[str, Ragged] = {}
        for field in fields(Store):
            with np.load(folder / f"{field.name}.npz") as held:
                parts[field.name] = Ragged(held["flat"], held["bounds"])
        return Store(**parts)


def open_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a model folder, with truncation and padding off."""
    tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def sentence_starts(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Indices of the pieces that begin a sentence; always holds 0 for a text that has pieces."""
    starts = [0] if offsets else []
    for i in range(1, len(offsets)):
        begin, end = offsets[i][0], offsets[i - 1][1]
        if begin == end:
            continue
        before = text[max(0, end - 2) : end]
        last = before[-1:] if before[-1:] not in CLOSING else before[:1]
        newline = "\n\n" in text[end:begin]
        if newline or (last in SENTENCE_END and not text[begin].islower()):
            starts.append(i)
    return starts


def piece_span(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """The pieces that cover the characters `start` to `end`, first and last, or None."""
    covered = [i for i, (a, b) in enumerate(offsets) if a < end and b > start]
    return (covered[0], covered[-1]) if covered else None


def build_store(collection: Collection, twisted: Sequence[str], tokenizer: Tokenizer) -> Store:
    """Tokenizes everything; rows keep the collection's order."""
    encoded = _encoded(tokenizer, [p.text for p in collection.passages])
    texts = [p.text for p in collection.passages]
    sentences = [sentence_starts(t, e.offsets) for t, e in zip(texts, encoded, strict=True)]
    titles = [f"{p.title}." if p.title else "" for p in collection.passages]
    return Store(
        passages=Ragged.of(e.ids for e in encoded),
        sentences=Ragged.of(sentences),
        titles=Ragged.of(e.ids for e in _encoded(tokenizer, titles)),
        questions=Ragged.of(e.ids for e in _encoded(tokenizer, [q.text for q in collection.questions])),
        twisted=Ragged.of(e.ids for e in _encoded(tokenizer, twisted)),
        spans=Ragged.of(_spans(collection, encoded)),
        passage_of=Ragged.of([q.passage] for q in collection.questions),
        source=Ragged.of([SOURCES.index(q.source)] for q in collection.questions),
    )


def _encoded(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Encoding]:
    found: list[Encoding] = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return found


def _spans(collection: Collection, encoded: Sequence[Encoding]) -> list[list[int]]:
    rows: list[list[int]] = []
    for question in collection.questions:
        offsets = encoded[question.passage].offsets
        found = (piece_span(offsets, start, end) for start, end in question.spans)
        rows.append([index for span in found if span for index in span])
    return rows
