"""What an index was built from and with, and whether it may be opened with other settings."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass

from index_store.errors import IndexMismatchError
from index_store.readers import VERSION

FORMAT = 3  # raise it when passages, identities or tables change their meaning


@dataclass(frozen=True, slots=True)
class Manifest:
    """The build stamp of an index. `embedding_model` carries the first digits of the weights' hash."""

    corpus: str
    embedding_model: str
    dimension: int
    passage_tokens: int
    format: int = FORMAT
    readers: int = VERSION

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        return cls(**json.loads(text))

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits that differ when vectors or passages would."""
        values = dataclasses.asdict(self) | {"corpus": ""}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:8]

    def require(self, wanted: Manifest, index: str) -> None:
        """Raise IndexMismatchError, naming what differs and the command to run, unless `wanted` matches."""
        for field, label in _LABELS.items():
            have, want = getattr(self, field), getattr(wanted, field)
            if have != want:
                raise IndexMismatchError(
                    f"The index at {index} was built with {label} {have}, not {want}. "
                    f"Run: qa rebuild {wanted.corpus} --index {index} --full"
                )


_LABELS = {
    "format": "index format",
    "readers": "readers of version",
    "embedding_model": "the embedding model",
    "dimension": "vectors of dimension",
    "passage_tokens": "passages of at most this many tokens:",
}
