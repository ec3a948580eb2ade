"""What is noted of each benchmark question, through the public API, with and without each part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

from datasets import Query

from index_store import Embedder, Hit, IndexStore, Passage, sentence_spans
from qa import Answer, Assistant, Settings
from qa.calibration import Calibration
from qa.crossencoder import CrossEncoder
from qa.evaluation.metrics import exact_match, f1, holds
from qa.evaluation.questions import Question
from qa.evaluation.run import outcome_of
from qa.reader import Reader
from qa.retriever import CANDIDATES, READ, Retriever

DEPTH = Settings().k  # passages down to which rankings are followed: as many as an answer shows
_READ = 5  # passages whose sentences are compared by cosine

Row = dict[str, Any]


class Asking:
    """One built corpus, and an assistant over it that refuses nothing."""

    def __init__(self, folder: Path) -> None:
        self._assistant = Assistant.open(
            folder / "corpus", index=folder / "index", settings=Settings(threshold=0.0)
        )
        self._store = IndexStore.open(folder / "index")
        calibration, encoder = Calibration.shipped(), CrossEncoder()
        self._retriever = Retriever(self._store.embedder, encoder, calibration)
        self._reader = Reader(calibration, encoder)

    @property
    def embedder(self) -> Embedder:
        """The model that the index was built with."""
        return self._store.embedder

    def ask(self, query: Query) -> Answer:
        """The answer from all documents."""
        return self._assistant.ask(query.text)

    def gold_document(self, query: Query) -> Row:
        """What is answered when the document that the question belongs to is the only one."""
        (name,) = query.gold
        answer = self._assistant.ask(query.text, sources=[f"{name}.txt"])
        text = self._assistant.document(f"{name}.txt").text
        once = self._read_once(query, f"{name}.txt")
        return _answered(query, answer) | once | self._by_cosine(query, [text])

    def open_document(self, query: Query) -> Row:
        """What is found and answered among all documents."""
        with self._store.snapshot() as snapshot:
            dense = snapshot.dense(self.embedder.embed_query(query.text), CANDIDATES)
            words = snapshot.lexical(query.text, CANDIDATES)
            fused = self._retriever.candidates(snapshot, query.text, CANDIDATES)
        answer = self.ask(query)
        rankings = {
            "dense": [hit.passage for hit in dense],
            "BM25": [hit.passage for hit in words],
            "by rank": _reciprocal_rank_fusion(dense, words),
            "fused": [each.passage for each in fused],
            "reranked": [hit.passage for hit in answer.hits],
        }
        ranks = {f"rank {name}": _rank(query, passages[:DEPTH]) for name, passages in rankings.items()}
        nearest = [each.passage.text for each in fused[:_READ]]
        return ranks | _answered(query, answer) | self._by_cosine(query, nearest)

    def any_document(self, query: Query) -> Row:
        """What is answered from all documents, and the cosine of the nearest passage."""
        with self._store.snapshot() as snapshot:
            nearest = snapshot.dense(self.embedder.embed_query(query.text), 1)
        return _answered(query, self.ask(query)) | {"cosine": nearest[0].score}

    def _read_once(self, query: Query, source: str) -> Row:
        """The likeliest short answer without the closer look at the sentence that holds it."""
        with self._store.snapshot() as snapshot:
            candidates = self._retriever.candidates(snapshot, query.text, READ, [source])
            found = self._retriever.read(snapshot, query.text, candidates)
        best = max(found, key=lambda each: each.hit.score)
        text = self._assistant.document(source).text
        words = text[best.spans[0].start : best.spans[0].end] if best.spans else ""
        return {
            "once f1": f1(words, query.answers),
            "once em": exact_match(words, query.answers),
            "once probability": self._reader.probability(query.text, [best]),
        }

    def _by_cosine(self, query: Query, texts: Sequence[str]) -> Row:
        """The answer without a reader: the sentence nearest to the question."""
        sentences = [text[start:end] for text in texts for start, end in sentence_spans(text)]
        cosines = self.embedder.embed(sentences) @ self.embedder.embed_query(query.text)
        best = sentences[int(cosines.argmax())]
        return {
            "cosine": float(cosines.max()),
            "cosine hit": holds(best, query.answers),
            "cosine f1": f1(best, query.answers),
            "cosine em": exact_match(best, query.answers),
        }


def _answered(query: Query, answer: Answer) -> dict[str, Any]:
    outcome = outcome_of(Question(query.text), answer)
    return {
        "answerable": query.answerable,
        "probability": outcome.probability,
        "hit": holds(outcome.first_sentence, query.answers),
        "f1": f1(outcome.predicted, query.answers),
        "em": exact_match(outcome.predicted, query.answers),
    }


def _reciprocal_rank_fusion(*lists: Sequence[Hit]) -> Sequence[Passage]:
    """Cormack, Clarke & Büttcher, "Reciprocal Rank Fusion", 2009, with their constant of 60."""
    scores: dict[str, float] = {}
    for hits in lists:
        for hit in hits:
            scores[hit.passage.id] = scores.get(hit.passage.id, 0) + 1 / (60 + hit.rank)
    by_id = {hit.passage.id: hit.passage for hits in lists for hit in hits}
    return [by_id[id] for id in sorted(scores, key=lambda id: -scores[id])]


def _rank(query: Query, passages: Sequence[Passage]) -> int | None:
    """The rank of the first gold document, each counted once; None when it was not found."""
    documents = dict.fromkeys(PurePath(each.source).stem for each in passages)
    return next((rank for rank, name in enumerate(documents, 1) if name in query.gold), None)
