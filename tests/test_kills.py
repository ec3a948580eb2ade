"""Rebuilds killed, cut off and in any order: the index is always whole, and ends as if built anew."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from kills import harness

from index_store import IndexDamagedError, IndexStore, IndexWriteError, RebuildReport, rebuild
from index_store.generation import current
from index_store.watch import watch
from qa import Assistant

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_killed_rebuild_loses_nothing(seed: int, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tests" / "kills" / "harness.py"), str(tmp_path), str(seed), "20"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "survived 20 kills\n"


class CutOff(BaseException):
    """Stands for the end of the process."""


class Life(RuleBasedStateMachine):
    """A folder that is edited, rebuilt and asked in any order, its rebuilds cut off at any line."""

    names = st.sampled_from(["a.txt", "b.txt", "sub/c.txt", "sub/d.md"])
    words = st.lists(st.sampled_from(harness.WORDS), min_size=2, max_size=40)

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.corpus, self.index = self.folder / "corpus", self.folder / "index"
        (self.corpus / "sub").mkdir(parents=True)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(name=names, words=words)
    def write(self, name: str, words: list[str]) -> None:
        (self.corpus / name).write_text(" ".join(words) + ".")

    @rule(name=names, words=words)
    def edit(self, name: str, words: list[str]) -> None:
        path = self.corpus / name
        path.write_text((path.read_text() if path.exists() else "") + "\n\n" + " ".join(words) + ".")

    @rule(name=names, target_name=names)
    def move(self, name: str, target_name: str) -> None:
        if (self.corpus / name).exists():
            (self.corpus / name).replace(self.corpus / target_name)

    @rule(name=names)
    def delete(self, name: str) -> None:
        (self.corpus / name).unlink(missing_ok=True)

    @rule(line=st.integers(1, 2500), full=st.booleans())
    def cut_off(self, line: int, full: bool) -> None:
        countdown = line

        def on_line(_frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal countdown
            countdown -= event == "line"
            if countdown == 0:
                raise CutOff
            return on_line

        def on_call(frame: FrameType, _event: str, _argument: Any) -> Any:
            return on_line if frame.f_code.co_filename.startswith(harness.PACKAGE) else None

        tracing = sys.gettrace()
        sys.settrace(on_call)
        try:
            rebuild(self.corpus, index=self.index, full=full)
        except CutOff:
            pass
        finally:
            sys.settrace(tracing)

    @rule(full=st.booleans())
    def build(self, full: bool) -> None:
        rebuild(self.corpus, index=self.index, full=full)
        texts = {path.relative_to(self.corpus).as_posix(): path.read_text() for path in self.files()}
        store = IndexStore.open(self.index)
        assert {source: store.document(source).text for source in texts} == texts
        assert store.status().documents == len(texts)

    @precondition(lambda self: current(self.index) is not None)
    @rule(words=words)
    def ask(self, words: list[str]) -> None:
        answer = Assistant.open(self.corpus, index=self.index).ask(" ".join(words) + "?")
        store = IndexStore.open(self.index)
        for citation in answer.citations:
            assert store.document(citation.source).text[citation.start : citation.end] == citation.quote

    @rule()
    def compare(self) -> None:
        harness.compare(self.corpus, self.index, self.folder)

    @invariant()
    def opens(self) -> None:
        if current(self.index) is not None:
            IndexStore.open(self.index).status()

    def files(self) -> list[Path]:
        return [path for path in self.corpus.rglob("*") if path.is_file()]


TestLife = pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")(Life.TestCase)
TestLife.settings = settings(
    max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_ctrl_c_stops_cleanly_and_the_next_run_goes_on(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for number in range(600):
        (corpus / f"{number}.txt").write_text(f"File {number} is about the number {number}.")
    command = [sys.executable, "-m", "index_store", "rebuild", str(corpus), "--index", str(index)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        while not live_documents(index):
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of the group
        output, complaint = process.communicate(timeout=60)
    assert (process.returncode, output) == (1, "")
    assert complaint == "The rebuild was stopped. What is done is kept. To go on, run: qa rebuild\n"
    kept = live_documents(index)
    report = rebuild(corpus, index=index)
    assert 0 < len(report.added) == 600 - kept < 600
    assert IndexStore.open(index).status().documents == 600


def live_documents(index: Path) -> int:
    """How many documents are in the generation that is being built."""
    for path in index.glob("*/catalog.sqlite"):
        with closing(sqlite3.connect(path)) as db:
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'lexical'").fetchone():
                return int(db.execute("SELECT count(*) FROM sources").fetchone()[0])
    return 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Any:
    """A file system of its own with room for little."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True
    ).returncode:
        pytest.skip("mounting a file system needs root")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def test_a_full_disk_is_named_and_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", small_disk / "index"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The meeting is on Monday.")
    rebuild(corpus, index=index)
    for number in range(400):
        (corpus / f"{number}.txt").write_text(f"Number {number} has a line. " * 150)
    with pytest.raises((IndexWriteError, IndexDamagedError), match=rf"{index}.*Make room.*run: qa rebuild"):
        rebuild(corpus, index=index)
    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    # Chroma tidies up when it reads, so on a disk without any room it may have to wait for some.
    assert "Monday" in Assistant.open(corpus, index=index).ask("When is the meeting?").text
    for number in range(400):
        (corpus / f"{number}.txt").unlink()
    rebuild(corpus, index=index)
    harness.compare(corpus, index, tmp_path)


def test_a_read_only_folder_is_named(small_disk: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The meeting is on Monday.")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(IndexWriteError, match=r"could not be written.*--index DIR"):
        rebuild(tmp_path / "a.txt", index=small_disk / "index")


def test_watching_follows_adds_edits_moves_and_deletes(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.txt").write_text("One.")
    stop, reports, news = threading.Event(), [], threading.Condition()

    def on_report(report: RebuildReport) -> None:
        with news:
            reports.append(report)
            news.notify()

    def after(expected: str, what: Any) -> None:
        with news:
            what()
            assert news.wait_for(lambda: any(getattr(r, expected) for r in reports), timeout=60), expected
            reports.clear()

    follow = threading.Thread(
        target=watch,
        args=(corpus, on_report),
        kwargs={"stop": stop, "rebuild": lambda: rebuild(corpus, index=index)},
    )
    follow.start()
    try:
        after("added", lambda: None)
        after("added", lambda: (corpus / "b.txt").write_text("Two."))
        after("updated", lambda: (corpus / "b.txt").write_text("Two and more."))
        after("moved", lambda: (corpus / "b.txt").rename(corpus / "c.txt"))
        after("removed", lambda: (corpus / "a.txt").unlink())
    finally:
        stop.set()
        follow.join()
    assert IndexStore.open(index).document("c.txt").text == "Two and more."
