"""Measures a reader, from a checkpoint or an exported ONNX file, on the dev sets."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from training.data import read_squad
from training.export import INPUTS, load_reader, newest
from training.open_set import OpenSet, Query, dense_top, read_open_set, sampled
from training.prepare import encoder_folder
from training.probe import auroc, gold_passage
from training.ranking import (
    FEATURES,
    Candidates,
    Floats64,
    candidates,
    linear_mix,
    ranking_figures,
    top_features,
    without_gold,
)
from training.reading import Ask, BatchReader, Ids, Outputs, Reading, TorchReader, read_all
from training.store import open_tokenizer

log = logging.getLogger(__name__)
GOLD_PASSAGE_SETS = ("xquad_en", "squad2_devhalf_eval", "tydiqa_goldp_en_heldout", "mlqa_en_dev")
DEPTH = 20
DENSE_ALONE = np.array([1.0, 0.0, 0.0, 0.0])


class OnnxReader:
    """A reader in ONNX Runtime."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        self.session: Any = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = open_tokenizer(encoder_folder())

    def logits(self, ids: Ids, mask: Ids, types: Ids) -> Outputs:
        """The logits of one padded batch."""
        return Outputs(*self.session.run(None, dict(zip(INPUTS, (ids, mask, types), strict=True))))


def open_reader(path: Path) -> BatchReader:
    """The reader of an `.onnx` file, a checkpoint, or the newest checkpoint of a folder."""
    if path.suffix == ".onnx":
        return OnnxReader(path)
    return TorchReader(load_reader(newest(path)), open_tokenizer(encoder_folder()))


def measure_gold(reader: BatchReader, dev: Path, limit: int | None) -> dict[str, Any]:
    """The figures on each set whose questions come with their passage."""
    sets = {name: read_squad(dev / f"{name}.json.gz", name) for name in GOLD_PASSAGE_SETS}
    return {name: asdict(gold_passage(reader, held, limit)) for name, held in sets.items()}


def measure_open(reader: BatchReader, open_set: OpenSet, limit: int | None, cache: Path) -> dict[str, Any]:
    """Reranking, first answer sentence, and refusal; mixes are fitted on the half not measured."""
    queries = sampled(open_set.queries, limit)
    pool = read_candidates(reader, open_set, queries, cache)
    halves = (pool[0::2], pool[1::2])
    crossed = [_mixed(fit, held) for fit, held in (halves, halves[::-1])]
    return {
        "queries": len(queries),
        "dense alone": asdict(ranking_figures(pool, DENSE_ALONE, DENSE_ALONE)),
        "mixed": {key: float(np.mean([figures[key] for figures in crossed])) for key in crossed[0]},
        "mix": dict(zip(FEATURES, linear_mix(pool, "gold").round(4).tolist(), strict=True)),
        "sentence mix": dict(zip(FEATURES, linear_mix(pool, "hit").round(4).tolist(), strict=True)),
    }


def _mixed(fit: Sequence[Candidates], held: Sequence[Candidates]) -> dict[str, float]:
    by_passage, by_sentence = linear_mix(fit, "gold"), linear_mix(fit, "hit")
    figures = asdict(ranking_figures(held, by_passage, by_sentence))
    return figures | _refusal(fit, held, by_sentence)


def _refusal(fit: Sequence[Candidates], held: Sequence[Candidates], weights: Floats64) -> dict[str, float]:
    """How well answered questions are told from those whose answering passages were removed."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    known, labels = _half_removed(fit, weights)
    asked, truth = _half_removed(held, weights)
    scale = known.std(axis=0) + 1e-9
    model = LogisticRegression().fit(known / scale, labels)
    learned = model.decision_function(asked / scale)
    return {
        "refusal_auroc": auroc(learned.tolist(), truth),
        "refusal_auroc_answerable_alone": auroc(asked[:, -1].tolist(), truth),
    }


def _half_removed(pool: Sequence[Candidates], weights: Floats64) -> tuple[Floats64, list[bool]]:
    """Every second query loses its answering passages; the others stay only if search found one."""
    rows: list[Floats64] = []
    labels: list[bool] = []
    for i, held in enumerate(pool):
        left = without_gold(held) if i % 2 else held
        if len(left.features) and (i % 2 or held.gold.any()):
            rows.append(top_features(left, weights))
            labels.append(not i % 2)
    return np.stack(rows), labels


def read_candidates(
    reader: BatchReader, open_set: OpenSet, queries: Sequence[Query], cache: Path
) -> list[Candidates]:
    """What the reader makes of each query's dense top passages."""
    found = dense_top(open_set, tuple(queries), DEPTH, cache)
    log.info("%s: reading %d passages for each of %d queries", open_set.name, DEPTH, len(queries))
    asks = [
        Ask(query.text, open_set.passages[f.passage].title, open_set.passages[f.passage].text)
        for query, hits in zip(queries, found, strict=True)
        for f in hits
    ]
    readings = read_all(reader, asks)
    pool: list[Candidates] = []
    for i, (query, hits) in enumerate(zip(queries, found, strict=True)):
        part: list[Reading] = readings[i * DEPTH : (i + 1) * DEPTH]
        texts = [open_set.passages[f.passage].text for f in hits]
        pool.append(candidates(query, hits, part, texts))
    return pool


def main() -> None:
    """Command line: `measure.py READER [--gold N] [--open SET=N ...]`, figures as JSON on stdout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", type=Path, help=".onnx file, checkpoint, or run folder")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path("training/runs/vectors"))
    parser.add_argument("--gold", type=int, help="questions per set with gold passages (default all; 0 none)")
    parser.add_argument("--open", action="append", default=[], metavar="SET=N", help="nq_open_rag=300, say")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    reader = open_reader(given.reader)
    figures: dict[str, Any] = {}
    if given.gold != 0:
        figures |= measure_gold(reader, given.data / "dev", given.gold)
    for wanted in given.open:
        name, _, count = wanted.partition("=")
        open_set = read_open_set(given.data / "dev" / name)
        figures[name] = measure_open(reader, open_set, int(count) if count else None, given.cache)
    print(json.dumps(figures, indent=2))  # noqa: T201 - the figures are the output


if __name__ == "__main__":
    main()
