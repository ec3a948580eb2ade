"""A parser that crashes, hangs or takes too much costs its own file, whatever else is being read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import faulty
import pytest
from making import docx

from index_store import readers
from index_store.errors import DocumentError, ReaderProcessError
from index_store.readers import pool
from index_store.readers.pool import ReaderPool
from index_store.readers.worker import Limits
from index_store.types import Document

TESTS = Path(__file__).parent
PATIENCE = 60.0  # seconds, after which something is taken to hang
HASTY = Limits(seconds=3)
FRUGAL = Limits(memory=300 << 20)


@pytest.fixture(autouse=True)
def faulty_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    join(monkeypatch)


def join(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the faulty parsers be among the readers, here and in the workers."""
    *before, serve = pool._START.split("; ")
    monkeypatch.setattr(pool, "_START", "; ".join((*before, faulty.START + serve)))
    monkeypatch.setattr(readers, "READERS", faulty.joined())


def files(folder: Path, *names: str) -> list[tuple[Path, str]]:
    for name in names:
        (folder / name).write_text(f"Words of {name}.")
    return [(folder / name, name) for name in names]


def outcomes(given: list[tuple[Path, str]], workers: int = 2, limits: Limits | None = None) -> dict[str, str]:
    """The text, or the reason, of each file."""
    with ReaderPool(workers, limits) as started:
        found = list(started.read(given))
    assert sorted(source for source, _ in found) == sorted(source for _, source in given)
    return {source: each.text if isinstance(each, Document) else f"! {each}" for source, each in found}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("crash", "the parser crashed (signal 11)"),
        ("abort", "the parser crashed (signal 9)"),
        ("leave", "the parser ended the process (3)"),
        ("sleep", "took longer than 3 s"),
        ("spin", "took longer than 3 s"),
        ("grow", "needed more than 300 MiB of memory"),
        ("demand", "needed more than 300 MiB of memory"),
        ("fail", "damaged, or not what its name says (KeyError: 'rId7')"),
    ],
)
@pytest.mark.parametrize("workers", [1, 3])
def test_a_fault_costs_its_own_file_alone(fault: str, reason: str, workers: int, tmp_path: Path) -> None:
    names = [f"{number}.tell" for number in range(10)]
    limits = {"took": HASTY, "needed": FRUGAL}.get(reason.split()[0], Limits())
    found = outcomes(files(tmp_path, *names[:3], f"bad.{fault}", *names[3:]), workers, limits)

    assert found.pop(f"bad.{fault}") == f"! {reason}"
    assert {text.rpartition(" ")[0] for text in found.values()} == {f"Words of {name}." for name in names}


def test_many_faults_in_a_row_cost_no_other_file(tmp_path: Path) -> None:
    names = [f"{number}.{kind}" for number in range(6) for kind in ("crash", "tell", "leave", "csv", "txt")]
    found = outcomes(files(tmp_path, *names))

    whole = {name for name, text in found.items() if not text.startswith("!")}
    assert whole == {name for name in names if name.endswith(("tell", "csv", "txt"))}
    assert {text for name, text in found.items() if name.endswith("crash")} == {
        "! the parser crashed (signal 11)"
    }


def test_workers_are_used_again_and_only_as_many_as_asked_for(tmp_path: Path) -> None:
    found = outcomes(files(tmp_path, *(f"{number}.tell" for number in range(60))), workers=2)
    processes = {text.rpartition(" ")[2] for text in found.values()}

    assert len(processes) == 2
    assert str(os.getpid()) not in processes


def test_small_text_needs_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_START", "import sys; sys.exit(1)")
    given = files(tmp_path, "a.txt", "b.md", "c.py", "d.jpg")

    assert outcomes([*given, (tmp_path / "gone.txt", "gone.txt")]) == {
        "a.txt": "Words of a.txt.",
        "b.md": "Words of b.md.",
        "c.py": "Words of c.py.",
        "d.jpg": "! a kind of file that is not read (.jpg)",
        "gone.txt": "! no longer there",
    }


def test_large_text_is_read_in_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_QUICK", 4)
    monkeypatch.setattr(pool, "_read_here", None)

    assert outcomes(files(tmp_path, "a.txt")) == {"a.txt": "Words of a.txt."}


def test_real_formats_come_back_whole(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx(lambda document: document.add_heading("Title", 0)))
    with ReaderPool(1) as started:
        [(source, found)] = started.read([(tmp_path / "a.docx", "a.docx")])

    assert source == "a.docx"
    assert found == readers.read(tmp_path / "a.docx", "a.docx")


