"""Every format, and every way for a file to be broken, with exactly what must come of it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from office_specimens import OFFICE_SPECIMENS
from pdf_specimens import PDF_SPECIMENS
from specimens import Specimen
from text_specimens import TEXT_SPECIMENS

from index_store.errors import DocumentError
from index_store.readers import READERS, media_type, read
from index_store.types import Document

ALL = (*TEXT_SPECIMENS, *OFFICE_SPECIMENS, *PDF_SPECIMENS)
READABLE = [specimen for specimen in ALL if not specimen.fails]
BROKEN = [specimen for specimen in ALL if specimen.fails]


def document(specimen: Specimen, folder: Path) -> Document:
    path = folder / Path(specimen.source).name
    path.write_bytes(specimen.bytes)
    return read(path, specimen.source)


@pytest.mark.parametrize("specimen", READABLE, ids=lambda specimen: specimen.source)
def test_a_file_is_read_as_it_should_be(specimen: Specimen, tmp_path: Path) -> None:
    found = document(specimen, tmp_path)

    assert found.text == specimen.text
    assert [(each.level, found.text[each.start : each.end]) for each in found.headings] == list(
        specimen.headings
    )
    assert [(each.number, found.text[each.start : each.end]) for each in found.pages] == list(specimen.pages)
    assert found.title == (specimen.title or specimen.name_title or Path(specimen.source).stem)
    assert found.titled == bool(specimen.title)
    assert (found.author, found.published) == (specimen.author, specimen.published)
    assert found.notes == specimen.notes
    assert found.source == specimen.source
    assert found.sha256 == hashlib.sha256((tmp_path / Path(specimen.source).name).read_bytes()).hexdigest()
    assert found.media_type == media_type(Path(specimen.source))


@pytest.mark.parametrize("specimen", BROKEN, ids=lambda specimen: specimen.source)
def test_what_cannot_be_read_has_a_reason(specimen: Specimen, tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        document(specimen, tmp_path)

    assert str(caught.value) == specimen.fails


@pytest.mark.parametrize("specimen", READABLE, ids=lambda specimen: specimen.source)
def test_a_text_can_be_kept_anywhere(specimen: Specimen, tmp_path: Path) -> None:
    text = document(specimen, tmp_path).text

    assert text.encode().decode() == text
    assert not set(text) & {"\0", "\r", "\xa0", "\xad", "\ufeff"}


def test_there_are_enough_awkward_files() -> None:
    formats = ".txt .md .html .pdf .docx .pptx .xlsx .csv .tsv .epub .json .jsonl .eml"

    assert len({specimen.source for specimen in ALL}) == len(ALL) > 100
    assert {Path(specimen.source).suffix for specimen in ALL} >= set(formats.split())


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_every_reader_can_be_found(suffix: str) -> None:
    assert callable(READERS[suffix].extract)
    assert media_type(Path(f"X{suffix.upper()}")) == READERS[suffix].media_type


def test_a_file_that_changes_while_it_is_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("words")
    look = os.fstat
    looks: list[int] = []

    def look_and_change(file: int) -> os.stat_result:
        looks.append(file)
        if len(looks) == 3:  # at the open file, before reading it, after it
            path.write_text("other words")
        return look(file)

    monkeypatch.setattr(os, "fstat", look_and_change)
    with pytest.raises(DocumentError, match=r"^changed while being read$"):
        read(path, "a.txt")


def test_what_is_no_readable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for name, reason in (
        ("folder.txt", "not a regular file"),
        ("pipe.txt", "not a regular file"),
        ("gone.txt", "no longer there"),
    ):
        with pytest.raises(DocumentError, match=rf"^{reason}$"):
            read(tmp_path / name, name)
