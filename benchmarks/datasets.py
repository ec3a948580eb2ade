"""The question sets in BEIR layout that benchmarks read."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Query:
    """A question, the ids of the documents that answer it, and the answers themselves where given."""

    text: str
    gold: frozenset[str]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Documents (id, title, text) and the questions about them."""

    documents: tuple[tuple[str, str, str], ...]
    queries: tuple[Query, ...]


def load(folder: Path) -> QuestionSet:
    """Read corpus, queries and judgements from `folder`; exits with a message when it is not there."""
    if not (folder / "qrels.tsv").is_file():
        sys.exit(f"There is no question set at {folder}. Name its parent: --data DIR")
    gold: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, _ = line.split("\t")
        gold.setdefault(query, set()).add(document)
    return QuestionSet(
        tuple((row["_id"], row.get("title", ""), row["text"]) for row in _rows(folder / "corpus.jsonl.gz")),
        tuple(
            Query(row["text"], frozenset(gold[row["_id"]]), tuple(row["metadata"].get("answers", ())))
            for row in _rows(folder / "queries.jsonl.gz")
            if row["_id"] in gold
        ),
    )


def write_corpus(questions: QuestionSet, folder: Path, limit: int | None = None) -> None:
    """Write each document as a Markdown file named by its id, its title as heading."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, title, text in questions.documents[:limit]:
        heading = f"# {title}\n\n" if title else ""
        (folder / f"{name}.md").write_text(heading + text, encoding="utf-8")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
