"""One corpus of every awkward file there is, rebuilt: the report says of each exactly what became of it."""

from __future__ import annotations

import ctypes
import dataclasses
import functools
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from kills import harness
from test_pool import join
from test_readers import ALL

from index_store import FileStatus, IndexStore, RebuildReport, rebuild
from index_store.corpus import source_of
from index_store.readers import media_type, pool
from index_store.readers.worker import Limits

Result = TypeVar("Result")
SECONDS = 15  # for a file: enough for all but the one that hangs
LINKS = {
    "to nothing.txt": ("nowhere.txt", "a link to nothing"),
    "to itself.txt": ("to itself.txt", "a link that leads to itself"),
    "loop": (".", "a link to ./, which is read itself"),
    "out.txt": ("../secret.txt", "a link that leads out of the corpus"),
    "again.txt": ("plain.txt", "a link to plain.txt, which is read itself"),
}
FAULTS = {
    "bad.crash": "the parser crashed (signal 11)",
    "bad.leave": "the parser ended the process (3)",
    "bad.sleep": f"took longer than {SECONDS} s",
    "bad.demand": "needed more than 1 GiB of memory",
    "bad.fail": "damaged, or not what its name says (KeyError: 'rId7')",
    "locked.txt": "cannot be read: permission denied",
    "changing.txt": "changed while being read",
    "to nothing.txt": "a link to nothing",
    "to itself.txt": "a link that leads to itself",
}
SKIPPED = {
    "photo.jpg": "a kind of file that is not read (.jpg)",
    "old.doc": "an older Office format: save it as .docx",
    "pipe.txt": "not a regular file",
    **{name: LINKS[name][1] for name in ("loop", "out.txt", "again.txt")},
}
NAMES = [
    "two\nlines.txt",
    "caf\udce9.txt",
    "turned\u202egpj.txt",
    "-rf.txt",
    "CON.txt",
    "a:b?*|.txt",
    "dots...txt",
    " spaces .txt",
    "100%.txt",
    "'quotes\".txt",
    "日本 👍.txt",
    f"{'x' * 251}.txt",
    "/".join(["deep"] * 60) + "/file.txt",
]


def test_a_corpus_of_awkward_files_gives_exactly_the_expected_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(monkeypatch)
    monkeypatch.setattr(pool, "Limits", functools.partial(Limits, seconds=SECONDS))
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    expected = make(corpus)
    changing = Changing(corpus / "changing.txt", monkeypatch)

    def run(full: bool = False) -> RebuildReport:
        return as_owner(lambda: rebuild(corpus, index=index, full=full))

    first = run()
    changing.ends()
    assert outcome(first) == expected
    assert first.passages >= first.embedded > len(expected.added) / 2
    assert outcome(run()) == changed(expected, added=("changing.txt",), unchanged=expected.added)
    rest = changed(expected, added=(), unchanged=tuple(sorted((*expected.added, "changing.txt"))))
    again = run()
    assert (outcome(again), again.passages, again.embedded) == (rest, 0, 0)
    assert files(index) == {
        **dict.fromkeys(rest.unchanged, ("indexed", "")),
        **{source: ("failed", reason) for source, reason in rest.failed},
        **{source: ("skipped", reason) for source, reason in rest.skipped},
    }

    built = harness.state(index)
    whole = run(full=True)
    assert outcome(whole) == changed(rest, added=rest.unchanged, unchanged=())
    assert whole.embedded == 0
    assert harness.state(index) == built

    (corpus / "locked.txt").chmod(0o644)  # which changes neither its size nor its time
    assert run().added == ("locked.txt",)


def make(corpus: Path) -> RebuildReport:
    """Make the files; returns what a first rebuild must report."""
    for specimen in ALL:
        put(corpus / specimen.source, specimen.bytes)
    for number, name in enumerate(NAMES):
        put(corpus / name, f"The file number {number} has an odd name.".encode())
    for fault in FAULTS:
        put(corpus / fault, b"x" * 8) if fault not in LINKS else None
    for name in ("plain.txt", "photo.jpg", "old.doc", "../secret.txt", ".hidden.txt", "node_modules/a.txt"):
        put(corpus / name, b"The plain text of a file.")
    os.mkfifo(corpus / "pipe.txt")
    for name, (target, _) in LINKS.items():
        (corpus / name).symlink_to(target)
    (corpus / "locked.txt").chmod(0)
    readable = [specimen.source for specimen in ALL if not specimen.fails]
    broken = {each.source: each.fails for each in ALL if each.fails and media_type(Path(each.source))}
    unread = {each.source: each.fails for each in ALL if each.fails and each.source not in broken}
    return RebuildReport(
        added=tuple(sorted([*map(source_of, NAMES), *readable, "plain.txt"])),
        failed=tuple(sorted({**FAULTS, **broken}.items())),
        skipped=tuple(sorted({**SKIPPED, **unread}.items())),
        notes=tuple((each.source, note) for each in sorted(ALL, key=source) for note in each.notes),
    )


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def source(file: object) -> str:
    return str(file.source)  # type: ignore[attr-defined]


class Changing:
    """A file that somebody writes to whenever it is being read."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._inode, look = path.stat().st_ino, os.fstat
        self._goes_on = True

        def look_and_write(descriptor: int) -> os.stat_result:
            found = look(descriptor)
            if self._goes_on and found.st_ino == self._inode:
                path.write_bytes(b"y" * (found.st_size + 1))
            return found

        monkeypatch.setattr(os, "fstat", look_and_write)

    def ends(self) -> None:
        self._goes_on = False


def outcome(report: RebuildReport) -> RebuildReport:
    """The report without figures."""
    return dataclasses.replace(report, passages=0, embedded=0, seconds=0.0)


def changed(expected: RebuildReport, added: tuple[str, ...], unchanged: tuple[str, ...]) -> RebuildReport:
    """What a later rebuild must report: the file that was being written to has come to rest."""
    failed = tuple(each for each in expected.failed if each[0] != "changing.txt")
    return dataclasses.replace(expected, added=added, unchanged=unchanged, failed=failed)


def files(index: Path) -> dict[str, tuple[str, str]]:
    statuses: tuple[FileStatus, ...] = IndexStore.open(index).files()
    return {each.source: (each.state, each.reason) for each in statuses}


def as_owner(work: Callable[[], Result]) -> Result:
    """Do `work` with the rights of a file's owner, also for root, whom permissions do not hold up.

    On Linux rights belong to threads; what this one gives away, the others keep.
    """
    found: list[Result] = []

    def in_thread() -> None:
        if sys.platform == "linux" and os.geteuid() == 0:
            give_away_rights()
        found.append(work())

    thread = threading.Thread(target=in_thread)
    thread.start()
    thread.join()
    return found[0]


def give_away_rights() -> None:
    """Drop all capabilities of this thread (capset, see capabilities(7))."""
    version_3, thread = 0x20080522, 0
    header, none = (ctypes.c_uint32 * 2)(version_3, thread), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capset(header, none) == 0, os.strerror(ctypes.get_errno())
