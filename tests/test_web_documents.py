"""The Documents panel in its parts: the table, what files are taken in, and where removed ones go."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_web_parts import STATUS, text_of

from index_store import FileStatus, Progress, RebuildReport
from qa.web import documents
from qa.web.intake import Clash, Intake, IntakeError, NameTakenError, Taken, safe_parts
from qa.web.library import Library
from qa.web.rebuilding import STOPPED, Rebuilding, Work, told
from qa.web.removal import Removal, RemovalError
from qa.web.table import Wanted, folders, kind, size, table

FILES = (
    FileStatus(
        "b.txt", "indexed", media_type="text/plain", passages=2, size=10, modified="2024-01-02T03:04:05"
    ),
    FileStatus("farm/A.pdf", "indexed", media_type="application/pdf", pages=12, passages=40, size=2_000_000),
    FileStatus("farm/old/scan.pdf", "failed", "no text (scanned?)", size=5),
    FileStatus("photo.jpg", "skipped", "a kind of file that is not read (.jpg)"),
)


def names(**query: str) -> list[str]:
    return [file.source for file in Wanted.parse(query).of(FILES)]


# The table


def test_files_are_sorted_by_any_column_and_filtered_by_words_folder_and_state() -> None:
    assert names() == ["b.txt", "farm/A.pdf", "farm/old/scan.pdf", "photo.jpg"]
    assert names(down="yes")[0] == "photo.jpg"
    assert names(sort="size", down="yes")[0] == "farm/A.pdf"
    assert names(sort="passages")[-1] == "farm/A.pdf"
    assert names(sort="state") == ["b.txt", "farm/A.pdf", "photo.jpg", "farm/old/scan.pdf"]
    assert names(words="PDF old") == ["farm/old/scan.pdf"]
    assert names(folder="farm/") == ["farm/A.pdf", "farm/old/scan.pdf"]
    assert names(state="failed") == ["farm/old/scan.pdf"]
    assert names(sort="nonsense", shown="many") == names()


def test_a_row_says_all_there_is_to_say_of_a_file() -> None:
    html = table(FILES, Wanted())
    rows = [text_of(row) for row in str(html).split("<tr")[2:]]
    assert "farm/A.pdfPDF12402.0 MBIndexed" in rows[1]
    assert "b.txtTXT210 B2024-01-02Indexed" in rows[0]
    assert "Not readno text (scanned?)" in rows[2]
    assert "Left outa kind of file that is not read (.jpg)" in rows[3]
    assert 'data-column="source" aria-sort="ascending"' in html
    assert [" disabled>" in row for row in str(html).split("<tr")[2:]] == [False, False, False, True]


def test_many_files_are_shown_a_part_at_a_time() -> None:
    many = [FileStatus(f"{number}.txt", "indexed") for number in range(300)]
    html = table(many, Wanted())
    assert str(html).count('class="fn-pick"') == 200
    assert "200 of 300 files are shown." in text_of(html)
    assert str(table(many, Wanted(shown=1000))).count('class="fn-pick"') == 300
    assert "No file matches." in text_of(table(FILES, Wanted(words="zebra")))


def test_markup_in_names_is_text() -> None:
    html = str(table([FileStatus('<b>"x".txt', "indexed")], Wanted()))
    assert "<b>" not in html and '<b>"x".txt' in text_of(html)
    assert "<i>" not in str(folders([FileStatus("<i>/a.txt", "indexed")]))


def test_folders_are_offered_with_the_number_of_documents_in_them() -> None:
    assert text_of(folders(FILES)) == "All foldersfarm/ (1)"


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 KB"), (12_345, "12 KB"), (2_000_000, "2.0 MB"), (3e9, "3.0 GB")],
)
def test_sizes_are_read_at_a_glance(count: int, said: str) -> None:
    assert size(count) == said


def test_a_format_is_called_what_people_call_it() -> None:
    assert [kind(file) for file in FILES] == ["TXT", "PDF", "PDF", "JPG"]
    assert kind(FileStatus("README", "indexed")) == "Text"


def test_the_health_of_the_index_is_one_line() -> None:
    now = datetime(2024, 1, 1, 12, tzinfo=UTC)
    built = "2024-01-01T11:57:00+00:00"
    status = dataclasses.replace(STATUS, documents=1, failed=(("a", "b"),), built=built)
    assert documents.health(status, now) == (
        "1 document, 9 passages · 1 could not be read · last changed 3 minutes ago"
    )
    assert documents.ago("2023-12-01T00:00:00+00:00", now) == "31 days ago"
    assert documents.ago("2024-01-01T10:00:00+00:00", now) == "2 hours ago"
    assert documents.ago("2024-01-01T11:59:59+00:00", now) == "just now"


def test_a_plan_says_what_a_rebuild_would_do() -> None:
    report = RebuildReport(added=("<a>.txt",), removed=("b.txt", "c.txt"), unchanged=("d.txt",))
    html = documents.plan(report)
    assert text_of(html).startswith(
        "A rebuild will change this; 1 document is up to date.1 to add<a>.txt2 to take"
    )
    assert documents.changes(report) == 3
    assert "There is nothing to do: 0 documents are up to date." in text_of(documents.plan(RebuildReport()))


# Files that arrive


async def chunks(*data: bytes) -> AsyncIterator[bytes]:
    for each in data:
        yield each


def take(folder: Path, name: str, *data: bytes, clash: Clash = "ask", limit: int = 100) -> Taken:
    attic = Removal(folder, folder.parent / "attic")
    return asyncio.run(Intake(folder, attic.put_away, limit).take(name, chunks(*data), clash))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


def test_a_file_is_taken_whole_with_its_folders(folder: Path) -> None:
    assert take(folder, "farm/2024/mill.txt", b"The mill ", b"burned.") == Taken("farm/2024/mill.txt")
    assert (folder / "farm/2024/mill.txt").read_bytes() == b"The mill burned."
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["mill.txt"]


@pytest.mark.parametrize(
    "name",
    [
        *("../a.txt", "a/../../b.txt", "/etc/a.txt", "a//b.txt", "", ".", "..", "a\\b.txt", "C:\\a.txt"),
        *("a\0.txt", "a\n.txt", "\u202ea.txt", "x" * 250 + ".txt"),
        *(".hidden.txt", ".git/a.txt", "node_modules/a.txt", "a/~$b.docx", "photo.jpg", "old.doc"),
    ],
)
def test_no_file_is_taken_under_a_name_that_is_unsafe_or_not_read(folder: Path, name: str) -> None:
    with pytest.raises(IntakeError):
        take(folder, name, b"text")
    assert list(folder.parent.rglob("*")) == [folder]


@given(st.text(max_size=60))
def test_a_name_that_is_taken_stays_below_the_folder(name: str) -> None:
    try:
        parts = safe_parts(name)
    except IntakeError:
        return
    assert Path("/corpus", *parts).resolve().is_relative_to("/corpus")
    assert all(part not in ("", ".", "..") and "/" not in part for part in parts)


def test_a_folder_that_is_a_link_leads_nowhere(folder: Path) -> None:
    (folder / "out").symlink_to(folder.parent)
    with pytest.raises(IntakeError, match="leads out of the documents"):
        take(folder, "out/a.txt", b"text")


def test_a_file_over_the_limit_leaves_nothing(folder: Path) -> None:
    with pytest.raises(IntakeError, match="larger than"):
        take(folder, "a.txt", b"x" * 60, b"x" * 60)
    assert list(folder.iterdir()) == []


def test_nothing_is_overwritten_unasked(folder: Path) -> None:
    take(folder, "a.txt", b"one")
    assert take(folder, "a.txt", b"one") == Taken("a.txt", already=True)
    with pytest.raises(NameTakenError):
        take(folder, "a.txt", b"two")
    assert take(folder, "a.txt", b"two", clash="keep") == Taken("a (2).txt")
    assert take(folder, "a.txt", b"three", clash="keep") == Taken("a (3).txt")
    assert take(folder, "a.txt", b"four", clash="replace") == Taken("a.txt")
    contents = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert contents == {"a.txt": b"four", "a (2).txt": b"two", "a (3).txt": b"three"}
    assert [path.read_bytes() for path in (folder.parent / "attic").rglob("a.txt")] == [b"one"]


def test_a_name_that_a_file_has_as_its_folder_says_so(folder: Path) -> None:
    take(folder, "a.txt", b"one")
    with pytest.raises(IntakeError, match="cannot be written"):
        take(folder, "a.txt/b.txt", b"two")


# Files that go


def test_a_removed_file_is_kept_elsewhere_with_its_path(folder: Path) -> None:
    take(folder, "farm/mill.txt", b"text")
    kept = Removal(folder, folder.parent / "attic").put_away("farm/mill.txt")
    assert kept.read_bytes() == b"text"
    assert kept.is_relative_to(folder.parent / "attic") and kept.parts[-2:] == ("farm", "mill.txt")
    assert not (folder / "farm/mill.txt").exists()


@pytest.mark.parametrize(
    "source", ["gone.txt", "../outside.txt", "out/outside.txt", "", "farm", "/etc/passwd"]
)
def test_only_files_of_the_corpus_are_removed(folder: Path, source: str) -> None:
    (folder / "farm").mkdir()
    (folder.parent / "outside.txt").write_text("mine")
    (folder / "out").symlink_to(folder.parent)
    with pytest.raises(RemovalError):
        Removal(folder, folder.parent / "attic").put_away(source)
    assert (folder.parent / "outside.txt").read_text() == "mine"
    assert not (folder.parent / "attic").exists()


# The rebuild behind the page


class Slow:
    """An assistant whose rebuilds wait to be let on, step by step."""

    def __init__(self) -> None:
        self.steps = threading.Semaphore(0)
        self.begun = 0

    def rebuild(self, *, progress: Any) -> RebuildReport:
        self.begun += 1
        for done in range(3):
            self.steps.acquire(timeout=60)
            progress(Progress("indexing", done, 3, 0, 1.0))
        return RebuildReport(added=("a.txt",), failed=(("b.pdf", "damaged PDF"),))


def ended(rebuilding: Rebuilding) -> Work:
    for thread in threading.enumerate():
        if thread.name == "rebuild":
            thread.join(60)
    return rebuilding.work


def test_a_rebuild_is_followed_to_its_end() -> None:
    slow = Slow()
    rebuilding = Rebuilding(Library(lambda: cast(Any, slow)))
    assert told(rebuilding.work) == {"state": "idle", "text": ""}
    rebuilding.start()
    assert told(rebuilding.work)["text"] == "Looking for what has changed"
    slow.steps.release(3)
    done = told(ended(rebuilding))
    assert done == {
        "state": "done",
        "text": "Done: 1 added, 1 could not be read.",
        "failed": ["b.pdf: damaged PDF"],
    }


def test_a_rebuild_is_stopped_at_its_next_step() -> None:
    slow = Slow()
    rebuilding = Rebuilding(Library(lambda: cast(Any, slow)))
    rebuilding.start()
    rebuilding.stop()
    slow.steps.release(3)
    assert told(ended(rebuilding)) == {"state": "stopped", "text": STOPPED}


def test_files_that_arrive_during_a_rebuild_are_seen_by_another() -> None:
    slow = Slow()
    rebuilding = Rebuilding(Library(lambda: cast(Any, slow)))
    for _ in range(3):
        rebuilding.start()
    slow.steps.release(6)
    assert ended(rebuilding).state == "done"
    assert slow.begun == 2


def test_a_rebuild_that_fails_says_why() -> None:
    def nothing() -> Any:
        raise IntakeError("No room. Run: qa rebuild")

    rebuilding = Rebuilding(Library(nothing))
    rebuilding.start()
    assert told(ended(rebuilding)) == {"state": "failed", "text": "No room. Run: qa rebuild"}


@pytest.mark.parametrize(
    ("progress", "text", "share"),
    [
        (Progress("scanning", 1, 2, 0, 1.0), "Looking for what has changed", None),
        (Progress("indexing", 1, 4, 9, 1.0, 3.0, 20.2), "Reading file 2 of 4, about 20 s left", 0.25),
        (Progress("indexing", 4, 4, 9, 1.0, 3.0, 180.0), "Reading file 4 of 4, about 3 min left", 1.0),
        (Progress("finishing", 4, 4, 9, 1.0), "Finishing", 1.0),
    ],
)
def test_how_far_a_rebuild_is_is_said_in_words(progress: Progress, text: str, share: float | None) -> None:
    assert told(Work("running", progress)) == {"state": "running", "text": text, "share": share}
