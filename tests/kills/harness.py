"""Kill rebuilds at random moments and check what they leave. Run: harness.py FOLDER SEED KILLS

A rebuild is killed (SIGKILL) either at a randomly drawn line of `index_store` or at a random time,
which also falls inside SQLite, Chroma and ONNX Runtime. After every kill the index is opened and
checked; after every few, a rebuild must bring it to exactly the state of a build from nothing.

Each rebuild and each check runs in a process forked from this one, which has the libraries imported
but has not used them.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import chromadb
import onnxruntime
from llama_index.core.schema import TextNode

import index_store
from index_store import IndexStore, rebuild
from index_store.chroma import ChromaStore
from index_store.generation import catalog_path, chroma_path, current

WARMED = (chromadb, onnxruntime, TextNode)
PACKAGE = str(Path(index_store.__file__).parent)
WORDS = "river stone paper light winter engine garden market silver window harbor letter".split()
Versions = dict[str, set[str]]


def sentence(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(3, 9))).capitalize() + "."


def change(corpus: Path, rng: random.Random) -> None:
    """Add, edit, copy, move or remove a few files."""
    files = sorted(corpus.rglob("*.txt"))
    for _ in range(rng.randint(1, 4)):
        path = corpus / rng.choice(["", "sub"]) / f"{rng.randrange(12)}.txt"
        deed = rng.choice(["write", "write", "edit", "move", "copy", "remove"])
        existing = [file for file in files if file.exists()]
        if deed == "write" or not existing:
            path.write_text("\n\n".join(sentence(rng) for _ in range(rng.randint(1, 60))))
        elif deed == "edit":
            victim = rng.choice(existing)
            victim.write_text(victim.read_text() + "\n\n" + sentence(rng))
        elif deed == "move":
            rng.choice(existing).replace(path)
        elif deed == "copy":
            (corpus / f"copy{rng.randrange(3)}.txt").write_bytes(rng.choice(existing).read_bytes())
        else:
            rng.choice(existing).unlink()
    (corpus / "sub").mkdir(exist_ok=True)


def texts(corpus: Path) -> dict[str, str]:
    return {path.relative_to(corpus).as_posix(): path.read_text() for path in corpus.rglob("*.txt")}


def killed_rebuild(corpus: Path, index: Path, full: bool, lines: int | None, seconds: float) -> None:
    """Rebuild and die after so many lines of `index_store`, or after so many seconds."""
    countdown = lines or 0

    def on_line(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal countdown
        countdown -= event == "line"
        if countdown == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return on_line

    def on_call(frame: FrameType, _event: str, _argument: Any) -> Any:
        return on_line if frame.f_code.co_filename.startswith(PACKAGE) else None

    if lines:
        sys.settrace(on_call)
    else:
        threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
    rebuild(corpus, index=index, full=full)
    os._exit(0)


def check(index: Path, versions: Versions) -> None:
    """The index opens, and every document is whole in a version that it had."""
    if current(index) is None:
        return
    store = IndexStore.open(index)
    query = store.embedder.embed_query("winter garden")
    with store.snapshot() as snapshot:
        hits = snapshot.dense(query, 10_000)
        found = {hit.passage.id for hit in hits}
        assert len(found) == len(hits), "a passage is doubled"
        for source in snapshot.matching(["*"]) if hits else ():
            document = snapshot.document(source)
            assert document.text in versions[source], f"{source} is in no version it ever had"
            quotes = sorted(
                (h.passage for h in snapshot.dense(query, 10_000, [source])), key=lambda p: p.start
            )
            assert all(document.text[p.start : p.end] == p.text for p in quotes), f"{source} is misquoted"
            whole = "".join("".join(p.text for p in quotes).split())
            assert whole == "".join(document.text.split()), f"{source} is not whole"


def state(index: Path) -> Any:
    """All that an index holds, whatever its history."""
    generation = current(index)
    assert generation is not None
    with sqlite3.connect(catalog_path(generation)) as db:
        db.execute("INSERT INTO lexical (lexical, rank) VALUES ('integrity-check', 1)")
        assert db.execute("SELECT * FROM unsettled").fetchall() == [], "something is unsettled"
        passages = db.execute("SELECT id, start, end, text FROM passages ORDER BY id").fetchall()
        sources = db.execute(
            "SELECT source, contents.id FROM sources JOIN contents ON contents.rowid = content ORDER BY 1"
        ).fetchall()
        words = db.execute("SELECT count(*) FROM lexical WHERE lexical MATCH 'winter'").fetchone()
    store = ChromaStore.embedded(chroma_path(generation))
    ids = [row[0] for row in passages]
    assert store.count() == len(ids), f"{store.count()} vectors for {len(ids)} passages"
    assert set(store.vectors(ids)) == set(ids), "a vector is missing"
    return passages, sources, words


def compare(corpus: Path, index: Path, folder: Path) -> None:
    """A rebuild ends in exactly the state of a build from nothing."""
    rebuild(corpus, index=index)
    fresh = folder / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    rebuild(corpus, index=fresh)
    assert state(index) == state(fresh), "the index differs from a build from nothing"


def forked(work: Callable[[], None]) -> int:
    """Run `work` in a child; returns its exit status, negative for a signal."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def require(work: Callable[[], None], what: str) -> None:
    if forked(work):
        sys.exit(f"failed: {what}")


def main(folder: Path, seed: int, kills: int) -> None:
    rng = random.Random(seed)
    corpus, index = folder / "corpus", folder / "index"
    (corpus / "sub").mkdir(parents=True)
    change(corpus, rng)
    versions: Versions = {}
    done = 0
    while done < kills:
        change(corpus, rng)
        for source, text in texts(corpus).items():
            versions.setdefault(source, set()).add(text)
        lines = rng.randint(1, 6000) if rng.random() < 0.6 else None
        seconds, full = rng.uniform(0.02, 1.2), rng.random() < 0.25
        status = forked(lambda: killed_rebuild(corpus, index, full, lines, seconds))  # noqa: B023
        where = f"kill {done} (seed {seed}, {f'line {lines}' if lines else f'{seconds:.2f} s'}, full {full})"
        if status not in (0, -signal.SIGKILL):
            sys.exit(f"failed: the rebuild itself at {where}")
        done += status == -signal.SIGKILL
        require(lambda: check(index, versions), f"opening after {where}")
        if rng.random() < 0.25:
            require(lambda: compare(corpus, index, folder), f"rebuilding after {where}")
    require(lambda: compare(corpus, index, folder), "the last rebuild")
    sys.stdout.write(f"survived {done} kills\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
