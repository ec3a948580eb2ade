"""Sentence vectors of many texts from the installed embedding model, for mining and measuring."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.model import load_encoder
from training.prepare import encoder_folder
from training.store import open_tokenizer

Floats = npt.NDArray[np.float32]
LONGEST = 256


class Embedder:
    """Mean-pooled unit vectors from an int8 ONNX graph, a text at a time on each core."""

    def __init__(self, longest: int = LONGEST, workers: int = 2) -> None:
        self.tokenizer = open_tokenizer(encoder_folder())
        self.tokenizer.enable_truncation(longest)
        self.session = _session()
        self.workers = workers

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        with ThreadPoolExecutor(self.workers) as pool:
            rows = list(pool.map(self._embed_one, texts))
        return np.stack(rows)

    def _embed_one(self, text: str) -> Floats:
        ids = np.array([self.tokenizer.encode(text).ids], dtype=np.int64)
        states = self.session.run(
            None,
            {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)},
        )[0][0]
        mean = states.mean(axis=0)
        unit: Floats = (mean / np.linalg.norm(mean)).astype(np.float32)
        return unit


def _session() -> Any:
    import onnxruntime

    from training.export import INPUTS, convert

    model = load_encoder(encoder_folder())
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "encoder.onnx"
        axes = {name: {0: "batch", 1: "tokens"} for name in (*INPUTS, "hidden")}
        convert(model, model.config, axes, ("hidden",), target)
        return onnxruntime.InferenceSession(target.read_bytes(), options, providers=["CPUExecutionProvider"])
