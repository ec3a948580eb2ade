"""Open question answering sets in BEIR layout, and the passages that dense search finds for them."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.data import Passage
from training.negatives import dense_ranking
from training.vectors import Embedder, Floats


@dataclass(frozen=True, slots=True)
class Query:
    """A question, its gold answers, and the numbers of the passages judged to hold one."""

    id: str
    text: str
    answers: tuple[str, ...]
    gold: frozenset[int]


@dataclass(frozen=True, slots=True)
class OpenSet:
    """Passages, and the questions put to all of them."""

    name: str
    passages: tuple[Passage, ...]
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that dense search found, by number, and its cosine."""

    passage: int
    cosine: float


def read_open_set(folder: Path) -> OpenSet:
    """The set in `folder`: `corpus.jsonl.gz`, `queries.jsonl.gz` and `qrels.tsv`."""
    corpus = list(_lines(folder / "corpus.jsonl.gz"))
    number = {entry["_id"]: i for i, entry in enumerate(corpus)}
    gold: dict[str, set[int]] = defaultdict(set)
    with (folder / "qrels.tsv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            if int(row["score"]) > 0:
                gold[row["query-id"]].add(number[row["corpus-id"]])
    queries = (
        Query(q["_id"], q["text"], tuple(q["metadata"]["answers"]), frozenset(gold[q["_id"]]))
        for q in _lines(folder / "queries.jsonl.gz")
    )
    passages = (Passage(folder.name, entry.get("title", ""), entry["text"]) for entry in corpus)
    return OpenSet(folder.name, tuple(passages), tuple(queries))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def sampled(queries: tuple[Query, ...], limit: int | None) -> tuple[Query, ...]:
    """`limit` queries evenly spaced over all, or all of them."""
    if limit is None or limit >= len(queries):
        return queries
    return tuple(queries[i * len(queries) // limit] for i in range(limit))


def dense_top(
    open_set: OpenSet, queries: tuple[Query, ...], depth: int, cache: Path
) -> list[tuple[Found, ...]]:
    """For each query, the `depth` passages of highest cosine, best first; vectors are kept in `cache`."""
    embedder = Embedder()
    texts = [f"{p.title}. {p.text}" if p.title else p.text for p in open_set.passages]
    passages = _cached(embedder, texts, cache)
    asked = _cached(embedder, [q.text for q in queries], cache)
    ranking = dense_ranking(asked, passages, depth)
    return [
        tuple(Found(int(p), float(asked[i] @ passages[p])) for p in ranking[i]) for i in range(len(queries))
    ]


def _cached(embedder: Embedder, texts: list[str], cache: Path) -> Floats:
    key = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    path = cache / f"vectors-{key}.npy"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npy")
        np.save(partial, embedder.embed(texts))
        partial.replace(path)
    found: Floats = np.load(path)
    return found
