"""Running a reader over (question, title, passage) inputs, in torch or from an ONNX file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Encoding, Tokenizer

from qa.crossencoder import Floats, best_spans
from training.model import Reader

LONGEST = 512
PIECES_PER_BATCH = 4096
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question put to a passage; the title, when there is one, goes before the passage."""

    question: str
    title: str
    passage: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The best span's text and its character range in the passage, and the reader's scores."""

    text: str
    start: int
    end: int
    span: float
    answerable: float
    relevance: float


@dataclass(frozen=True, slots=True)
class Outputs:
    """A batch of the reader's logits as arrays."""

    start_logits: Floats
    end_logits: Floats
    answerable: Floats
    relevance: Floats


class BatchReader(Protocol):
    """What turns padded inputs into logits."""

    tokenizer: Tokenizer

    def logits(self, ids: Ids, mask: Ids, types: Ids) -> Outputs:
        """The logits of one padded batch."""


class TorchReader:
    """A reader in torch."""

    def __init__(self, reader: Reader, tokenizer: Tokenizer) -> None:
        self.reader, self.tokenizer = reader, tokenizer

    @torch.no_grad()
    def logits(self, ids: Ids, mask: Ids, types: Ids) -> Outputs:
        """The logits of one padded batch."""
        scores = self.reader(*map(torch.from_numpy, (ids, mask, types)))
        return Outputs(*(part.numpy() for part in scores))


def encode(tokenizer: Tokenizer, ask: Ask) -> Encoding:
    """The input of one ask: `[CLS] question [SEP] (title. )passage [SEP]`, cut at `LONGEST` pieces."""
    tokenizer.enable_truncation(LONGEST, strategy="only_second")
    found: Encoding = tokenizer.encode(ask.question, prefix(ask) + ask.passage)
    tokenizer.no_truncation()
    return found


def prefix(ask: Ask) -> str:
    """What goes before the passage."""
    return f"{ask.title}. " if ask.title else ""


def read_all(reader: BatchReader, asks: Sequence[Ask]) -> list[Reading]:
    """The reading of each ask, in order; batches hold inputs of like length."""
    encodings = [encode(reader.tokenizer, ask) for ask in asks]
    readings: dict[int, Reading] = {}
    for members in _like_lengths([len(e.ids) for e in encodings]):
        outputs = reader.logits(*_padded([encodings[i] for i in members]))
        for row, i in enumerate(members):
            readings[i] = _reading(asks[i], encodings[i], outputs, row)
    return [readings[i] for i in range(len(asks))]


def _like_lengths(lengths: Sequence[int]) -> Iterator[list[int]]:
    members: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if members and (len(members) + 1) * lengths[i] > PIECES_PER_BATCH:
            yield members
            members = []
        members.append(i)
    if members:
        yield members


def _padded(encodings: Sequence[Encoding]) -> tuple[Ids, Ids, Ids]:
    width = max(len(e.ids) for e in encodings)
    ids, mask, types = (np.zeros((len(encodings), width), dtype=np.int64) for _ in range(3))
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding.ids)] = encoding.ids
        types[row, : len(encoding.ids)] = encoding.type_ids
        mask[row, : len(encoding.ids)] = 1
    return ids, mask, types


def _reading(ask: Ask, encoding: Encoding, outputs: Outputs, row: int) -> Reading:
    skipped = len(prefix(ask))
    inside = [
        i
        for i, (part, (start, end)) in enumerate(zip(encoding.sequence_ids, encoding.offsets, strict=True))
        if part == 1 and start >= skipped and end > start
    ]
    answerable, relevance = float(outputs.answerable[row]), float(outputs.relevance[row])
    if not inside:
        return Reading("", 0, 0, -np.inf, answerable, relevance)
    read = slice(inside[0], inside[-1] + 1)
    one_sentence = np.zeros(len(inside), np.int64)
    first, last, score = best_spans(
        outputs.start_logits[row][read], outputs.end_logits[row][read], one_sentence
    )[0]
    start = encoding.offsets[inside[first]][0] - skipped
    end = encoding.offsets[inside[last]][1] - skipped
    return Reading(ask.passage[start:end], start, end, score, answerable, relevance)
