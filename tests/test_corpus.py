"""Which files a scan finds, what it leaves out, and what it says of both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.corpus import Corpus, name_of, scan, source_of
from index_store.errors import CorpusError

ROOT = Path(__file__).parents[1]


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words")


def sources(corpus: Corpus) -> list[str]:
    return [file.source for file in corpus.files]


def test_files_come_with_what_is_known_of_them_in_order(tmp_path: Path) -> None:
    put(tmp_path, "b.txt", "sub/a.md", "sub/deeper/c.PDF", "a.txt")
    found = scan(tmp_path)

    assert found.root == tmp_path
    assert sources(found) == ["a.txt", "b.txt", "sub/a.md", "sub/deeper/c.PDF"]
    assert found.files[2].path == tmp_path / "sub" / "a.md"
    assert found.files[2].size == 5
    assert found.files[2].mtime_ns == (tmp_path / "sub" / "a.md").stat().st_mtime_ns
    assert (found.skipped, found.failed) == ((), ())


def test_what_is_hidden_or_litter_is_passed_over(tmp_path: Path) -> None:
    litter = (".git/a.txt", ".hidden.txt", "node_modules/x/readme.md", "__pycache__/a.txt", "~$plan.docx")
    put(tmp_path, *litter, ".DS_Store", "Thumbs.db", ".~lock.plan.docx#", "kept.txt")

    assert scan(tmp_path) == Corpus(tmp_path, scan(tmp_path / "kept.txt").files)


def test_kinds_that_are_not_read_are_named(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "b.XLS", "c", "sub/d.tar.gz", "Makefile", "e.doc")

    assert sources(scan(tmp_path)) == ["Makefile"]
    assert scan(tmp_path).skipped == (
        ("a.jpg", "a kind of file that is not read (.jpg)"),
        ("b.XLS", "an older Office format: save it as .xlsx"),
        ("c", "a kind of file that is not read (no suffix)"),
        ("e.doc", "an older Office format: save it as .docx"),
        ("sub/d.tar.gz", "a kind of file that is not read (.gz)"),
    )


def test_single_files_are_a_corpus(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "sub/b.txt", "sub/c.txt")

    assert sources(scan(tmp_path / "sub" / "b.txt")) == ["b.txt"]
    assert scan([tmp_path / "a.txt", tmp_path / "sub" / "b.txt"]).root == tmp_path
    assert sources(scan([tmp_path / "sub" / "b.txt", tmp_path / "a.txt"])) == ["a.txt", "sub/b.txt"]


def test_a_corpus_that_is_not_there_is_named(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    with pytest.raises(CorpusError, match=r"There is nothing at .*/none\. .*qa rebuild"):
        scan(tmp_path / "none")
    with pytest.raises(CorpusError, match="folder among several"):
        scan([tmp_path, tmp_path / "a.txt"])


def test_links_within_the_corpus_bring_nothing_in_twice(tmp_path: Path) -> None:
    put(tmp_path, "real/a.txt", ".store/hidden.txt", ".store/more/b.txt")
    (tmp_path / "again").symlink_to("real")
    (tmp_path / "real" / "loop").symlink_to(tmp_path)
    (tmp_path / "a link.txt").symlink_to("real/a.txt")
    (tmp_path / "opened").symlink_to(".store/more")
    (tmp_path / "opened too").symlink_to(".store/more")
    (tmp_path / "shown.txt").symlink_to(".store/hidden.txt")
    (tmp_path / "shown twice.txt").symlink_to(".store/hidden.txt")
    (tmp_path / "picture").symlink_to(".store/more/x.jpg")
    found = scan(tmp_path)

    assert sources(found) == ["opened/b.txt", "real/a.txt", "shown twice.txt"]
    assert found.skipped == (
        ("a link.txt", "a link to real/a.txt, which is read itself"),
        ("again", "a link to real/, which is read itself"),
        ("opened too", "a link to opened/, which is read itself"),
        ("real/loop", "a link to ./, which is read itself"),
        ("shown.txt", "a link to shown twice.txt, which is read itself"),
    )
    assert found.failed == (("picture", "a link to nothing"),)


def test_links_out_of_the_corpus_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "corpus/a.txt", "elsewhere/secret.txt", "corpus2/b.txt")
    (tmp_path / "corpus" / "out").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "corpus" / "beside").symlink_to(tmp_path / "corpus2")
    (tmp_path / "corpus" / "secret.txt").symlink_to(tmp_path / "elsewhere" / "secret.txt")
    found = scan(tmp_path / "corpus")

    assert sources(found) == ["a.txt"]
    assert found.skipped == tuple(
        (source, "a link that leads out of the corpus") for source in ("beside", "out", "secret.txt")
    )


def test_links_to_themselves_and_to_nothing_are_named(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")

    assert scan(tmp_path).failed == (
        ("gone.txt", "a link to nothing"),
        ("one", "a link that leads to itself"),
        ("self", "a link that leads to itself"),
        ("two", "a link that leads to itself"),
    )


def test_a_corpus_may_itself_be_reached_by_a_link(tmp_path: Path) -> None:
    put(tmp_path, "real/a.txt")
    (tmp_path / "link").symlink_to("real")

    assert scan(tmp_path / "link") == scan(tmp_path / "real")


def test_what_is_no_file_is_skipped(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    put(tmp_path / "folder.txt", "a.txt")

    assert sources(scan(tmp_path)) == ["folder.txt/a.txt"]
    assert scan(tmp_path).skipped == (("pipe.txt", "not a regular file"),)


LOOK_AS_NOBODY = """
import json, os, sys
from pathlib import Path
from index_store.corpus import scan
from index_store.errors import CorpusError, DocumentError
from index_store.readers import read
if os.geteuid() == 0:
    os.setgid(65534), os.setuid(65534)
