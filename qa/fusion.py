"""Two rankings become one: by meaning (the cosine) and by words (BM25)."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index_store import Hit, Passage

DEPTH = 50  # how many of the nearest cosines tell the spread
LEXICAL = 0.0013  # of a standard deviation of them, for a point of BM25
LEAST = 0.01  # of a spread: nothing that is found may make words all that counts


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that the first search found.

    `lexical` is its BM25 score as a share of the best one's, `fused` what the first search ranks by.
    """

    passage: Passage
    cosine: float
    lexical: float
    fused: float


def fuse(
    passages: Mapping[str, Passage], cosines: Mapping[str, float], lexical: Sequence[Hit]
) -> tuple[Candidate, ...]:
    """The passages ordered by cosine + 0.0013 × BM25 ÷ the spread of the 50 nearest cosines.

    `lexical` are those that BM25 found. A weighted sum of scores beats reciprocal rank fusion, which throws
    the distances away (Bruch et al., "An Analysis of Fusion Functions for Hybrid Retrieval", 2022). The
    spread is their standard deviation: where passages hardly differ in meaning, as far as the embedding model
    can tell, words say more; where one stands out, they say less.
    """
    scores = {hit.passage.id: hit.score for hit in lexical}
    best = max(scores.values(), default=0.0)
    nearest = sorted(cosines.values(), reverse=True)[:DEPTH]
    weight = LEXICAL / max(statistics.pstdev(nearest), LEAST) if nearest else 0.0
    found = [
        Candidate(passages[id], cosine, score / best if best > 0 else 0.0, cosine + weight * score)
        for id, cosine in cosines.items()
        for score in (scores.get(id, 0.0),)
    ]
    return tuple(sorted(found, key=lambda each: (-each.fused, each.passage.id)))
