"""SQuAD-layout files as typed passages and questions, cleaned for training."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.statements import pairs

SPACE_BEFORE_PUNCTUATION = re.compile(r"\s+([?.,;:!%)\]])")
SPACE_AFTER_OPENING = re.compile(r"([(\[])\s+")
SPACE_IN_CLITIC = re.compile(r"\s+(n't|'s|'re|'ve|'ll|'d|'m|'\s)(?=\W|$)", re.IGNORECASE)
QUOTE_MOVED_RIGHT = re.compile(r"(?<!\w)'([^']+?)\s'\s*(?=\w)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that questions are asked of; `title` is empty when the source has none fit to show."""

    source: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of one passage; `spans` are character ranges, none when it has no answer."""

    id: str
    source: str
    text: str
    passage: int
    spans: tuple[tuple[int, int], ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages, and the questions that index into them."""

    passages: tuple[Passage, ...]
    questions: tuple[Question, ...]


def clean_question(text: str) -> str:
    """The question with the stray spaces of detokenization taken out."""
    text = text.replace("`` ", '"').replace(" ''", '"')
    text = QUOTE_MOVED_RIGHT.sub(r"'\1' ", text)
    text = SPACE_IN_CLITIC.sub(r"\1", text)
    text = SPACE_BEFORE_PUNCTUATION.sub(r"\1", text)
    return " ".join(SPACE_AFTER_OPENING.sub(r"\1", text).split())


def clean_title(source: str, title: str) -> str:
    """A title as a reader would see it, or the empty string where the source has only keys."""
    if source.startswith("squad"):
        return title.replace("_", " ")
    if source.startswith("timeqa"):
        return title.removeprefix("/wiki/").replace("_", " ")
    if source.startswith("fairytaleqa"):
        return title.replace("-", " ")
    return ""


def read_json(path: Path) -> dict[str, Any]:
    """The decoded content of a gzipped JSON file."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        content: dict[str, Any] = json.load(stream)
    return content


def read_squad(path: Path, source: str) -> Collection:
    """All passages and questions of one SQuAD v2.0 file, in file order."""
    passages: list[Passage] = []
    questions: list[Question] = []
    for article in read_json(path)["data"]:
        title = clean_title(source, article.get("title", ""))
        for paragraph in article["paragraphs"]:
            passages.append(Passage(source, title, paragraph["context"]))
            number = len(passages) - 1
            questions += [_question(entry, source, number) for entry in paragraph["qas"]]
    return Collection(tuple(passages), tuple(questions))


def _question(entry: dict[str, Any], source: str, passage: int) -> Question:
    answers = entry["answers"]
    spans = {(a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers}
    return Question(
        id=entry["id"],
        source=source,
        text=clean_question(entry["question"]),
        passage=passage,
        spans=tuple(sorted(spans)),
        answers=tuple(dict.fromkeys(a["text"] for a in answers)),
    )


def join_sentences(collection: Collection, path: Path) -> Collection:
    """QAMR's single sentences joined, in order, into the article each came from.

    A lone sentence of twenty words is too easy a context; its article is what a reader meets.
    """
    members = _sentences_by_article(path)
    passages: list[Passage] = []
    place: dict[int, tuple[int, int]] = {}
    for numbers in members:
        offset = 0
        for number in numbers:
            place[number] = (len(passages), offset)
            offset += len(collection.passages[number].text) + 1
        text = " ".join(collection.passages[number].text for number in numbers)
        passages.append(Passage("qamr", "", text))
    return Collection(tuple(passages), tuple(_moved(q, place) for q in collection.questions))


def _moved(question: Question, place: dict[int, tuple[int, int]]) -> Question:
    passage, offset = place[question.passage]
    spans = tuple((start + offset, end + offset) for start, end in question.spans)
    return Question(question.id, question.source, question.text, passage, spans, question.answers)


def _sentences_by_article(path: Path) -> list[list[int]]:
    """Passage numbers of each article's sentences, ordered by the position in `sent_id`."""
    articles: list[list[int]] = []
    number = 0
    for article in read_json(path)["data"]:
        keyed: list[tuple[tuple[int, ...], int]] = []
        for paragraph in article["paragraphs"]:
            position = paragraph["qas"][0]["sent_id"].split(":")[-2:]
            keyed.append((tuple(int(part) for part in position), number))
            number += 1
        articles.append([n for _, n in sorted(keyed)])
    return articles


TRAINING_SOURCES = (
    "squad1_train_reconstructed",
    "squad2_devhalf_train",
    "squad2_devhalf2_reconstructed",
    "tydiqa_goldp_en_train",
    "timeqa_human_train",
    "qamr",
    "policyqa",
    "fairytaleqa_train",
)
STATEMENTS = "statements"  # about the passages of the first set; the last source that a store numbers
SOURCES = (*TRAINING_SOURCES, STATEMENTS)
STATED_SHARE, STATED_SEED = 0.35, 20261125


def read_training(folder: Path) -> Collection:
    """Every training set of `folder` as one collection, in the order of `TRAINING_SOURCES`."""
    passages: list[Passage] = []
    questions: list[Question] = []
    for source in TRAINING_SOURCES:
        path = folder / f"{source}.json.gz"
        part = read_squad(path, source)
        part = join_sentences(part, path) if source == "qamr" else part
        shift = len(passages)
        passages += part.passages
        questions += _shifted(part.questions, shift)
    questions += _stated(folder / f"{TRAINING_SOURCES[0]}.json.gz", passages)
    return Collection(tuple(passages), tuple(questions))


def _stated(path: Path, passages: list[Passage]) -> Iterator[Question]:
    """Statements in the place of questions: where the passage says so, or that it does not."""
    number = {passage.text: place for place, passage in reversed(list(enumerate(passages)))}
    for place, pair in enumerate(pairs(path, STATED_SHARE, STATED_SEED)):
        for statement in pair:
            passage = number[statement.paragraphs[0].text]
            spans = (statement.answer,) if statement.answer else ()
            answers = tuple(passages[passage].text[start:end] for start, end in spans)
            name = f"{STATEMENTS}-{place}-{statement.kind}"
            yield Question(name, STATEMENTS, clean_question(statement.text), passage, spans, answers)


def _shifted(questions: tuple[Question, ...], shift: int) -> Iterator[Question]:
    for q in questions:
        yield Question(q.id, q.source, q.text, q.passage + shift, q.spans, q.answers)
