"""Exports a trained reader as an int8 ONNX file with fused attention.

The word embeddings stay out of it: training leaves them as the installed model has them, and they are
half of all weights. The graph takes the words' vectors, which the caller looks up there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Encoding
from torch import Tensor, nn
from transformers import BertConfig

from training.checkpoint import latest_checkpoint, load_checkpoint
from training.data import TRAINING_SOURCES, read_squad
from training.model import Reader
from training.prepare import encoder_folder
from training.reading import Ask, encode
from training.shipped import shipped_weights
from training.smoothing import Feed, smooth
from training.store import open_tokenizer

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
READER_INPUTS = ("word_vectors", *INPUTS[1:])
OUTPUTS = ("start_logits", "end_logits", "answerable", "relevance")
LARGEST_BYTES = 13_500_000
OPSET = 17


def load_reader(*checkpoints: Path) -> Reader:
    """The reader of a checkpoint, with its running average of the weights, set to evaluate.

    Of several checkpoints of one run, the mean (Wortsman et al., "Model soups", 2022).
    """
    states = [load_checkpoint(path) for path in checkpoints]
    weights = [state["model"] | state["average"] for state in states]
    reader = Reader(BertConfig.from_pretrained(encoder_folder(), attn_implementation="eager"))
    mean = {name: torch.stack([each[name].float() for each in weights]).mean(0) for name in weights[0]}
    reader.load_state_dict({name: value.to(weights[0][name].dtype) for name, value in mean.items()})
    return reader.eval()


def mixed(reader: Reader, earlier: Mapping[str, Tensor], share: float) -> Reader:
    """The reader with that share of the weights it was trained on from, and the rest of its own.

    Keeps what training on more, and more various, inputs would take away (Wortsman et al., "Robust
    fine-tuning of zero-shot models", 2022).
    """
    weights = reader.state_dict()
    reader.load_state_dict(
        weights | {name: share * value + (1 - share) * weights[name] for name, value in earlier.items()}
    )
    return reader


def newest(path: Path) -> Path:
    """The checkpoint itself, or the newest of a folder."""
    found = path if path.is_file() else latest_checkpoint(path)
    if found is None:
        raise SystemExit(f"no checkpoint in {path}: run train.py first")
    return found


class FromWordVectors(nn.Module):
    """A reader called with the vectors of the words, and returning a tuple, as the tracer wants it."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, vectors: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, ...]:
        return tuple(self.reader.read(vectors, mask, types))


def sampled(data: Path, reader: Reader, count: int = 200) -> list[Feed]:
    """What the network takes for so many questions, evenly spaced, of SQuAD 1.1 and their passages."""
    squad, *_ = TRAINING_SOURCES
    collection = read_squad(data / "train" / f"{squad}.json.gz", squad)
    chosen = collection.questions[:: len(collection.questions) // count][:count]
    tokenizer = open_tokenizer(encoder_folder())
    asks = [Ask(each.text, "", collection.passages[each.passage].text) for each in chosen]
    return [feed(reader, encode(tokenizer, each)) for each in asks]


@torch.no_grad()
def feed(reader: Reader, tokens: Encoding) -> Feed:
    """What the network takes for one question and passage."""
    vectors = reader.encoder.embeddings.word_embeddings(torch.tensor([tokens.ids])).numpy()
    types = np.array([tokens.type_ids], np.int64)
    return dict(zip(READER_INPUTS, (vectors, np.ones_like(types), types), strict=True))


def export(reader: Reader, target: Path, samples: Sequence[Feed] = (), quantized: bool = True) -> None:
    """Writes the reader, without its word embeddings, to `target`, whole or not at all.

    Before it is quantized it is smoothed by what the `samples`, if any, put into each product.
    """
    width = reader.encoder.config.hidden_size
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, _quiet():
        made = _fused(_traced(FromWordVectors(reader), width, Path(folder)), reader.encoder.config)
        made = smooth(made, samples) if samples else made
        made = _quantized(made) if quantized else made
        made.replace(target)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Silences the exporter's advice, which is meant for who writes exporters."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def _traced(module: nn.Module, width: int, folder: Path) -> Path:
    path = folder / "traced.onnx"
    types = torch.tensor([[0, 0, 0, 1, 1, 1]])
    axes = {name: {0: "batch", 1: "tokens"} for name in (*READER_INPUTS, *OUTPUTS[:2])}
    axes |= {name: {0: "batch"} for name in OUTPUTS[2:]}
    torch.onnx.export(
        module.eval(),
        (torch.zeros(1, 6, width), torch.ones_like(types), types),
        str(path),
        input_names=list(READER_INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    return path


def _fused(traced: Path, config: Any) -> Path:
    from onnxruntime.transformers.optimizer import optimize_model

    model = optimize_model(
        str(traced),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=0,
    )
    path = traced.with_name("fused.onnx")
    model.save_model_to_file(str(path))
    return path


def _quantized(exact: Path) -> Path:
    """Per channel, with the reduced range that keeps CPUs with and without VNNI at the same figures.

    The embeddings of positions stay as they are: one scale for all of them is too coarse.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    path = exact.with_name("int8.onnx")
    quantize_dynamic(
        str(exact),
        str(path),
        per_channel=True,
        reduce_range=True,
        op_types_to_quantize=["Attention", "MatMul"],
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    return path


def main() -> None:
    """Command line: `export.py CHECKPOINT_OR_FOLDER [...] [--target FILE] [--fp32]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "checkpoints", type=Path, nargs="+", help="checkpoints, or run folders for their newest; averaged"
    )
    parser.add_argument("--earlier", type=Path, help="an exported reader, to mix in a share of its weights")
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--target", type=Path, default=Path("qa/reader.onnx"))
    parser.add_argument("--fp32", action="store_true", help="fuse only, to see what int8 costs")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    checkpoints = [newest(path) for path in given.checkpoints]
    reader = load_reader(*checkpoints)
    if given.earlier:
        mixed(reader, shipped_weights(given.earlier), given.share)
    samples = [] if given.fp32 else sampled(given.data, reader)
    export(reader, given.target, samples, quantized=not given.fp32)
    size = given.target.stat().st_size
    report = {"checkpoints": [path.name for path in checkpoints], "file": str(given.target), "bytes": size}
    logging.getLogger(__name__).info(json.dumps(report))
    if not given.fp32 and size > LARGEST_BYTES:
        raise SystemExit(f"{given.target} has {size} bytes, over {LARGEST_BYTES}")


if __name__ == "__main__":
    main()
