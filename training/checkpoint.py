"""Checkpoints that survive being killed at any moment."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import torch

NAME = re.compile(r"step-(\d+)\.pt$")
KEPT = 2


def save_checkpoint(folder: Path, step: int, state: dict[str, Any]) -> Path:
    """Writes `step-N.pt` whole or not at all, and removes all but the last `KEPT`."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"step-{step:07d}.pt"
    partial = target.with_suffix(".partial")
    with partial.open("wb") as stream:
        torch.save(state, stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.rename(target)
    for old in _checkpoints(folder)[:-KEPT]:
        old.unlink()
    return target


def latest_checkpoint(folder: Path) -> Path | None:
    """The checkpoint of the highest step, if there is any."""
    found = _checkpoints(folder)
    return found[-1] if found else None


def _checkpoints(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("step-*.pt") if NAME.search(path.name))


def load_checkpoint(path: Path) -> dict[str, Any]:
    """The state that `save_checkpoint` wrote."""
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state
