"""The endless stream of batches, and the place in it that a checkpoint records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.batches import CHUNK, Batch, Drawer, Mix, chunk_batches, collate, epoch_order
from training.store import Store


@dataclass(frozen=True, slots=True)
class Place:
    """The next batch: `batch` of `chunk` of `epoch`."""

    epoch: int = 0
    chunk: int = 0
    batch: int = 0


def load_drawer(out: Path, negatives: str, mix: Mix) -> Drawer:
    """The drawer over a prepared run folder with the named negatives (`bm25` or `dense`)."""
    held_out = np.load(out / "held_out.npy")
    return Drawer(Store.load(out / "store"), held_out, np.load(out / f"negatives_{negatives}.npy"), mix)


def batch_stream(drawer: Drawer, seed: int, start: Place) -> Iterator[tuple[Batch, Place]]:
    """Batches from `start` on, without end, each with the place that follows it."""
    epoch, chunk, skip = start.epoch, start.chunk, start.batch
    while True:
        order = epoch_order(drawer, seed, epoch)
        while chunk * CHUNK < len(order):
            batches = chunk_batches(drawer, order, seed, epoch, chunk)
            for number in range(skip, len(batches)):
                yield collate(batches[number]), Place(epoch, chunk, number + 1)
            chunk, skip = chunk + 1, 0
        epoch, chunk = epoch + 1, 0
