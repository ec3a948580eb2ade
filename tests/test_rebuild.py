"""Rebuilding: what the report says, what the index then holds, what an interruption leaves."""

import dataclasses
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index_store import (
    CorpusError,
    FileStatus,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexSettings,
    IndexStore,
    Progress,
    RebuildCancelledError,
    RebuildReport,
    SettingsError,
    UnknownSourceError,
    index_folder,
    rebuild,
)
from index_store.backend import open_backend
from index_store.chroma import ChromaStore, PassageStore, chroma_server
from index_store.doctor import examine
from index_store.generation import chroma_path, current, writer_lock
from qa import Assistant

A = "Ada Lovelace wrote the first program. She lived in London."
B = "Alan Turing proposed a test for machines. He worked in Manchester."
C = "Grace Hopper built a compiler. She served in the navy."


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


def vectors(index: Path, generation: Path) -> PassageStore:
    return open_backend(index, os.environ.get("QA_CHROMA_URL")).vectors(generation)


def contents(index: Path) -> dict[str, str]:
    """Every passage that a query can find, by source, checked against all stores."""
    store = IndexStore.open(index)
    with store.snapshot() as snapshot:
        hits = snapshot.dense(store.embedder.embed_query("text"), 1000)
        for hit in hits:
            passage = hit.passage
            assert snapshot.document(passage.source).text[passage.start : passage.end] == passage.text
        assert set(snapshot.vectors([hit.passage.id for hit in hits])) == {hit.passage.id for hit in hits}
    generation = current(index)
    assert generation is not None
    with sqlite3.connect(generation / "catalog.sqlite") as db:
        live = {row[0] for row in db.execute("SELECT id FROM passages")}
        db.execute("INSERT INTO lexical (lexical, rank) VALUES ('integrity-check', 1)")
        assert db.execute("SELECT count(*) FROM unsettled").fetchone() == (0,)
    db.close()
    assert vectors(index, generation).count() == len(live) == len(hits)
    assert {hit.passage.id for hit in hits} == live
    return {hit.passage.source: hit.passage.text for hit in hits}


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


