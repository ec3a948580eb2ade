"""Text to vectors. The default is all-MiniLM-L6-v2 as an int8 ONNX graph, without torch at run time."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index_store.errors import EmbeddingModelError
from index_store.inference import cores, open_session
from index_store.onnx_export import RECIPE
from index_store.weights import Weights, find_weights

Vector = npt.NDArray[np.float32]


class Embedder(Protocol):
    """A text embedding model. Vectors are float32 of length 1, so that their dot product is the cosine."""

    @property
    def name(self) -> str:
        """The model's name with the first digits of its weights' hash, and how it is run."""

    @property
    def dimension(self) -> int:
        """The number of components of a vector."""

    @property
    def max_tokens(self) -> int:
        """The model's window, special tokens included; what is longer is cut off."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, without special tokens."""

    def embed(self, texts: Sequence[str]) -> Vector:
        """One row per text, shape (len(texts), dimension)."""

    def embed_query(self, query: str) -> Vector:
        """The vector of a question, shape (dimension,)."""


def open_embedder(name: str, cache: Path) -> Embedder:
    """The embedder of the model `name` (see `find_weights`); exported graphs are kept in `cache`.

    Raises EmbeddingModelError when the model cannot be found or loaded.
    """
    weights = find_weights(name, cache)
    pooling = _pooling(weights.folder)
    if pooling is None:
        return TorchEmbedder(weights)
    return OnnxEmbedder(weights, cache, pooling)


class OnnxEmbedder:
    """A BERT-like model in ONNX Runtime: one single-threaded run per core, one text per run.

    On CPUs this beats batches, whose padding and cache misses cost more than they save.
    """

    def __init__(self, weights: Weights, cache: Path, pooling: str) -> None:
        self.name = f"{weights.name} ({weights.sha256[:8]}, onnx {RECIPE})"
        self._preparing = threading.Lock()
        self._weights = weights
        self._cache = cache
        self._pooling = pooling
        self._prompts = _prompts(weights.folder)
        self.max_tokens = _max_tokens(weights.folder)
        self.dimension = int(_read_json(weights.folder / "config.json")["hidden_size"])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(each.ids) for each in self._counter.encode_batch(list(texts), add_special_tokens=False)]

    def embed(self, texts: Sequence[str]) -> Vector:
        prompted = [self._prompts["document"] + text for text in texts]
        if len(prompted) < 2:
            rows = [self._embed_one(text) for text in prompted]
        else:
            self._prepare()
            rows = list(self._workers.map(self._embed_one, prompted))
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def embed_query(self, query: str) -> Vector:
        return self._embed_one(self._prompts["query"] + query)

    def _prepare(self) -> None:
        with self._preparing:  # a cached property would be made once by every thread that finds it missing
            _ = self._session, self._tokenizer

    def _embed_one(self, text: str) -> Vector:
        self._prepare()
        tokens = self._tokenizer.encode(text)
        ids = np.array([tokens.ids], np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, inputs)[0][0]
        pooled: Vector = states.mean(axis=0) if self._pooling == "mean" else states[0]
        return np.asarray(pooled / np.linalg.norm(pooled), np.float32)

    @cached_property
    def _session(self) -> Any:
        from index_store.onnx_export import exported

        try:
            return open_session(exported(self._weights, self._cache))
        except Exception as exc:  # the exporter and the runtime raise many kinds
            raise EmbeddingModelError(
                f"The embedding model {self._weights.name} could not be loaded from {self._cache}: {exc}. "
                "Delete that folder and try again; it is made anew."
            ) from exc

    @cached_property
    def _workers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(cores(), thread_name_prefix="embed")

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = _tokenizer(self._weights.folder)
        tokenizer.enable_truncation(self.max_tokens)
        return tokenizer

    @cached_property
    def _counter(self) -> Any:
        return _tokenizer(self._weights.folder)


class TorchEmbedder:
    """Any other sentence-transformers model, run by sentence-transformers itself."""

    def __init__(self, weights: Weights) -> None:
        from sentence_transformers import SentenceTransformer

        self.name = f"{weights.name} ({weights.sha256[:8]}, torch)"
        try:
            self._model: Any = SentenceTransformer(str(weights.folder), local_files_only=True)
        except Exception as exc:  # whatever a foreign folder makes it raise
            raise EmbeddingModelError(
                f"sentence-transformers cannot load the model in {weights.folder}: {exc}. "
                "Set QA_EMBEDDING_MODEL to another model, or unset it for the default."
            ) from exc
        self.dimension: int = self._model.get_embedding_dimension() or 0
        self.max_tokens = int(self._model.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._model.tokenizer(list(texts), add_special_tokens=False)["input_ids"]]

    def embed(self, texts: Sequence[str]) -> Vector:
        return np.asarray(
            self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False),
            np.float32,
        )

    def embed_query(self, query: str) -> Vector:
        return np.asarray(
            self._model.encode_query(query, normalize_embeddings=True, show_progress_bar=False), np.float32
        )


def _pooling(folder: Path) -> str | None:
    """The pooling, mean or cls, of a model that is a BERT with that and nothing more; else None."""
    modules = [each["type"].rsplit(".", 1)[-1] for each in _read_json(folder / "modules.json", [])]
    if modules[:2] != ["Transformer", "Pooling"] or not set(modules[2:]) <= {"Normalize"}:
        return None
    config = _read_json(folder / "config.json", {})
    if config.get("model_type") != "bert" or not (folder / "tokenizer.json").is_file():
        return None
    pooling = _read_json(folder / "1_Pooling" / "config.json", {})
    modes = {
        key[len("pooling_mode_") :] for key, on in pooling.items() if key.startswith("pooling_mode_") and on
    }
    modes |= {pooling["pooling_mode"]} if "pooling_mode" in pooling else set()
    known = {"mean": "mean", "mean_tokens": "mean", "cls": "cls", "cls_token": "cls"}
    return known.get(modes.pop()) if len(modes) == 1 else None


def _prompts(folder: Path) -> dict[str, str]:
    prompts = _read_json(folder / "config_sentence_transformers.json", {}).get("prompts") or {}
    document = prompts.get("document", prompts.get("passage", ""))
    return {"query": prompts.get("query", ""), "document": document}


def _max_tokens(folder: Path) -> int:
    settings = _read_json(folder / "sentence_bert_config.json", {})
    limit = _read_json(folder / "config.json", {}).get("max_position_embeddings", 512)
    return int(settings.get("max_seq_length") or limit)


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _read_json(path: Path, missing: Any = None) -> Any:
    if missing is not None and not path.is_file():
        return missing
    return json.loads(path.read_text(encoding="utf-8"))
