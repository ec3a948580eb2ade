"""Fits how the reader's logits and the search's scores become ranks and probabilities: qa/calibration.json.

Nothing is fitted on the dev sets. The questions are those held out of training, put to an index of their own
passages and `OTHERS` further ones; four ways each, for the four things that happen to a reader: as it is,
without every passage that holds the answer, without its whole article, and twisted so that its passage no
longer answers it.
"""

from __future__ import annotations

import argparse
import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
import numpy.typing as npt

from index_store import IndexStore, Snapshot, rebuild
from qa.calibration import Calibration, Logistic, answer_values
from qa.crossencoder import CrossEncoder
from qa.evaluation.metrics import auroc, normalize
from qa.fusion import Candidate
from qa.retriever import CANDIDATES, READ, Found, Retriever
from qa.words import unnamed
from training.data import STATEMENTS, Collection, Question, read_training
from training.negatives import twisted_questions
from training.prepare import SEED, held_out

log = logging.getLogger(__name__)
OTHERS = 2500
# Of each kind of question without an answer. The first search tells most of those about what is not there.
WEIGHTS = {"removed": 2, "absent": 1, "twisted": 2}
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pool:
    """What one question finds, the text that was read of each passage, and which of them hold its answer."""

    question: str
    texts: tuple[str, ...]
    found: tuple[Found, ...]
    holds: Bools


def main() -> None:
    """Command line: `calibrate.py [--model reader.onnx]`, writes `--target`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/runs"), help="keeps the index")
    parser.add_argument("--model", type=Path, help="an exported reader (default: the one in qa/)")
    parser.add_argument("--target", type=Path, default=Path("qa/calibration.json"))
    parser.add_argument("--questions", type=int, default=900)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    collection = read_training(given.data / "train")
    asks = np.array([question.source != STATEMENTS for question in collection.questions])
    numbers = np.flatnonzero(held_out(collection) & asks)
    numbers = np.random.default_rng(SEED).permutation(numbers)[: given.questions]
    store = _index(collection, given.out / "held_out")
    questions = [collection.questions[i] for i in numbers]
    asked = [(question, question.text) for question in questions]
    pools = Pools(store, CrossEncoder(given.model), collection)
    straight, absent = pools.read(asked), pools.read(asked, without_article=True)
    twisted = twisted_questions(Collection(collection.passages, tuple(questions)), SEED)
    asked = [(question, wording) for question, wording in zip(questions, twisted, strict=True) if wording]
    calibration = fitted(straight, absent, pools.read(asked), pools.retriever.closer)
    given.target.write_text(calibration.to_json(), encoding="utf-8")
    log.info("%s written", given.target)


def _index(collection: Collection, folder: Path) -> IndexStore:
    """An index of the held-out questions' passages among others, a file for each; half with their title."""
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir(parents=True, exist_ok=True)
    gold = {q.passage for q, out in zip(collection.questions, held_out(collection), strict=True) if out}
    searched = ("squad1_train_reconstructed", "tydiqa_goldp_en_train")
    rest = [i for i, p in enumerate(collection.passages) if i not in gold and p.source in searched]
    for number in sorted(gold | set(random.Random(SEED).sample(rest, OTHERS))):
        passage = collection.passages[number]
        heading = f"# {passage.title}\n\n" if passage.title and number % 2 else ""
        (corpus / f"{number}.md").write_text(heading + passage.text, encoding="utf-8")
    rebuild(corpus, index=index)
    return IndexStore.open(index)


class Pools:
    """Searches and reads as Footnote does, in the index of `_index`."""

    def __init__(self, store: IndexStore, encoder: CrossEncoder, collection: Collection) -> None:
        self._store = store
        self.retriever = Retriever(store.embedder, encoder, Calibration.shipped())
        self._collection = collection

    def read(self, asked: Sequence[tuple[Question, str]], without_article: bool = False) -> list[Pool]:
        """What is found and read for each question, in the wording that goes with it."""
        with self._store.snapshot() as snapshot:
            pools = [self._pool(snapshot, *each, without_article) for each in asked]
        log.info("%d questions read", len(pools))
        return pools

    def _pool(self, snapshot: Snapshot, question: Question, wording: str, without_article: bool) -> Pool:
        candidates = self.retriever.candidates(snapshot, wording, CANDIDATES)
        if without_article:
            candidates = tuple(each for each in candidates if not self._same_article(each, question))[:READ]
        found = self.retriever.read(snapshot, wording, candidates[: 2 * READ])
        texts = tuple(f"{each.hit.passage.title} {each.window.text}" for each in found)
        return Pool(wording, texts, found, _holding(question, texts))

    def _same_article(self, candidate: Candidate, question: Question) -> bool:
        one = self._collection.passages[int(PurePath(candidate.passage.source).stem)]
        other = self._collection.passages[question.passage]
        return one == other or (bool(one.title) and one.title == other.title)


