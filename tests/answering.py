"""Asks a question of a few files that hold the given text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qa import Answer, Assistant, Settings


def answered(
    folder: Path, files: Mapping[str, str], question: str, threshold: float = 0.2
) -> tuple[Assistant, Answer]:
    """An assistant over the files, by their names, in a new corpus in `folder`, and its answer."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in files.items():
        (corpus / name).write_text(text, encoding="utf-8")
    assistant = Assistant.open(corpus, index=folder / "index", settings=Settings(threshold=threshold))
    return assistant, assistant.ask(question)
