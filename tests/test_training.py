"""The training code's own promises: what is exported can be read back, and statements are what they say."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from qa.crossencoder import CrossEncoder
from training.declarative import declarative
from training.export import export, feed
from training.model import BLOCKED, Reader
from training.prepare import encoder_folder
from training.reading import Ask, TorchReader, encode, read_all
from training.shipped import shipped_weights
from training.statements import KINDS, pairs, statements
from training.store import open_tokenizer

CONTEXT = (
    "In 1883 Father Zahm oversaw the creation of a science hall at Notre Dame. "
    "The hall cost 12,000 dollars, and Edward Sorin paid for it in Paris."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    torch.manual_seed(1)
    return Reader.from_encoder(encoder_folder()).eval()


@pytest.fixture(scope="module")
def plain(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reader as int8, not smoothed."""
    path = tmp_path_factory.mktemp("exported") / "plain.onnx"
    export(reader, path)
    return path


def test_an_exported_reader_gives_back_its_weights_to_half_a_step_of_int8(
    reader: Reader, plain: Path
) -> None:
    restored = shipped_weights(plain)

    trained = {name: value for name, value in reader.state_dict().items() if "word_embeddings" not in name}
    assert restored.keys() == trained.keys()
    for name, value in trained.items():
        rounded = value.dim() == 2 and "embeddings" not in name
        step = value.abs().amax(dim=1, keepdim=True) / 64 if rounded else torch.zeros(1)
        assert torch.all((restored[name] - value).abs() <= step / 2 + 1e-6), name


def test_what_a_reader_in_training_answers_stands_in_the_passage(reader: Reader) -> None:
    asks = [Ask("Who paid for the hall?", title, CONTEXT) for title in ("Notre Dame", "")]
    for each in read_all(TorchReader(reader, open_tokenizer(encoder_folder())), asks):
        assert each.text and each.text == CONTEXT[each.start : each.end]


def test_int8_takes_less_from_a_reader_smoothed_by_what_goes_into_it(
    reader: Reader, plain: Path, tmp_path: Path
) -> None:
    asked = ("Who paid for the hall?", "When was the hall made?")
    tokenizer = open_tokenizer(encoder_folder())
    samples = [feed(reader, encode(tokenizer, Ask(each, "", CONTEXT))) for each in asked]
    export(reader, tmp_path / "smoothed.onnx", samples)
    restored = Reader.from_encoder(encoder_folder()).eval()
    restored.load_state_dict(reader.state_dict() | shipped_weights(tmp_path / "smoothed.onnx"))

    read = encode(tokenizer, Ask("What did Edward Sorin pay for?", "Notre Dame", CONTEXT))
    given = np.array([[read.ids], [read.attention_mask], [read.type_ids]])
    exact = TorchReader(reader, tokenizer).logits(*given).start_logits
    taken, less, kept = (
        np.abs(logits - exact)[exact > BLOCKED].mean()
        for logits in (
            CrossEncoder(plain).logits(*given).start,
            CrossEncoder(tmp_path / "smoothed.onnx").logits(*given).start,
            TorchReader(restored, tokenizer).logits(*given).start_logits,
        )
    )
    assert less < 0.7 * taken
    assert kept < 0.7 * taken


@pytest.mark.parametrize(
    ("question", "answer", "statement"),
    [
        ("When did Zahm leave Notre Dame?", "1892", "Zahm left Notre Dame in 1892."),
        ("When was the hall built?", "4 July 1883", "The hall was built on 4 July 1883."),
        ("Who oversaw the hall?", "Father Zahm", "Father Zahm oversaw the hall."),
        ("Who was the founder?", "Edward Sorin", "Edward Sorin was the founder."),
        ("How many dollars did the hall cost?", "12,000", "The hall cost 12,000 dollars."),
        ("What was the land filled with?", "debris", "The land was filled with debris."),
        ("What does the hall belong to?", "the university", "The hall belongs to the university."),
        ("In what city did Edward Sorin pay for it?", "Paris", "Edward Sorin paid for it in Paris."),
        ("Why was it built?", "for science", None),
        ("What did they say it was worth in 1883?", "nothing", None),
    ],
)
def test_a_question_and_its_answer_become_a_statement(
    question: str, answer: str, statement: str | None
) -> None:
    assert declarative(question, answer) == statement


def test_statements_come_with_their_opposites_and_the_place_that_supports_them(tmp_path: Path) -> None:
    path = _question_set(tmp_path)

    made = statements(path, count=10)
    supported = [each for each in made if each.kind == "supported"]
    swapped = next(each for each in made if each.kind == "number swapped")

    assert {each.kind for each in made} <= {"supported", *KINDS}
    assert all(CONTEXT[slice(*each.answer)] in ("1883", "Edward Sorin") for each in supported if each.answer)
    assert swapped.answer is None
    assert "1883" not in swapped.text
    assert [(one.kind, other.kind in KINDS) for one, other in pairs(path, 1.0, seed=1)] == [
        ("supported", True)
    ] * 2


def _question_set(folder: Path) -> Path:
    asked = [
        ("When did Zahm oversee the creation of the science hall?", "1883"),
        ("Who paid for the science hall in Paris?", "Edward Sorin"),
    ]
    questions = [
        {"question": q, "id": q, "answers": [{"text": a, "answer_start": CONTEXT.index(a)}]} for q, a in asked
    ]
    paragraphs = [
        {"context": CONTEXT, "qas": questions},
        {"context": "The library was opened in 1963 by Theodore Hesburgh.", "qas": []},
    ]
    path = folder / "set.json.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump({"data": [{"title": "Notre_Dame", "paragraphs": paragraphs}]}, file)
    return path
