"""The small corpus and its index, embedded and on a server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index_store import (
    RebuildReport,
    rebuild,
)
from rebuilding.small_corpus import A, B


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(A)
    (folder / "b.txt").write_text(B)
    return folder


@pytest.fixture(params=["embedded", "server"])
def run(
    request: pytest.FixtureRequest, corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., RebuildReport]:
    """Rebuild the corpus; every test that asks for it runs with Chroma embedded and on a server."""
    if request.param == "server":
        monkeypatch.setenv("QA_CHROMA_URL", request.getfixturevalue("chroma_url"))
    return lambda **options: rebuild(corpus, index=index, **options)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """The index's folder, whose name is its name on the server: another for every test."""
    return tmp_path / f"index-{tmp_path.name}"
