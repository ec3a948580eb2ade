"""An index damaged in every way we can think of: the doctor names the fault, and mends it where it can."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index_store import IndexDamagedError, IndexLockedError, IndexStore, rebuild
from index_store.chroma import ChromaStore
from index_store.doctor import REBUILD, REPAIR, examine
from index_store.generation import begin, catalog_path, chroma_path, current, writer_lock
from index_store.types import Passage
from qa.cli import main

TEXTS = {
    "a.txt": "Ada Lovelace wrote the first program. She lived in London.",
    "b.txt": "Alan Turing proposed a test for machines. He worked in Manchester.",
    "c.md": "# Compilers\n\nGrace Hopper built a compiler. She served in the navy.",
}
Damage = Callable[[Path], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus and its index, to be copied and damaged."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "corpus").mkdir()
    for name, text in TEXTS.items():
        (folder / "corpus" / name).write_text(text)
    rebuild(folder / "corpus", index=folder / "index")
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(sound, copy)
    return copy


def serving(folder: Path) -> Path:
    generation = current(folder / "index")
    assert generation is not None
    return generation


def sql(statement: str) -> Damage:
    def damage(folder: Path) -> None:
        db = sqlite3.connect(catalog_path(serving(folder)))
        with db:
            db.execute("PRAGMA foreign_keys = OFF")
            db.execute(statement)
        db.close()

    return damage


def vectors(change: Callable[[ChromaStore, list[str]], None]) -> Damage:
    def damage(folder: Path) -> None:
        store = ChromaStore.embedded(chroma_path(serving(folder)))
        change(store, sorted(store.ids()))

    return damage


def add_orphan(store: ChromaStore, _ids: list[str]) -> None:
    passage = Passage("orphan", "gone.txt", "gone", "Nobody.", 0, 7)
    store.upsert([passage], ["nothing"], np.ones((1, 384), np.float32) / 384**0.5)


def swap(store: ChromaStore, ids: list[str]) -> None:
    wrong = np.roll(store.vectors(ids[:1])[ids[0]], 1)[None]
    store.upsert([Passage(ids[0], "a.txt", "a", "text", 0, 4)], ["content"], wrong)


def scramble(path: Callable[[Path], Path]) -> Damage:
    def damage(folder: Path) -> None:
        target = path(serving(folder))
        for log in target.parent.glob(f"{target.name}-*"):
            log.unlink()
        target.write_bytes(b"scrambled " * 1000)

    return damage


def point_nowhere(folder: Path) -> None:
    (folder / "index" / "CURRENT").write_text("00000000-1")


MENDED: dict[str, tuple[Damage, str]] = {
    "vectors deleted": (vectors(lambda store, ids: store.delete(ids[:2])), "missing vectors"),
    "all of Chroma deleted": (lambda f: shutil.rmtree(chroma_path(serving(f))), "missing vectors"),
    "a vector of no passage": (vectors(add_orphan), "orphaned vectors"),
    "a vector of another text": (vectors(swap), "wrong vectors"),
    "words deleted": (
        sql("INSERT INTO lexical (lexical, rowid, title, heading, text) VALUES ('delete', 1, '', '', 'Ada')"),
        "damaged word index",
    ),
    "sources deleted": (sql("DELETE FROM sources WHERE source = 'a.txt'"), "document without source"),
    "a document deleted": (sql("DELETE FROM contents WHERE rowid = 1"), "source without document"),
    "an interrupted write": (sql("INSERT INTO unsettled VALUES ('x', 'y')"), "unsettled vectors"),
    "an old generation": (lambda f: (f / "index" / "12345678-9").mkdir(), "leftover generation"),
}
REBUILT: dict[str, tuple[Damage, str]] = {
    "no pointer": (lambda f: (f / "index" / "CURRENT").unlink(), "no index"),
    "a pointer to nothing": (point_nowhere, "no catalog"),
    "no catalog": (lambda f: catalog_path(serving(f)).unlink(), "no catalog"),
    "a scrambled catalog": (scramble(catalog_path), "cannot be opened"),
    "a scrambled Chroma": (scramble(lambda g: chroma_path(g) / "chroma.sqlite3"), "cannot be opened"),
    "a broken manifest": (sql("UPDATE meta SET value = '{' WHERE key = 'manifest'"), "cannot be opened"),
    "another model": (
        sql("UPDATE meta SET value = replace(value, '53aa5117', '00000000') WHERE key = 'manifest'"),
        "another manifest",
    ),
    "altered text": (sql("UPDATE contents SET text = upper(text) WHERE rowid = 1"), "misquoted passage"),
}  # fmt: skip


def answers(folder: Path) -> set[str]:
    store = IndexStore.open(folder / "index")
    with store.snapshot() as snapshot:
        return {hit.passage.text for hit in snapshot.dense(store.embedder.embed_query("who"), 9)}


def test_a_sound_index_has_no_faults(sound: Path) -> None:
    assert examine(sound / "index") == examine(sound / "index", repair=True)
    assert examine(sound / "index").faults == ()


@pytest.mark.parametrize("case", MENDED)
def test_the_doctor_names_the_fault_and_mends_it(folder: Path, case: str) -> None:
    damage, name = MENDED[case]
    damage(folder)
    before = examine(folder / "index")
    assert name in {fault.name for fault in before.faults}
    assert examine(folder / "index").faults == before.faults, "looking changed something"
    after = examine(folder / "index", repair=True)
    assert after.faults == ()
    assert name in {fault.name for fault in after.mended}
    rebuild(folder / "corpus", index=folder / "index")
    assert answers(folder) == set(TEXTS.values())
    assert examine(folder / "index").faults == ()


@pytest.mark.parametrize("case", REBUILT)
def test_what_cannot_be_mended_names_the_rebuild_which_does(folder: Path, case: str) -> None:
    damage, name = REBUILT[case]
    damage(folder)
    found = {fault.name: fault.remedy for fault in examine(folder / "index", repair=True).faults}
    assert found[name] in (REBUILD, "qa rebuild")
    report = rebuild(folder / "corpus", index=folder / "index", full=True)
    assert tuple(sorted(report.added + report.unchanged)) == ("a.txt", "b.txt", "c.md")
    assert answers(folder) == set(TEXTS.values())
    rebuild(folder / "corpus", index=folder / "index")
    assert examine(folder / "index").faults == ()


def test_the_command_prints_faults_and_what_mends_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--corpus", str(folder / "corpus"), "--index", str(folder / "index")]
    assert main(["doctor", *options]) == 0
    assert capsys.readouterr().out == "The index is sound.\n"
    MENDED["vectors deleted"][0](folder)
    assert main(["doctor", *options]) == 1
    command = f"{REPAIR} {' '.join(options)}"
    assert capsys.readouterr().out == f"missing vectors: 2 of 3 passages have no vector. Run: {command}\n"
    fault = {"name": "missing vectors", "detail": "2 of 3 passages have no vector"}
    assert main(["doctor", "--json", *options]) == 1
    found = {"sound": False, "faults": [fault | {"remedy": command}], "mended": []}
    assert json.loads(capsys.readouterr().out) == found
    assert main(["doctor", "--repair", *options]) == 0
    assert capsys.readouterr().out.startswith("mended: missing vectors (2 of 3")
    MENDED["vectors deleted"][0](folder)
    assert main(["doctor", "--repair", "--json", *options]) == 0
    assert json.loads(capsys.readouterr().out) == {"sound": True, "faults": [], "mended": [fault]}


def test_there_is_nothing_to_examine_without_an_index(tmp_path: Path) -> None:
    (fault,) = examine(tmp_path / "none").faults
    assert (fault.name, fault.remedy) == ("no index", "qa rebuild")


def test_nothing_is_written_into_a_folder_that_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ada,")
    (fault,) = examine(tmp_path, repair=True).faults
    assert (fault.name, fault.remedy) == ("no index", "qa rebuild")
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("case", ["a scrambled catalog", "a broken manifest"])
def test_a_damaged_catalog_is_an_error_that_names_the_rebuild(folder: Path, case: str) -> None:
    REBUILT[case][0](folder)
    corpus, index = folder / "corpus", folder / "index"
    with pytest.raises(IndexDamagedError, match="Run: qa rebuild FOLDER --full"):
        IndexStore.open(index)
    for dry_run in (True, False):
        with pytest.raises(IndexDamagedError, match="Run: qa rebuild FOLDER --full"):
            rebuild(corpus, index=index, dry_run=dry_run)


def test_a_damaged_build_is_begun_anew(folder: Path) -> None:
    """An unfinished build whose catalog cannot be read is a leftover like any other."""
    generation = serving(folder)
    begun = generation.with_name(f"{generation.name.partition('-')[0]}-7")
    begin(begun)
    catalog_path(begun).write_bytes(b"scrambled " * 1000)
    assert IndexStore.open(folder / "index").status().unfinished is None
    assert {each.name for each in examine(folder / "index").faults} == {"leftover generation"}
    report = rebuild(folder / "corpus", index=folder / "index", full=True)
    assert (len(report.added), report.resumed, begun.exists()) == (3, 0, False)


def test_the_doctor_waits_for_a_rebuild(sound: Path) -> None:
    with writer_lock(sound / "index", 1), pytest.raises(IndexLockedError):
        examine(sound / "index")
