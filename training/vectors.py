"""Sentence vectors of many texts from the product's own embedding model, for mining and measuring."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index_store.embedder import open_embedder
from index_store.settings import model_cache
from index_store.weights import DEFAULT_MODEL

Floats = npt.NDArray[np.float32]


def embed(texts: Sequence[str]) -> Floats:
    """One unit vector for each text."""
    return open_embedder(DEFAULT_MODEL, model_cache()).embed(texts)
