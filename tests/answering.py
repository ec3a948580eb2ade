"""Asks a question of a few files that hold the given text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qa import Answer, Assistant, Settings


def opened_over(folder: Path, files: Mapping[str, str], threshold: float | None = None) -> Assistant:
    """An assistant over the files, by their names, in a new corpus in `folder`."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in files.items():
        (corpus / name).write_text(text, encoding="utf-8")
    settings = Settings() if threshold is None else Settings(threshold=threshold)
    return Assistant.open(corpus, index=folder / "index", settings=settings)


def answered(
    folder: Path, files: Mapping[str, str], question: str, threshold: float = 0.2
) -> tuple[Assistant, Answer]:
    """The same, and its answer."""
    assistant = opened_over(folder, files, threshold)
    return assistant, assistant.ask(question)
