"""Documents taken out of the corpus: moved to a folder of their own, from which they can be brought back."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from index_store.corpus import name_of
from qa.errors import QAError


class RemovalError(QAError):
    """A file cannot be taken out; the message says why."""


class Removal:
    """Moves files from the corpus in `folder` to `attic`, each with its path, in a folder per moment."""

    def __init__(self, folder: Path, attic: Path) -> None:
        self.attic = attic
        self._folder = folder

    def put_away(self, source: str) -> Path:
        """Move the file at `source` out of the corpus; where it is now. Raises RemovalError."""
        path = self._folder / name_of(source)
        try:
            if not path.parent.resolve(strict=True).is_relative_to(self._folder.resolve()):
                raise RemovalError(f"{source} is outside the documents.")
            if not path.is_file():
                raise RemovalError(f"{source} is not there any more.")
            kept = self._room() / name_of(source)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, kept)
        except (OSError, ValueError) as exc:
            raise RemovalError(f"{source} cannot be moved to {self.attic}: {exc}") from exc
        return kept

    def _room(self) -> Path:
        return self.attic / datetime.now().strftime("%Y-%m-%d %H.%M.%S.%f")
