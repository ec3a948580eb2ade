"""The passages that answer a question best: by meaning and by words, fused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index_store import Embedder, Hit, Passage, Snapshot

CANDIDATES = 50
LEXICAL_WEIGHT = 0.1


class Retriever:
    """Dense and BM25 retrieval over one snapshot of the index."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def retrieve(
        self, snapshot: Snapshot, query: str, k: int, sources: Sequence[str] | None = None
    ) -> tuple[Hit, ...]:
        """The `k` best passages, best first; with `sources` (paths, folders or globs) from these alone.

        A passage that only one of the two searches found gets its true cosine all the same.
        Raises UnknownSourceError for a source that matches nothing.
        """
        chosen = None if sources is None else snapshot.matching(sources)
        candidates = max(k, CANDIDATES)
        vector = self._embedder.embed_query(query)
        dense = snapshot.dense(vector, candidates, chosen)
        lexical = snapshot.lexical(query, candidates, chosen)
        cosines = {hit.passage.id: hit.score for hit in dense}
        missing = [hit.passage.id for hit in lexical if hit.passage.id not in cosines]
        found = snapshot.vectors(missing) if missing else {}
        cosines |= {id: float(vector @ found[id]) for id in found}
        return fuse({hit.passage.id: hit.passage for hit in (*dense, *lexical)}, cosines, lexical, k)


def fuse(
    passages: Mapping[str, Passage], cosines: Mapping[str, float], lexical: Sequence[Hit], k: int
) -> tuple[Hit, ...]:
    """The `k` best by cosine + 0.1 × BM25, the latter scaled so that the best passage's is 1.

    A weighted sum of scores beats reciprocal rank fusion, which throws the distances away (Bruch et
    al., "An Analysis of Fusion Functions for Hybrid Retrieval", 2022); see benchmarks/.
    """
    best = max((hit.score for hit in lexical), default=0.0)
    words = {hit.passage.id: hit.score / best for hit in lexical} if best > 0 else {}
    scores = {id: cosine + LEXICAL_WEIGHT * words.get(id, 0.0) for id, cosine in cosines.items()}
    ranked = sorted(scores, key=lambda id: (-scores[id], id))[:k]
    return tuple(Hit(passages[id], scores[id], rank) for rank, id in enumerate(ranked, 1))
