"""A model in ONNX Runtime, run by one thread: the callers run one input per core."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def open_session(model: Path) -> Any:
    """The model in the file `model`, ready to run. Errors of the runtime pass through."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
