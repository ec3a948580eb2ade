"""How far a rebuild is: counted here, and told to whoever wants to know."""

from __future__ import annotations

import time
from collections.abc import Sequence

from index_store.types import Progress, ProgressCallback


class Meter:
    """Counts files, their bytes and passages, and tells `callback` after each step.

    What `callback` raises ends the rebuild, in order: what is committed stays, the next one goes on.
    """

    def __init__(self, callback: ProgressCallback | None = None) -> None:
        self._callback = callback
        self._started = self._stage_started = time.monotonic()
        self._stage = ""
        self._files = self._files_total = 0
        self._bytes = self._bytes_read = self._bytes_total = 0.0
        self.passages = 0

    @property
    def seconds(self) -> float:
        """Since the meter was made."""
        return time.monotonic() - self._started

    def begin(self, stage: str, sizes: Sequence[int]) -> None:
        """Begin a stage that goes through files of these sizes in bytes."""
        self._stage, self._stage_started = stage, time.monotonic()
        self._files, self._files_total = 0, len(sizes)
        self._bytes, self._bytes_read, self._bytes_total = 0.0, 0.0, float(sum(sizes))
        self.tell()

    def finish(self) -> None:
        """Begin what is left to do when all files are read."""
        self._stage = "finishing"
        self.tell()

    def file(self, size: int) -> None:
        """Count a file; its bytes are done when its passages are stored."""
        self._files += 1
        self._bytes_read += size
        self.tell()

    def stored(self, passages: int, left: int) -> None:
        """Count passages that were stored, when so many are left of the files counted so far."""
        self.passages += passages
        self._bytes += (self._bytes_read - self._bytes) * passages / (passages + left)
        self.tell()

    def committed(self) -> None:
        """All files counted so far are live."""
        self._bytes = self._bytes_read

    def tell(self) -> None:
        """Tell the callback how far the rebuild is."""
        if self._callback:
            elapsed = time.monotonic() - self._stage_started
            left = self._bytes_total - self._bytes
            self._callback(
                Progress(
                    stage=self._stage,
                    files_done=self._files,
                    files_total=self._files_total,
                    passages=self.passages,
                    seconds=self.seconds,
                    passages_per_second=self.passages / elapsed if self.passages else 0.0,
                    seconds_left=elapsed * left / self._bytes if self._bytes else None,
                )
            )