def test_no_more_files_are_taken_in_than_can_be_worked_on(tmp_path: Path) -> None:
    given = files(tmp_path, *(f"{number}.tell" for number in range(50)))
    taken: list[str] = []

    def supply() -> Iterator[tuple[Path, str]]:
        for path, source in given:
            taken.append(source)
            yield path, source

    with ReaderPool(2) as started:
        found = started.read(supply())
        next(found)
        assert len(taken) <= 2 * pool._AHEAD + 1
        assert len(list(found)) == 49


def test_a_pool_that_is_left_early_can_be_used_again(tmp_path: Path) -> None:
    given = files(tmp_path, *(f"{number}.tell" for number in range(20)))
    with ReaderPool(2) as started:
        for source, _ in started.read(given):
            assert source
            break
        assert len(list(started.read(given))) == 20


def test_workers_that_cannot_start_are_no_fault_of_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_START", "import sys; sys.exit(7)")
    with pytest.raises(ReaderProcessError, match=r"could not start \(exit status 7\).*qa rebuild"):
        outcomes(files(tmp_path, "a.csv"))


def test_the_callers_main_module_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "print('started')\nfrom pathlib import Path\nfrom index_store.readers.pool import ReaderPool\n"
        "with ReaderPool(2) as pool:\n    print(len(list(pool.read([(Path('a.csv'), 'a.csv')]))))\n"
    )
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    environment = os.environ | {"PYTHONPATH": str(TESTS.parent)}
    printed = subprocess.check_output([sys.executable, script], cwd=tmp_path, env=environment, text=True)

    assert printed == "started\n1\n"


# A parent with one idle worker and one that hangs; it prints their process ids.
PARENT = """
import sys
sys.path[:0] = [{tests!r}, {root!r}]
from pathlib import Path
import test_pool
from index_store.readers import pool
from index_store.readers.worker import Limits

test_pool.join(test_pool.pytest.MonkeyPatch())
with pool.ReaderPool(2, Limits(seconds=5)) as started:
    outcomes = started.read([(Path(name), name) for name in ("a.tell", "b.tell", "c.{fault}")])
    next(outcomes), next(outcomes)
    print(*(worker.process.pid for worker in started._workers), flush=True)
    next(outcomes)
"""


@pytest.fixture
def parent(
    tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    files(tmp_path, "a.tell", "b.tell", "c.sleep", "c.spin")
    script = PARENT.format(tests=str(TESTS), root=str(TESTS.parent), fault=request.param)
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    with process:
        yield process, [int(pid) for pid in process.stdout.readline().split()]


def gone(pids: list[int]) -> bool:
    """Waits until none of the processes runs."""
    end = time.monotonic() + PATIENCE
    while any(map(running, pids)) and time.monotonic() < end:
        time.sleep(0.02)
    return not any(map(running, pids))


def running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
@pytest.mark.parametrize("parent", ["sleep", "spin"], indirect=True)
def test_when_the_parent_is_killed_its_workers_end(parent: tuple[subprocess.Popen[str], list[int]]) -> None:
    process, workers = parent
    assert len(workers) == 2
    process.send_signal(signal.SIGKILL)

    assert gone(workers)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
@pytest.mark.parametrize("parent", ["sleep"], indirect=True)
def test_ctrl_c_ends_the_parent_and_its_workers(parent: tuple[subprocess.Popen[str], list[int]]) -> None:
    process, workers = parent
    assert len(workers) == 2
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of the group
    _, complaint = process.communicate(timeout=PATIENCE)

    assert gone([process.pid, *workers])
    assert complaint.rstrip().endswith("KeyboardInterrupt")
    assert complaint.count("Traceback") == 1


@pytest.mark.parametrize(("size", "reason"), [(1 << 30, "1 GiB"), (3 << 29, "1.5 GiB"), (64 << 20, "64 MiB")])
def test_limits_are_named_as_people_name_them(size: int, reason: str) -> None:
    assert Limits(memory=size).too_much_memory == f"needed more than {reason} of memory"


def test_large_files_have_more_time(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.truncate(10 << 20)

    assert Limits().seconds_for(path) == 110
    assert Limits().seconds_for(tmp_path / "gone.pdf") == 60


def test_a_refused_file_keeps_no_traceback(tmp_path: Path) -> None:
    found = pool._read_here(tmp_path / "gone.txt", "gone.txt", Limits())

    assert isinstance(found, DocumentError)
    assert found.__traceback__ is None and found.__cause__ is None
