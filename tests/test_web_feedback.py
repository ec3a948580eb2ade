"""Ratings in their file: a line for each answer, which the last word on it replaces."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from test_web_parts import ANSWER

from qa.web import feedback


def test_a_rating_is_no_way_to_fill_a_disk(tmp_path: Path) -> None:
    ratings, path = feedback.Ratings(), tmp_path / "feedback.jsonl"
    ratings.save(path, feedback.line(ANSWER, "up", "x" * 10_000))
    with pytest.raises(ValueError, match="characters"):
        ratings.save(path, feedback.line(dataclasses.replace(ANSWER, text="x" * 1_000_000), "up", ""))
    assert len(path.read_text(encoding="utf-8")) < 3000


def test_a_rating_replaces_only_that_of_the_same_answer(tmp_path: Path) -> None:
    ratings, path = feedback.Ratings(), tmp_path / "feedback.jsonl"
    path.write_text("edited by hand\n")
    for id, reason in (("a", "1"), ("", "2"), ("b", "3"), ("", "4"), ("a", "5")):
        ratings.save(path, feedback.line(ANSWER, "down", reason, id))
    first, *others = path.read_text(encoding="utf-8").splitlines()
    assert first == "edited by hand"
    assert [json.loads(each)["reason"] for each in others] == ["2", "3", "4", "5"]
