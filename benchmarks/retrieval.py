"""Recall and MRR of dense, BM25 and fused retrieval over a question set."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from datasets import Query, QuestionSet, load, write_corpus

from index_store import Hit, IndexStore, Snapshot, rebuild
from qa.retriever import CANDIDATES, Retriever

Ranking = Callable[[Query], Sequence[Hit]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", help="nq_open_rag, squad_open, covidqa_rag or hotpotqa_sample100")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--queries", type=int, default=1000, help="ask this many, evenly drawn")
    parser.add_argument("--index", type=Path, help="keep the index here for the next run")
    options = parser.parse_args()
    questions = load(options.data / "dev" / options.set)
    with tempfile.TemporaryDirectory() as folder:
        index = options.index or Path(folder) / "index"
        corpus = Path(folder) / "corpus"
        write_corpus(questions, corpus)
        rebuild(corpus, index=index)
        step = max(1, len(questions.queries) // options.queries)
        report(questions, questions.queries[::step], IndexStore.open(index))


def report(questions: QuestionSet, queries: Sequence[Query], store: IndexStore) -> None:
    """Print one line per way of ranking."""
    sys.stdout.write(f"{len(questions.documents)} documents, {len(queries)} questions\n")
    sys.stdout.write(f"{'':24}{'R@1':>8}{'R@5':>8}{'MRR':>8}\n")
    with store.snapshot() as snapshot:
        for name, ranking in rankings(store, snapshot).items():
            ranks = [_rank(query, ranking(query)) for query in queries]
            figures = [
                _share(ranks, 1),
                _share(ranks, 5),
                sum(1 / rank for rank in ranks if rank) / len(ranks),
            ]
            sys.stdout.write(f"{name:24}" + "".join(f"{figure:8.3f}" for figure in figures) + "\n")


def rankings(store: IndexStore, snapshot: Snapshot) -> Mapping[str, Ranking]:
    """The ways of ranking that are compared."""

    def dense(query: Query) -> Sequence[Hit]:
        return snapshot.dense(store.embedder.embed_query(query.text), CANDIDATES)

    def lexical(query: Query) -> Sequence[Hit]:
        return snapshot.lexical(query.text, CANDIDATES)

    def by_rank(query: Query) -> Sequence[Hit]:
        return _reciprocal_rank_fusion(dense(query), lexical(query))

    retriever = Retriever(store.embedder)
    return {
        "dense": dense,
        "BM25": lexical,
        "reciprocal rank fusion": by_rank,
        "Footnote": lambda query: retriever.retrieve(snapshot, query.text, CANDIDATES),
    }


def _reciprocal_rank_fusion(*lists: Sequence[Hit]) -> Sequence[Hit]:
    """Cormack, Clarke & Büttcher, "Reciprocal Rank Fusion", 2009, with their constant of 60."""
    scores: dict[str, float] = {}
    for hits in lists:
        for hit in hits:
            scores[hit.passage.id] = scores.get(hit.passage.id, 0) + 1 / (60 + hit.rank)
    by_id = {hit.passage.id: hit for hits in lists for hit in hits}
    return [by_id[id] for id in sorted(scores, key=lambda id: -scores[id])]


def _rank(query: Query, hits: Sequence[Hit]) -> int | None:
    """The rank of the first gold document, counting each document once; None when it was not found."""
    documents = list(dict.fromkeys(hit.passage.source.removesuffix(".md") for hit in hits))
    return next((rank for rank, document in enumerate(documents, 1) if document in query.gold), None)


def _share(ranks: Sequence[int | None], most: int) -> float:
    return sum(rank is not None and rank <= most for rank in ranks) / len(ranks)


if __name__ == "__main__":
    main()
