"""Two rankings become one: by meaning (the cosine) and by words (BM25)."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index_store import Hit, Passage

NEAREST = 10  # passages, whose cosines tell the spread
LEXICAL = 0.0045  # what words count for, beside it; docs/quality.md says how it was chosen
LEAST = 0.02  # of a spread: below it, words would soon be all that counts


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
    """The passages ordered by cosine + 0.0045 × BM25 ÷ (√(best BM25) × spread of the nearest cosines).

    `lexical` are those that BM25 found. A weighted sum of scores beats reciprocal rank fusion, which throws
    the distances away (Bruch et al., "An Analysis of Fusion Functions for Hybrid Retrieval", 2022). The
    spread is the standard deviation of the ten nearest: where passages hardly differ in meaning, as far as
    the embedding model can tell, words say more; where one stands out, they say less. BM25 as it is would
    count for little in a few documents, where no word is rare, and as a share of the best for too little
    where one is.
    """
    best = max((hit.score for hit in lexical), default=0.0)
    shares = {hit.passage.id: hit.score / best for hit in lexical} if best > 0 else {}
    nearest = sorted(cosines.values(), reverse=True)[:NEAREST]
    spread = max(statistics.pstdev(nearest), LEAST) if nearest else LEAST
    weight = LEXICAL * math.sqrt(max(best, 0.0)) / spread
    found = [
        Candidate(passages[id], cosine, share := shares.get(id, 0.0), cosine + weight * share)
        for id, cosine in cosines.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.fused, each.passage.id)))
