"""The log of a run: one JSON object a line."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from training.losses import Losses
from training.trainer import Trainer


class Journal:
    """Appends one JSON line per interval to `log.jsonl`, with the mean losses of its steps."""

    def __init__(self, path: Path, interval: int) -> None:
        self.path, self.interval = path, interval
        self.sums: dict[str, float] = {}
        self.steps, self.examples, self.since = 0, 0, time.monotonic()

    def add(self, trainer: Trainer, losses: Losses, rows: int) -> None:
        """Counts one step; writes when the interval is full."""
        for name, value in losses._asdict().items():
            self.sums[name] = self.sums.get(name, 0.0) + value.item()
        self.steps, self.examples = self.steps + 1, self.examples + rows
        if self.steps < self.interval:
            return
        seconds = time.monotonic() - self.since
        means = {name: round(value / self.steps, 4) for name, value in self.sums.items()}
        place = f"{trainer.place.epoch}.{trainer.place.chunk}"
        rate = round(self.examples / seconds, 2)
        self.write(
            {"step": trainer.step, "examples": trainer.examples, "place": place, **means, "per_s": rate}
        )
        self.sums, self.steps, self.examples, self.since = {}, 0, 0, time.monotonic()

    def write(self, entry: dict[str, Any]) -> None:
        """Appends one entry, stamped with the wall clock."""
        stamped = {"time": time.strftime("%Y-%m-%dT%H:%M:%S"), **entry}
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(stamped) + "\n")
