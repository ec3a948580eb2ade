"""The weights of an exported reader, read back so that training can go on from them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from training.smoothing import SUFFIX

Array = npt.NDArray[np.float32]
HEADS = ("answerable.0", "answerable.2", "relevance.0", "relevance.2")


def shipped_weights(path: Path, layers: int = 6) -> dict[str, Tensor]:
    """Every trained weight of an int8 file that `export.py` wrote, by its name in `Reader`.

    What int8 rounded away stays lost; a few steps of training make up for it.
    """
    held = {each.name: numpy_helper.to_array(each) for each in onnx.load(str(path)).graph.initializer}
    weights = {name.removeprefix("reader."): held[name] for name in held if name.startswith("reader.")}
    weights = {name: value for name, value in weights.items() if name.endswith(("weight", "bias"))}
    for kind in ("token_type_embeddings", "position_embeddings"):
        name = f"encoder.embeddings.{kind}.weight"
        weights[name] = _restored(held, f"reader.{name}")
    products = sorted({found[0] for name in held if (found := re.match(r"onnx::MatMul_\d+", name))})
    for layer in range(layers):
        prefix = f"encoder.encoder.layer.{layer}"
        _add_attention(weights, held, f"Attention_{layer}_qkv", f"{prefix}.attention.self")
        for part, product in zip(
            ("attention.output", "intermediate", "output"), products[3 * layer :], strict=False
        ):
            weights[f"{prefix}.{part}.dense.weight"] = _restored(held, product).T
    weights["span.weight"] = _restored(held, products[-1]).T
    for head in HEADS:
        weights[f"{head}.weight"] = _restored(held, f"reader.{head}.weight_Transposed").T
    return {name: torch.from_numpy(np.array(value, dtype=np.float32)) for name, value in weights.items()}


def _add_attention(weights: dict[str, Array], held: dict[str, Array], fused: str, prefix: str) -> None:
    """The query, key and value layers, which attention fusion put side by side."""
    parts = np.split(_restored(held, f"{fused}_weight"), 3, axis=1)
    for name, weight, bias in zip(
        ("query", "key", "value"), parts, np.split(held[f"{fused}_bias"], 3), strict=True
    ):
        weights[f"{prefix}.{name}.weight"], weights[f"{prefix}.{name}.bias"] = weight.T, bias


def _restored(held: dict[str, Array], name: str) -> Array:
    if name in held:  # left as it was
        return held[name]
    whole = held[f"{name}_quantized"].astype(np.float32) - held[f"{name}_zero_point"].astype(np.float32)
    weights: Array = whole * held[f"{name}_scale"]
    return weights * held[name + SUFFIX][:, None] if name + SUFFIX in held else weights