def test_a_running_store_sees_another_process_s_rebuild_at_its_next_question(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    run()
    store = IndexStore.open(index)
    query = store.embedder.embed_query("Who built a compiler?")
    with store.snapshot() as snapshot:
        assert C not in [hit.passage.text for hit in snapshot.dense(query, 5)]
    (corpus / "c.txt").write_text(C)
    (corpus / "a.txt").unlink()
    command = [
        sys.executable,
        "-m",
        "index_store",
        "rebuild",
        str(corpus),
        "--index",
        str(index),
    ]
    with store.snapshot() as during:
        subprocess.run(command, check=True, capture_output=True)
        assert {hit.passage.text for hit in during.lexical("London Manchester compiler", 5)} == {A, B}
    with store.snapshot() as snapshot:
        assert [hit.passage.text for hit in snapshot.dense(query, 1)] == [C]
        assert {hit.passage.text for hit in snapshot.lexical("London Manchester compiler", 5)} == {B, C}


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


def test_progress_counts_files_and_passages(run: Callable[..., RebuildReport]) -> None:
    seen: list[Progress] = []
    run(progress=seen.append)
    assert [(each.stage, each.files_done, each.files_total, each.passages) for each in seen] == [
        ("scanning", 0, 2, 0),
        ("scanning", 1, 2, 0),
        ("scanning", 2, 2, 0),
        ("indexing", 0, 2, 0),
        ("indexing", 1, 2, 0),
        ("indexing", 2, 2, 0),
        ("finishing", 2, 2, 0),
        ("finishing", 2, 2, 2),
    ]
    assert seen[-2].seconds_left is None and seen[-2].passages_per_second == 0
    assert seen[-1].seconds_left == 0 and seen[-1].passages_per_second > 0
    assert [each.seconds for each in seen] == sorted(each.seconds for each in seen)


def test_time_left_goes_by_the_bytes_whose_passages_are_stored(
    run: Callable[..., RebuildReport], corpus: Path
) -> None:
    for number in range(2):
        sentences = (f"Sentence {number}.{each} is about the number {each}. " for each in range(20_000))
        (corpus / f"{number}.txt").write_text("".join(sentences))

    def stop(progress: Progress) -> None:
        seen.append(progress)
        if progress.passages >= 128:
            raise RebuildCancelledError

    seen: list[Progress] = []
    with pytest.raises(RebuildCancelledError, match="run: qa rebuild"):
        run(progress=stop)
    first, second = (each for each in seen if each.stage == "indexing" and each.passages)
    assert (first.passages, second.passages) == (64, 128)
    total = sum(path.stat().st_size for path in corpus.iterdir())
    elapsed = second.passages / second.passages_per_second
    assert second.seconds_left is not None
    read = (corpus / "0.txt").stat().st_size + len(A)
    done = total / (1 + second.seconds_left / elapsed)
    assert 0 < done < read / 4


def test_a_rebuild_in_a_thread_is_cancelled_and_the_next_one_goes_on(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    run()
    for number in range(300):
        (corpus / f"{number}.txt").write_text(f"File {number} is about the number {number}.")
    (corpus / "b.txt").unlink()
    cancelled, reached, outcome = threading.Event(), threading.Event(), []

    def progress(step: Progress) -> None:
        if step.passages >= 64:
            reached.set()
            cancelled.wait()
        if cancelled.is_set():
            raise RebuildCancelledError

    def work() -> None:
        try:
            run(progress=progress)
        except RebuildCancelledError as exc:
            outcome.append(exc)

    thread = threading.Thread(target=work)
    thread.start()
    assert reached.wait(60)
    cancelled.set()
    thread.join(60)
    assert len(outcome) == 1
    status = IndexStore.open(index).status()
    assert (status.documents, status.passages) == (1, 1)  # the removal was done, no batch was yet
    assert Assistant.open(corpus, index=index).ask("Who wrote the first program?").citations
    report = run()
    assert len(report.added) == 300
    assert report.embedded == 300 - 64  # the vectors that were stored serve
    assert IndexStore.open(index).status().documents == 301


def test_an_interrupted_first_build_goes_on_where_it_was(
    run: Callable[..., RebuildReport], index: Path
) -> None:
    class Stop(Exception):
        pass

    def stop(progress: Progress) -> None:
        if progress.stage == "finishing":
            raise Stop

    with pytest.raises(Stop):
        run(progress=stop)
    with pytest.raises(IndexMissingError, match=r"is not finished; 0 documents are done\. Run: qa rebuild"):
        IndexStore.open(index)
    run()
    assert contents(index) == {"a.txt": A, "b.txt": B}


@pytest.mark.parametrize("serving", [False, True], ids=["first build", "full rebuild"])
def test_a_build_that_was_cut_off_is_seen_and_says_how_to_go_on(
    serving: bool, run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    if serving:
        run()
    for number in range(256):  # a batch
        (corpus / f"{number}.txt").write_text(f"File {number}.")
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        if progress.stage == "finishing":
            raise RebuildCancelledError

    with pytest.raises(RebuildCancelledError):
        run(full=serving, progress=stop)
    if serving:
        assert IndexStore.open(index).status().unfinished == 256
        assert IndexStore.open(index).status().documents == 2
    else:
        with pytest.raises(IndexMissingError, match="is not finished; 256 documents are done"):
            IndexStore.open(index)
    if serving:  # neither of these loses what is done
        assert run().added == tuple(sorted(f"{number}.txt" for number in range(256)))
        (fault,) = examine(index, repair=True).faults
        assert (fault.name, fault.remedy) == ("unfinished build", "qa rebuild --full")
    for report in (run(full=serving, dry_run=True), run(full=serving)):
        assert report.resumed == len(report.unchanged) == 256
        assert report.added == ("a.txt", "b.txt")
    status = IndexStore.open(index).status()
    assert (status.documents, status.unfinished) == (258, None)


def test_other_settings_need_a_full_rebuild_and_the_error_says_so(
    run: Callable[..., RebuildReport], index: Path
) -> None:
    run()
    other = dataclasses.replace(IndexSettings.from_environment(), passage_tokens=100)
    with pytest.raises(IndexMismatchError, match=r"passages of at most.*200, not 100.*qa rebuild .* --full"):
        run(settings=other)
    with pytest.raises(IndexMismatchError, match="--full"):
        IndexStore.open(index, other)
    report = run(settings=other, full=True)
    assert report.embedded == 0  # these passages are the same text
    assert IndexStore.open(index, other).status().passages == 2


def test_two_writers_do_not_meet(run: Callable[..., RebuildReport], index: Path) -> None:
    run()
    command = (
        "import sys, time; from pathlib import Path; from index_store.generation import writer_lock\n"
        "with writer_lock(Path(sys.argv[1]), 1): print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", command, str(index)], stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with (
            pytest.raises(IndexLockedError, match=rf"process {holder.pid} on .* qa rebuild"),
            writer_lock(index, 0.1),
        ):
            pass
        holder.kill()
    assert run().unchanged == ("a.txt", "b.txt")  # a dead holder holds nothing


def test_bad_corpora_are_named(corpus: Path, index: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=f"There is nothing at {tmp_path / 'nowhere'}"):
        rebuild(tmp_path / "nowhere", index=index)
    with pytest.raises(CorpusError, match="one inside the other"):
        rebuild(corpus, index=corpus / "index")
    with pytest.raises(CorpusError, match="folder among several paths"):
        rebuild([corpus, corpus / "a.txt"], index=index)
    with pytest.raises(SettingsError, match="corpus is empty"):
        rebuild([], index=index)


def test_single_files_are_a_corpus(corpus: Path, tmp_path: Path) -> None:
    assert rebuild(corpus / "a.txt", index=tmp_path / "one").added == ("a.txt",)
    (corpus / "sub").mkdir()
    (corpus / "sub" / "c.txt").write_text(C)
    files = [corpus / "sub" / "c.txt", corpus / "b.txt"]
    assert rebuild(files, index=tmp_path / "two").added == ("b.txt", "sub/c.txt")


def test_hidden_and_foreign_files_are_passed_over(run: Callable[..., RebuildReport], corpus: Path) -> None:
    (corpus / ".hidden.txt").write_text("x")
    (corpus / ".git").mkdir()
    (corpus / ".git" / "c.txt").write_text("x")
    (corpus / "photo.jpg").write_bytes(b"\xff\xd8")
    assert run().added == ("a.txt", "b.txt")


def test_the_index_has_a_folder_of_its_own_outside_the_corpus(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QA_INDEX", raising=False)
    folder = index_folder(corpus, None)
    assert folder.name.startswith("corpus-") and corpus not in folder.parents
    assert index_folder(corpus / "a.txt", None) != folder
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "chosen"))
    assert index_folder(corpus, None) == tmp_path / "chosen"
    assert index_folder(corpus, tmp_path / "other") == tmp_path / "other"


def test_sources_are_chosen_by_path_folder_or_glob(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    (corpus / "sub").mkdir()
    (corpus / "sub" / "c.txt").write_text(C)
    run()
    store = IndexStore.open(index)
    query = store.embedder.embed_query("Who?")
    with store.snapshot() as snapshot:
        assert snapshot.matching(["sub"]) == snapshot.matching(["sub/"]) == ("sub/c.txt",)
        assert snapshot.matching(["*.txt"]) == ("a.txt", "b.txt", "sub/c.txt")
        assert [h.passage.text for h in snapshot.dense(query, 5, ["sub/c.txt"])] == [C]
        assert snapshot.lexical("London", 5, ["sub/c.txt"]) == ()
        with pytest.raises(UnknownSourceError, match=r"No document of the index matches 'x/\*'.*qa status"):
            snapshot.matching(["x/*"])


def test_a_plain_llama_index_user_gets_sensible_nodes(run: Callable[..., RebuildReport], index: Path) -> None:
    import chromadb
    from llama_index.core.vector_stores.types import VectorStoreQuery
    from llama_index.vector_stores.chroma import ChromaVectorStore

    run()
    generation = current(index)
    assert generation is not None
    url = os.environ.get("QA_CHROMA_URL")
    if url:
        server = chroma_server(url)
        collection = server._collection(f"{index.name}.{generation.name}.passages", None)
    else:
        collection = chromadb.PersistentClient(str(chroma_path(generation))).get_collection("passages")
    vectors = ChromaVectorStore(chroma_collection=collection)
    query = IndexStore.open(index).embedder.embed_query("Who wrote the first program?")
    found = vectors.query(VectorStoreQuery(query_embedding=query.tolist(), similarity_top_k=1))
    assert found.nodes is not None
    node = found.nodes[0]
    assert node.get_content() == A
    assert node.metadata == {
        "source": "a.txt",
        "title": "a",
        "heading": "",
        "page": 0,
        "start": 0,
        "end": len(A),
    }
    dumped = json.loads(node.to_json())
    assert (dumped["start_char_idx"], dumped["end_char_idx"]) == (0, len(A))
    assert node.ref_doc_id


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


def test_an_index_may_be_given_another_corpus(
    run: Callable[..., RebuildReport], index: Path, tmp_path: Path
) -> None:
    run()
    other = tmp_path / "other"
    other.mkdir()
    (other / "c.txt").write_text(C)
    report = rebuild(other, index=index)
    assert (report.added, report.removed) == (("c.txt",), ("a.txt", "b.txt"))
    assert IndexStore.open(index).status().corpus == str(other)
    assert contents(index) == {"c.txt": C}


def test_nothing_but_an_index_is_ever_deleted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "docs").mkdir(parents=True)
    (home / "photos").mkdir()
    (home / "docs" / "a.txt").write_text(A)
    with pytest.raises(CorpusError, match="holds something that is no index"):
        rebuild(home / "docs", index=home)
    with pytest.raises(CorpusError, match="holds something that is no index"):
        rebuild(home / "docs", index=home / "docs" / "a.txt")
    (tmp_path / "empty" / "docs").mkdir(parents=True)
    (tmp_path / "empty" / "writer.lock").touch()
    with pytest.raises(CorpusError, match="one inside the other"):
        rebuild(tmp_path / "empty" / "docs", index=tmp_path / "empty")
    assert sorted(path.name for path in home.rglob("*")) == ["a.txt", "docs", "photos"]


def test_lost_vectors_are_an_error_not_a_worse_answer(run: Callable[..., RebuildReport], index: Path) -> None:
    run()
    generation = current(index)
    assert generation is not None
    store = vectors(index, generation)
    store.delete(store.ids()[:1])
    opened = IndexStore.open(index)
    with (
        opened.snapshot() as snapshot,
        pytest.raises(IndexDamagedError, match=r"1 of 2 passages have no vector\. Run: qa doctor --repair"),
    ):
        snapshot.dense(opened.embedder.embed_query("x"), 5)


def test_a_question_in_flight_survives_any_rebuild(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    run()
    assistant = Assistant.open(corpus, index=index)
    events = assistant.stream("Who wrote the first program?")
    next(events)
    (corpus / "b.txt").unlink()
    run(full=True)
    run(full=True)
    *_, last = events
    assert last.answer is not None
    assert last.answer.citations[0].quote == "Ada Lovelace wrote the first program."


def test_what_lies_in_a_folder_that_cannot_be_looked_into_stays(
    run: Callable[..., RebuildReport], corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "sub").mkdir()
    (corpus / "sub" / "c.txt").write_text(C)
    run()
    look = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("/sub"):
            raise PermissionError(13, "Permission denied", path)
        return look(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        report = run()
        assert [source for source, _ in report.failed] == ["sub/"]
        assert report.unchanged == ("a.txt", "b.txt", "sub/c.txt")
        assert IndexStore.open(index).status().documents == 3
    assert run().failed == ()
    assert contents(index) == {"a.txt": A, "b.txt": B, "sub/c.txt": C}
