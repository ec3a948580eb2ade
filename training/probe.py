"""A small fixed measurement on the dev sets, cheap enough to take during training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.evaluation.metrics import auroc, exact_match, f1
from training.data import Collection, read_squad
from training.model import Reader
from training.prepare import encoder_folder
from training.reading import Ask, BatchReader, TorchReader, read_all
from training.store import open_tokenizer

SIZES = {"xquad_en": 300, "squad2_devhalf_eval": 200, "tydiqa_goldp_en_heldout": 100}


@dataclass(frozen=True, slots=True)
class GoldPassage:
    """What the reader makes of questions put to their own passage, in percent."""

    f1: float
    exact: float
    answerable_auroc: float


class Probe:
    """The first questions, evenly spaced, of three dev sets."""

    def __init__(self, dev: Path) -> None:
        self.tokenizer = open_tokenizer(encoder_folder())
        self.sets = {name: read_squad(dev / f"{name}.json.gz", name) for name in SIZES}

    def measure(self, reader: Reader) -> dict[str, float]:
        """Each set's figures, by name."""
        figures: dict[str, float] = {}
        for name, collection in self.sets.items():
            found = gold_passage(TorchReader(reader, self.tokenizer), collection, SIZES[name])
            if name == "squad2_devhalf_eval":
                figures[f"{name}.auroc"] = round(found.answerable_auroc, 4)
            figures[f"{name}.f1"] = round(found.f1, 2)
            figures[f"{name}.em"] = round(found.exact, 2)
        return figures


def gold_passage(reader: BatchReader, collection: Collection, limit: int | None) -> GoldPassage:
    """The reader's figures on a collection; F1 and EM over its answerable questions."""
    every = collection.questions
    step = max(1, len(every) // limit) if limit else 1
    chosen = every[::step][:limit]
    asks = [Ask(q.text, "", collection.passages[q.passage].text) for q in chosen]
    readings = read_all(reader, asks)
    pairs = [(r.text, q.answers) for r, q in zip(readings, chosen, strict=True) if q.answers]
    return GoldPassage(
        100 * float(np.mean([f1(text, gold) for text, gold in pairs])),
        100 * float(np.mean([exact_match(text, gold) for text, gold in pairs])),
        auroc(np.array([r.answerable for r in readings]), np.array([bool(q.answers) for q in chosen])),
    )
