"""The files that documents were read from."""

from __future__ import annotations

from pathlib import Path

import pytest

from index_store import CorpusError, OriginalMissingError, UnknownSourceError, original
from qa import Assistant


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("Not part of the corpus.\n")
    folder = tmp_path / "corpus"
    (folder / "farm").mkdir(parents=True)
    (folder / "farm" / "mill\n.txt").write_text("The mill burned in 1802.\n")
    (folder / "outside.txt").symlink_to(tmp_path / "secret.txt")
    return folder


def test_the_original_of_a_document_is_found_by_its_source(corpus: Path, tmp_path: Path) -> None:
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        (hit,) = assistant.search("mill")
        assert assistant.original(hit.passage.source) == corpus / "farm" / "mill\n.txt"
        assert assistant.folder() == corpus
        with pytest.raises(UnknownSourceError):
            assistant.original("secret.txt")


@pytest.mark.parametrize("source", ["../secret.txt", "outside.txt", "farm", "gone.txt", "/etc/passwd", ""])
def test_nothing_but_files_of_the_corpus_is_an_original(corpus: Path, source: str) -> None:
    with pytest.raises(OriginalMissingError, match="is not on this machine"):
        original(corpus, source)


def test_an_index_from_elsewhere_has_no_originals_here(tmp_path: Path) -> None:
    with pytest.raises(OriginalMissingError):
        original(tmp_path / "nowhere", "a.txt")
    with pytest.raises(CorpusError):
        Assistant.open(tmp_path / "nowhere", index=tmp_path / "index")


def test_a_corpus_of_files_is_no_folder(corpus: Path, tmp_path: Path) -> None:
    mill = corpus / "farm" / "mill\n.txt"
    with Assistant.open([mill], index=tmp_path / "index") as assistant:
        (hit,) = assistant.search("mill")
        assert assistant.original(hit.passage.source) == mill
        assert assistant.folder() is None
