"""The question sets that benchmarks read, in BEIR layout (a folder) or SQuAD layout (a file)."""

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
    """A question, the ids of the documents it is judged against, and the answers where given.

    A question that is not `answerable` is one that its documents do not answer.
    """

    text: str
    gold: frozenset[str]
    answers: tuple[str, ...]
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Documents (id, title, text) and the questions about them."""

    documents: tuple[tuple[str, str, str], ...]
    queries: tuple[Query, ...]


def load(path: Path) -> QuestionSet:
    """Read the set in the folder `path`, or in the file `path`.json.gz; exits with a message without it."""
    if (path / "qrels.tsv").is_file():
        return _beir(path)
    file = path.with_name(f"{path.name}.json.gz")
    if file.is_file():
        return _squad(file)
    sys.exit(f"There is no question set at {path}. Name its parent: --data DIR")


def _beir(folder: Path) -> QuestionSet:
    gold: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, _ = line.split("\t")
        gold.setdefault(query, set()).add(document)
    return QuestionSet(
        tuple((row["_id"], row.get("title", ""), row["text"]) for row in _rows(folder / "corpus.jsonl.gz")),
        tuple(
            Query(row["text"], frozenset(gold[row["_id"]]), _answers(row["metadata"]))
            for row in _rows(folder / "queries.jsonl.gz")
            if row["_id"] in gold
        ),
    )


def _answers(metadata: dict[str, Any]) -> tuple[str, ...]:
    single = metadata.get("answer")
    return tuple(metadata.get("answers", ())) or ((single,) if single else ())


def _squad(file: Path) -> QuestionSet:
    """Each paragraph is a document without a title, so that the paragraph alone is read."""
    documents: list[tuple[str, str, str]] = []
    queries: list[Query] = []
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        articles = json.load(stream)["data"]
    for paragraph in (each for article in articles for each in article["paragraphs"]):
        name = f"p{len(documents)}"
        documents.append((name, "", paragraph["context"]))
        for row in paragraph["qas"]:
            answers = tuple(dict.fromkeys(each["text"] for each in row["answers"]))
            queries.append(Query(row["question"], frozenset({name}), answers, not row["is_impossible"]))
    return QuestionSet(tuple(documents), tuple(queries))


def write_corpus(questions: QuestionSet, folder: Path, limit: int | None = None) -> None:
    """Write each document as a file named by its id: Markdown under its title, or text without one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, title, text in questions.documents[:limit]:
        path = folder / (f"{name}.md" if title else f"{name}.txt")
        content = f"# {title}\n\n{text}" if title else text
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8", newline="")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
