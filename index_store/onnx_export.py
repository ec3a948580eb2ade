"""A BERT-like sentence-transformers model as an int8 ONNX graph: the same ranking, twice as fast on a CPU.

Fused attention and dynamic int8 quantization per channel, as in ONNX Runtime's guide to transformer
models. Per-channel scales keep retrieval as it was, where per-tensor ones lose nearly a point of MRR;
the reduced weight range keeps CPUs with and without VNNI at the same vectors.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index_store.weights import Weights

RECIPE = "int8-1"  # part of the file's name: change it when the export changes
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "last_hidden_state"


def exported(weights: Weights, cache: Path) -> Path:
    """The path of the model's ONNX graph in the folder `cache`, made there by the first call.

    Errors of the export itself (an architecture that cannot be traced) pass through.
    """
    target = cache / f"{weights.sha256[:16]}-{RECIPE}.onnx"
    if not target.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder, _quiet():
            made = _quantize(_fuse(*_trace(weights, Path(folder))))
            made.replace(target)  # atomic: of two processes that export at once, the last one wins
    return target


def _trace(weights: Weights, folder: Path) -> tuple[Path, int, int]:
    """Trace the transformer; returns the graph's path, its number of heads and its hidden size."""
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(
        str(weights.folder),
        device="cpu",
        local_files_only=True,
        model_kwargs={"attn_implementation": "eager"},  # the pattern that the fusion knows
    )
    network: Any = model[0].auto_model
    tokens = torch.ones(1, 8, dtype=torch.int64)
    torch.onnx.export(
        _hidden_states(network),
        (tokens, tokens, torch.zeros_like(tokens)),
        str(folder / "traced.onnx"),
        input_names=list(INPUTS),
        output_names=[OUTPUT],
        dynamic_axes={name: {0: "batch", 1: "tokens"} for name in (*INPUTS, OUTPUT)},
        opset_version=17,
        dynamo=False,
    )
    return folder / "traced.onnx", network.config.num_attention_heads, network.config.hidden_size


def _hidden_states(network: Any) -> Any:
    import torch

    class HiddenStates(torch.nn.Module):
        """The transformer with positional inputs and one output, as the exporter wants it."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, ids: Any, mask: Any, types: Any) -> Any:
            return self.network(input_ids=ids, attention_mask=mask, token_type_ids=types)[0]

    return HiddenStates().eval()


def _fuse(traced: Path, heads: int, hidden_size: int) -> Path:
    from onnxruntime.transformers.optimizer import optimize_model

    fused = traced.with_name("fused.onnx")
    optimize_model(
        str(traced), model_type="bert", num_heads=heads, hidden_size=hidden_size, opt_level=0
    ).save_model_to_file(str(fused))
    return fused


def _quantize(fused: Path) -> Path:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    made = fused.with_name("int8.onnx")
    quantize_dynamic(
        str(fused),
        str(made),
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},  # fused nodes have no inferred type
    )
    return made


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Silence the exporter's advice, which is meant for who writes exporters."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