folder = Path(sys.argv[1])
found = scan(folder)
try:
    read(folder / "locked.txt", "locked.txt")
except DocumentError as exc:
    reason = str(exc)
try:
    scan(folder / "private")
except CorpusError as exc:
    refusal = str(exc)
print(json.dumps([[file.source for file in found.files], found.failed, reason, refusal]))
"""


def test_what_may_not_be_looked_at_is_named() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        put(folder, "a.txt", "locked.txt", "private/b.txt", "listed/c.txt")
        folder.chmod(0o755)
        for locked, mode in (("locked.txt", 0), ("private", 0), ("listed", 0o644)):
            (folder / locked).chmod(mode)
        printed = subprocess.check_output([sys.executable, "-c", LOOK_AS_NOBODY, name], cwd=ROOT, text=True)
        for locked in ("private", "listed"):
            (folder / locked).chmod(0o755)

    files, failed, reason, refusal = json.loads(printed)
    assert files == ["a.txt", "locked.txt"]
    assert failed == [
        ["listed/c.txt", "cannot be read: permission denied"],
        ["private/", "cannot be read: permission denied"],
    ]
    assert reason == "cannot be read: permission denied"
    assert refusal.endswith(
        "private cannot be read: permission denied. Name a folder or file that exists: qa rebuild PATH"
    )


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("plain name (1).txt", "plain name (1).txt"),
        ("naïve 日本 👍.txt", "naïve 日本 👍.txt"),
        ("100% of it.txt", "100% of it.txt"),
        ("wide\u3000and\u202fnarrow.txt", "wide\u3000and\u202fnarrow.txt"),
        ("two\nlines.txt", "two�0Alines.txt"),
        ("caf\udce9.txt", "caf�E9.txt"),
        ("turned\u202egpj.txt", "turned�E2�80�AEgpj.txt"),
        ("already�E9.txt", "already�EF�BF�BDE9.txt"),
        ("tab\there\x7f", "tab�09here�7F"),
    ],
)
def test_a_source_is_valid_unicode_and_can_be_turned_back(name: str, source: str) -> None:
    assert source_of(name) == source
    assert name_of(source) == name
    assert source.encode().decode() == source


@given(st.binary(min_size=1, max_size=30))
def test_every_name_can_be_turned_into_a_source_and_back(name: bytes) -> None:
    decoded = os.fsdecode(name)
    source = source_of(decoded)

    assert name_of(source) == decoded
    assert source.encode().decode() == source
    assert "\n" not in source


def test_files_with_odd_names_are_found(tmp_path: Path) -> None:
    names = [b"two\nlines.txt", b"caf\xe9.txt", b"quote'\".txt", b"-rf.txt", b"sub\xff/a.txt"]
    for name in names:
        put(tmp_path, os.fsdecode(name))
    found = scan(tmp_path)

    assert sources(found) == ["-rf.txt", "caf�E9.txt", "quote'\".txt", "sub�FF/a.txt", "two�0Alines.txt"]
    assert all(file.path.read_text() == "words" for file in found.files)
    assert [found.root / name_of(file.source) for file in found.files] == [file.path for file in found.files]


def test_many_files_are_all_found(tmp_path: Path) -> None:
    for number in range(30):
        put(tmp_path, *(f"{number}/{name}.txt" for name in range(30)))

    assert len(scan(tmp_path).files) == len(set(sources(scan(tmp_path)))) == 900
