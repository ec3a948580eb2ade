"""Rebuilding: what the report says and what the index then holds."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

from index_store import (
    FileStatus,
    IndexStore,
    RebuildReport,
)
from index_store.chroma import ChromaStore
from index_store.generation import current
from rebuilding.small_corpus import A, B, C, contents, vectors


def test_the_first_rebuild_adds_everything_and_the_second_nothing(
    run: Callable[..., RebuildReport], index: Path
) -> None:
    first, second = run(), run()
    assert first.added == ("a.txt", "b.txt")
    assert (first.passages, first.embedded) == (2, 2)
    assert second.unchanged == ("a.txt", "b.txt")
    assert (second.added, second.updated, second.removed, second.passages) == ((), (), (), 0)
    assert contents(index) == {"a.txt": A, "b.txt": B}


def test_add_edit_move_and_remove_in_one_go(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    (corpus / "d.txt").write_text("To be removed.")
    run()
    (corpus / "c.md").write_text(C)
    (corpus / "a.txt").write_text(A + " She died in 1852.")
    (corpus / "sub").mkdir()
    (corpus / "b.txt").rename(corpus / "sub" / "renamed.txt")
    (corpus / "d.txt").unlink()
    planned = run(dry_run=True)
    report = run()
    for each in (planned, report):
        assert each.added == ("c.md",)
        assert each.updated == ("a.txt",)
        assert (each.moved, each.moved_from) == (("sub/renamed.txt",), ("b.txt",))
        assert each.removed == ("d.txt",)
        assert each.unchanged == ()
    assert planned.dry_run and planned.passages == 0
    assert report.embedded == 2  # the moved file is not embedded again
    assert contents(index) == {
        "c.md": C,
        "a.txt": A + " She died in 1852.",
        "sub/renamed.txt": B,
    }


def test_a_dry_run_before_the_first_build_writes_nothing(
    run: Callable[..., RebuildReport], index: Path
) -> None:
    assert run(dry_run=True).added == ("a.txt", "b.txt")
    assert not (index).exists()


def test_a_touched_file_is_unchanged(run: Callable[..., RebuildReport], corpus: Path) -> None:
    run()
    os.utime(corpus / "a.txt", ns=(1, 1))
    assert run().unchanged == ("a.txt", "b.txt")


def test_the_same_content_twice_is_one_passage_found_under_the_first_source(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    (corpus / "copy of a.txt").write_text(A)
    report = run()
    assert report.added == ("a.txt", "b.txt", "copy of a.txt")
    assert report.embedded == 2
    assert contents(index) == {"a.txt": A, "b.txt": B}
    (corpus / "a.txt").unlink()
    assert run().removed == ("a.txt",)
    assert contents(index) == {"copy of a.txt": A, "b.txt": B}


def test_full_builds_beside_embeds_nothing_again_and_gives_the_same_ids(
    run: Callable[..., RebuildReport], index: Path
) -> None:
    run()
    store = IndexStore.open(index)
    with store.snapshot() as before:
        old = [hit.passage.id for hit in before.dense(store.embedder.embed_query("x"), 9)]
        report = run(full=True)
        assert [h.passage.id for h in before.dense(store.embedder.embed_query("x"), 9)] == old
    with store.snapshot() as after:
        assert [hit.passage.id for hit in after.dense(store.embedder.embed_query("x"), 9)] == old
        assert after.version != before.version
    assert report.added == ("a.txt", "b.txt") and report.embedded == 0
    run()
    assert len([each for each in (index).iterdir() if each.is_dir()]) == 1


def test_files_that_cannot_be_read_are_reported_and_retried_when_they_change(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    (corpus / "bad.txt").write_bytes(b"\xff\xfe\x00\xd8 not utf-8 \x81")
    (corpus / "empty.txt").write_text(" \n")
    failed = run().failed
    assert [source for source, _ in failed] == ["bad.txt", "empty.txt"]
    assert failed[1][1] == "empty file"
    assert run().failed == failed
    assert IndexStore.open(index).status().failed == failed
    (corpus / "empty.txt").write_text(C)
    (corpus / "bad.txt").unlink()
    report = run()
    assert (report.added, report.failed) == (("empty.txt",), ())


def test_every_file_has_a_status(run: Callable[..., RebuildReport], corpus: Path, index: Path) -> None:
    (corpus / "a.md").write_text("# A report\n\nIt has text.")
    (corpus / "b.txt").unlink()
    (corpus / "copy.txt").write_text(A)
    (corpus / "empty.txt").write_text(" ")
    (corpus / "photo.jpg").write_bytes(b"\xff\xd8")
    for name in ("a.md", "a.txt", "copy.txt", "empty.txt"):
        os.utime(corpus / name, (1_000_000_000, 1_000_000_000))
    run()
    plain = FileStatus(
        "a.txt",
        "indexed",
        title="a",
        media_type="text/plain",
        passages=1,
        size=len(A),
        modified="2001-09-09T01:46:40+00:00",
    )
    report = dataclasses.replace(plain, source="a.md", title="A report", media_type="text/markdown", size=24)
    photo = FileStatus("photo.jpg", "skipped", "a kind of file that is not read (.jpg)")
    empty = FileStatus("empty.txt", "failed", "empty file", size=1, modified=plain.modified)
    copy = dataclasses.replace(plain, source="copy.txt", title="copy")
    store = IndexStore.open(index)
    assert store.files() == (report, plain, copy, empty, photo)
    (corpus / "photo.jpg").unlink()
    (corpus / "empty.txt").unlink()
    run(dry_run=True)
    assert store.files() == (report, plain, copy, empty, photo)
    run()
    assert store.files() == (report, plain, copy)


def test_a_known_file_that_becomes_unreadable_no_longer_answers(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    run()
    (corpus / "a.txt").write_bytes(b"\0\0\0\0")
    report = run()
    assert [source for source, _ in report.failed] == ["a.txt"]
    assert report.updated == () and report.unchanged == ("b.txt",)
    assert contents(index) == {"b.txt": B}


def test_every_full_rebuild_is_one(run: Callable[..., RebuildReport], index: Path) -> None:
    run()
    generations = []
    for _ in range(3):
        assert run(full=True).added == ("a.txt", "b.txt")
        generations.append(current(index))
    assert len(set(generations)) == 3
    assert contents(index) == {"a.txt": A, "b.txt": B}


def test_a_moved_file_has_its_new_name_in_chroma_too(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    (corpus / "copy.txt").write_text(B)
    run()
    (corpus / "a.txt").rename(corpus / "renamed.txt")
    (corpus / "b.txt").unlink()
    run()
    generation = current(index)
    assert generation is not None
    store = vectors(index, generation)
    assert isinstance(store, ChromaStore)
    found = store._collection.get(include=["metadatas"])["metadatas"]
    assert sorted(each["source"] for each in found) == ["copy.txt", "renamed.txt"]


def test_a_file_that_could_not_be_read_and_is_gone_is_forgotten(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    (corpus / "bad.txt").write_bytes(b"\0\0")
    run()
    (corpus / "bad.txt").unlink()
    run()
    assert IndexStore.open(index).status().failed == ()
