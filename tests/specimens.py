"""Awkward files, and what must become of each. `ALL` has them all; `write` puts them into a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Data = bytes | Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Specimen:
    """A file, and its document in every particular; or with `fails`, why there is none.

    `title` "" stands for a title made from the file's name, `name_title`.
    """

    source: str
    data: Data
    text: str = ""
    fails: str = ""
    title: str = ""
    name_title: str = ""
    author: str | None = None
    published: str | None = None
    headings: tuple[tuple[int, str], ...] = ()
    pages: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def bytes(self) -> bytes:
        return self.data() if callable(self.data) else self.data


def write(folder: Path, specimens: tuple[Specimen, ...]) -> None:
    """Make the files."""
    for specimen in specimens:
        path = folder / specimen.source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(specimen.bytes)