def _holding(question: Question, texts: Sequence[str]) -> Bools:
    answers = [f" {answer} " for answer in map(normalize, question.answers) if answer]
    return np.array([any(answer in f" {normalize(text)} " for answer in answers) for text in texts])


def fitted(
    straight: Sequence[Pool],
    absent: Sequence[Pool],
    twisted: Sequence[Pool],
    closer: Callable[[str, Found], Found],
) -> Calibration:
    """The calibration that fits these questions best; `closer` looks again at the best passage of each."""
    passage = _ranking(straight)

    def values_of(pool: Pool, kept: Bools | None = None) -> tuple[float, ...]:
        best = _best(passage, pool, kept)
        looked = closer(pool.question, pool.found[best])
        return answer_values(looked.signals, unnamed(pool.question, [pool.texts[best]]), passage)

    answerable = [values_of(pool) for pool in straight if pool.holds[:READ].any()]
    kinds = {
        "removed": [values_of(pool, ~pool.holds) for pool in straight if not pool.holds.all()],
        "absent": [values_of(pool) for pool in absent if pool.texts],
        "twisted": [values_of(pool) for pool in twisted],
    }
    others = [(kind, values) for kind, made in kinds.items() for values in made]
    values = np.array([*answerable, *(values for _, values in others)])
    labels = np.arange(len(values)) < len(answerable)
    halves, counts = len(values) / 2, Counter(kind for kind, _ in others)
    shares = [WEIGHTS[kind] / counts[kind] for kind, _ in others]
    even = np.full(len(answerable), 1 / len(answerable))
    weights = halves * np.concatenate([even, np.divide(shares, sum(shares))])
    answer = _logistic(values, labels, weights)
    chances = [answer.probability(row) for row in values.tolist()]
    for kind in kinds:
        told = [
            *chances[: len(answerable)],
            *(c for (k, _), c in zip(others, chances[len(answerable) :], strict=True) if k == kind),
        ]
        log.info(
            "AUROC against %s: %.3f", kind, auroc(np.array(told), np.arange(len(told)) < len(answerable))
        )
    return Calibration(passage=passage, answer=answer)


def _best(passage: Logistic, pool: Pool, kept: Bools | None = None) -> int:
    """The best passage of what is left of a pool, as of a question for which no more was found."""
    chosen = np.flatnonzero(np.ones(len(pool.texts), dtype=bool) if kept is None else kept)[:READ]
    return int(max(chosen, key=lambda i: passage.logit(pool.found[i].signals.values())))


def _ranking(pools: Sequence[Pool]) -> Logistic:
    """A conditional logit, which orders the passages of a question, scaled so that it is a probability too.

    Only differences between passages of one question teach the weights; the scale and the bias are those
    of a logistic regression on the result (Platt, 1999).
    """
    from scipy.optimize import minimize

    matrices = [np.array([each.signals.values() for each in pool.found])[:READ] for pool in pools]
    labels = [pool.holds[:READ] for pool in pools]
    spread = np.concatenate(matrices).std(axis=0)
    told = [(m / spread, y) for m, y in zip(matrices, labels, strict=True) if y.any() and not y.all()]

    def loss(weights: Floats) -> float:
        total = 0.0
        for matrix, label in told:
            scores = matrix @ weights
            total += float(np.logaddexp.reduce(scores) - np.logaddexp.reduce(scores[label]))
        return total / len(told) + 1e-3 * float(weights @ weights)

    weights = minimize(loss, np.zeros(len(spread)), method="L-BFGS-B").x / spread
    logits = np.concatenate(matrices) @ weights
    every = np.concatenate(labels)
    platt = _logistic(logits[:, None], every, np.ones(len(every)))
    return Logistic(tuple((weights * platt.weights[0]).tolist()), platt.bias)


def _logistic(values: Floats, labels: Bools, weights: Floats) -> Logistic:
    from sklearn.linear_model import LogisticRegression

    spread = values.std(axis=0)
    model = LogisticRegression().fit(values / spread, labels, sample_weight=weights)
    return Logistic(tuple((model.coef_[0] / spread).tolist()), float(model.intercept_[0]))


if __name__ == "__main__":
    main()
