"""An assistant whose rebuilds go on only when the test says so."""

from __future__ import annotations

import threading
from typing import Any

from index_store import Progress, RebuildReport
from qa import Assistant

PATIENCE = 120  # seconds, after which a rebuild goes on by itself, so that no test hangs


class Gated:
    """An assistant whose rebuilds wait, in the midst of their work, until the gate opens."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.gate = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def rebuild(self, *, dry_run: bool = False, progress: Any = None) -> RebuildReport:
        def held(step: Progress) -> None:
            progress(step)
            if step.stage == "indexing":
                self.gate.wait(PATIENCE)
                progress(step)

        return self._assistant.rebuild(dry_run=dry_run, progress=progress and held)
