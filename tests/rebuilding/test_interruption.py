"""Rebuilds that are watched, stopped, resumed, or meet another process."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index_store import (
    IndexLockedError,
    IndexMissingError,
    IndexStore,
    Progress,
    RebuildCancelledError,
    RebuildReport,
)
from index_store.doctor import examine
from index_store.generation import writer_lock
from qa import Assistant
from rebuilding.small_corpus import A, B, C, contents


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
    resumed = run(dry_run=True)
    assert {"0.txt", "1.txt"} <= {*resumed.added}  # a large document is not finished first


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
    assert (status.documents, status.passages) == (257, 257)  # the removal was done, and what had been read
    assert Assistant.open(corpus, index=index).ask("Who wrote the first program?").citations
    report = run()
    assert len(report.added) == report.embedded == 300 - 256
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
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
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
