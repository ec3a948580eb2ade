"""How well verdicts tell supported sentences from others; `--fit` prints the weights of qa/verdict.py."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from index_store import Embedder, Hit, Passage
from index_store.embedder import open_embedder
from index_store.settings import model_cache
from index_store.weights import DEFAULT_MODEL
from qa.crossencoder import CrossEncoder
from qa.evaluation import metrics
from qa.grounding import Grounds, Quote
from qa.verdict import WEIGHTS
from training.prepare import article_is_held_out
from training.statements import KINDS, Paragraph, Statement, statements

_TRAIN = ("squad2_devhalf_train", "squad1_train_reconstructed")  # of the second what no reader is trained on
_DEV = ("squad2_devhalf_eval", "xquad_en", "mlqa_en_dev")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--statements", type=int, default=200, help="supported ones of each set")
    parser.add_argument("--model", type=Path, help="the reader's ONNX file (default: the shipped one)")
    parser.add_argument("--fit", action="store_true", help="fit on the training sets and print the weights")
    options = parser.parse_args()
    embedder = open_embedder(DEFAULT_MODEL, model_cache())
    part, sets = ("train", _TRAIN) if options.fit else ("dev", _DEV)
    made = [
        each
        for name in sets
        for each in statements(
            options.data / part / f"{name}.json.gz",
            options.statements,
            wanted=article_is_held_out if name == "squad1_train_reconstructed" else None,
        )
    ]
    judged = list(judge(made, embedder, CrossEncoder(options.model)))
    if options.fit:
        fit(judged)
    report(judged)


def judge(
    made: Sequence[Statement], embedder: Embedder, encoder: CrossEncoder
) -> Iterator[tuple[Statement, Quote]]:
    """Each statement with the quote that supports it best in its paragraphs."""
    grounds: dict[tuple[Paragraph, ...], Grounds] = {}
    for each in made:
        if each.paragraphs not in grounds:
            hits = [_hit(paragraph, rank) for rank, paragraph in enumerate(each.paragraphs, 1)]
            grounds[each.paragraphs] = Grounds(hits, embedder, encoder)
        quote = grounds[each.paragraphs].best(each.text)
        assert quote is not None  # no paragraph is empty
        yield each, quote


def report(judged: Sequence[tuple[Statement, Quote]]) -> None:
    """Print AUROC over all and by kind, and how verdicts fall."""
    supported = [quote for each, quote in judged if each.kind == "supported"]
    sys.stdout.write(f"{'':18}{'AUROC':>8}{'count':>8}{'supported':>12}{'weak':>8}{'unsupported':>13}\n")
    others = [quote for each, quote in judged if each.kind != "supported"]
    rows: list[tuple[str, list[Quote], float | None]] = [("supported", supported, None)]
    for kind in KINDS:
        of_kind = [quote for each, quote in judged if each.kind == kind]
        rows.append((kind, of_kind, auroc(supported, of_kind)))
    rows.append(("all but supported", others, auroc(supported, others)))
    for name, quotes, area in rows:
        shares = [
            np.mean([quote.verdict == verdict for quote in quotes])
            for verdict in ("supported", "weak", "unsupported")
        ]
        sys.stdout.write(f"{name:18}{f'{area:.3f}' if area is not None else '':>8}{len(quotes):8}")
        sys.stdout.write(f"{shares[0]:12.1%}{shares[1]:8.1%}{shares[2]:13.1%}\n")


def auroc(supported: Sequence[Quote], others: Sequence[Quote]) -> float:
    """How often a supported sentence scores above another, ties counting half."""
    support = np.array([quote.support for quote in (*supported, *others)])
    return metrics.auroc(support, np.arange(len(support)) < len(supported))


def fit(judged: Sequence[tuple[Statement, Quote]]) -> None:
    """Print the weights of a logistic regression; each kind weighs the same, and all as the supported."""
    rows = np.array([[getattr(quote.comparison, name) for name in WEIGHTS] for _, quote in judged])
    kinds = [each.kind for each, _ in judged]
    labels = np.array([kind == "supported" for kind in kinds])
    counts = Counter(kinds)
    shares = {kind: len(counts) - 1 if kind == "supported" else 1 for kind in counts}
    shares_ = np.array([shares[kind] / counts[kind] for kind in kinds])
    model = LogisticRegression(max_iter=5000).fit(rows, labels, shares_ / shares_.mean())
    sys.stdout.write(f"_BIAS = {model.intercept_[0]:.2f}\n")
    weights = {name: round(float(weight), 2) for name, weight in zip(WEIGHTS, model.coef_[0], strict=True)}
    sys.stdout.write(f"WEIGHTS = {weights}\n")
    area = metrics.auroc(model.predict_proba(rows)[:, 1], labels)
    sys.stdout.write(f"AUROC of the fitted weights on what they were fitted to: {area:.3f}\n\n")


def _hit(paragraph: Paragraph, rank: int) -> Hit:
    passage = Passage(f"{rank}", paragraph.title, paragraph.title, paragraph.text, 0, len(paragraph.text))
    return Hit(passage, 1.0, rank)


if __name__ == "__main__":
    main()
