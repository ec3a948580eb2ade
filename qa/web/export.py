"""Conversations and answers as files and as text to paste."""

from __future__ import annotations

from collections.abc import Sequence

from qa.web.turn import Turn


def markdown(name: str, turns: Sequence[Turn]) -> str:
    """The conversation as Markdown: each question, its answer, and the quotes with file, place and hash."""
    heading = [f"# {' '.join(name.split())}\n"] if name else []
    return "\n".join([*heading, *(_section(turn) for turn in turns)])


def _section(turn: Turn) -> str:
    parts = [f"## {' '.join(turn.question.split())}\n"]
    if turn.answer is None:
        return "\n".join([*parts, f"{turn.error or turn.text or 'Stopped before an answer.'}\n"])
    made = f"*Answered by {turn.answer.model} from index version {turn.answer.index_version}.*\n"
    return "\n".join([*parts, turn.answer.to_markdown(), made])
