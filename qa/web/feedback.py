"""What readers think of answers, one JSON object a line, as `qa eval` reads it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from qa.types import Answer

Rating = Literal["up", "down"]
REASON_LIMIT = 2000
ID_LIMIT = 200
LINE_LIMIT = 200_000


def line(answer: Answer, rating: Rating, reason: str, id: str = "") -> dict[str, Any]:
    """The question with the answer given, its sources, and the rating; a refusal has no answer.

    `id` is the browser's name for the answer, "" if it has none.
    """
    answered = answer.status == "answered"
    return {
        "question": answer.rewritten_question or answer.question,
        "answer": [citation.quote for citation in answer.citations] if answered else [],
        "source": sorted({citation.source for citation in answer.citations}),
        "answerable": answered,
        "rating": rating,
        "reason": reason.strip()[:REASON_LIMIT],
        "text": answer.text,
        "model": answer.model,
        "index_version": answer.index_version,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "id": id[:ID_LIMIT],
    }


def file_beside(index: str) -> Path:
    """Where the ratings of an index are kept: beside its folder, so that a new index leaves them alone."""
    folder = Path(index)
    return folder.with_name(f"{folder.name}-feedback.jsonl")


class Ratings:
    """Writes ratings to files, one reader at a time: lines of several readers must not mix."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def save(self, path: Path, rated: dict[str, Any]) -> None:
        """Append one line, in place of an earlier one with its `id`: the last word on an answer counts.

        OSError when it cannot be written, ValueError for one longer than answers are.
        """
        written = json.dumps(rated, ensure_ascii=False) + "\n"
        if len(written) > LINE_LIMIT:
            raise ValueError(f"a rating of {len(written)} characters")
        with self._lock:
            if rated["id"] and path.exists():
                _drop(path, rated["id"])
            with path.open("a", encoding="utf-8") as file:
                file.write(written)


def _drop(path: Path, id: str) -> None:
    """Take the line with this `id` out of the file, if there is one; all others stay as they are."""
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [each for each in lines if _id(each) != id]
    if len(kept) < len(lines):
        draft = path.with_name(f"{path.name}.new")
        draft.write_bytes(b"".join(kept))
        draft.replace(path)


def _id(written: bytes) -> object:
    try:
        row = json.loads(written)
    except ValueError:
        return None  # somebody has edited it
    return row.get("id") if isinstance(row, dict) else None
