"""Evens out what goes into each matrix product, so that int8 rounds the small values as finely as the large.

ONNX Runtime rounds the activations of a product with one scale for all of them, and a few channels are ten
times as large as the rest. Dividing each channel by a power of its largest value, and multiplying the weights
that it meets, changes no product (Xiao et al., "SmoothQuant", 2023) and takes a few hundredths of the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

Feed = Mapping[str, npt.NDArray[np.generic]]
Floats = npt.NDArray[np.float32]

POWER = 0.6  # .5 to .85 are as good; 0 leaves all to the activations' rounding, 1 to the weights'
SMALLEST = 0.25  # of the median channel: one that the samples hardly use may be used more by others
PRODUCTS = ("Attention", "MatMul")  # the weights are their second input
SUFFIX = "_smoothing"  # of a weight's name: the vector that its product's activations are multiplied with


def smooth(path: Path, samples: Sequence[Feed]) -> Path:
    """A file beside `path`: its model with the wide products smoothed by what the samples put into them."""
    model = onnx.load(str(path))
    held = {each.name: each for each in model.graph.initializer}
    products = [
        node for node in model.graph.node if node.op_type in PRODUCTS and _wide(held.get(node.input[1]))
    ]
    largest = _largest(path, list(dict.fromkeys(node.input[0] for node in products)), samples)
    for node in products:
        channels = largest[node.input[0]]
        factors = np.maximum(channels, SMALLEST * np.median(channels)) ** POWER
        weight = held[node.input[1]]
        scaled = numpy_helper.to_array(weight) * factors[:, None]
        weight.CopyFrom(numpy_helper.from_array(scaled.astype(np.float32), weight.name))
        _multiply(model.graph, node, (1 / factors).astype(np.float32))
    smoothed = path.with_name("smoothed.onnx")
    onnx.save(model, str(smoothed))
    return smoothed


def _wide(weight: onnx.TensorProto | None) -> bool:
    """Whether a product's second input is a matrix of weights, of a layer and not of a small head."""
    return weight is not None and len(weight.dims) == 2 and min(weight.dims) > 2


def _largest(path: Path, names: Sequence[str], samples: Sequence[Feed]) -> dict[str, Floats]:
    """The largest absolute value of each channel of the named tensors over all samples."""
    model = onnx.load(str(path))
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    largest = dict.fromkeys(names, np.zeros(1, np.float32))
    for sample in samples:
        for name, value in zip(names, session.run(names, dict(sample)), strict=True):
            channels = np.abs(value).reshape(-1, value.shape[-1]).max(0)
            largest[name] = np.maximum(largest[name], channels)
    return largest


def _multiply(graph: onnx.GraphProto, node: onnx.NodeProto, factors: Floats) -> None:
    """Puts a product with `factors` before the node's first input."""
    name = node.input[1] + SUFFIX
    graph.initializer.append(numpy_helper.from_array(factors, name))
    before = helper.make_node("Mul", [node.input[0], name], [f"{name}_out"], name=f"{name}_mul")
    node.input[0] = before.output[0]
    graph.node.insert(list(graph.node).index(node), before)
