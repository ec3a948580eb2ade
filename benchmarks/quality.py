"""Every figure of docs/quality.md: retrieval, answers, refusal and speed, with and without each part.

Corpora and what was noted of each question are kept in a cache folder, so a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from asking import Asking, Row
from datasets import Query, QuestionSet, load, write_corpus
from quality_table import markdown, write_between_marks
from timing import ratio_rows

from index_store import IndexMismatchError, rebuild

ROOT = Path(__file__).parents[1]
GOLD_DOCUMENT = ("xquad_en", "tydiqa_goldp_en_heldout", "mlqa_en_dev", "squad2_devhalf_eval")
OPEN = ("nq_open_rag", "squad_open", "covidqa_rag", "hotpotqa_sample100")
REMOVED = "nq_open_rag_removed"  # half of the gold passages are not there
TIMING = "timing"
SETS = (*GOLD_DOCUMENT, OPEN[0], REMOVED, TIMING, *OPEN[1:])

Note = Callable[[Query], Row]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "footnote-quality")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, metavar="SET", help=", ".join(SETS))
    parser.add_argument("--limit", type=int, help="ask this many questions of each large set, evenly spaced")
    parser.add_argument("--write", type=Path, help="put the tables into this page, docs/quality.md")
    options = parser.parse_args()
    rows: dict[str, Sequence[Row]] = {}
    for name in options.sets:
        sys.stderr.write(f"{name}\n")
        rows[name] = measure(name, options.data / "dev", options.cache, options.limit)
    tables = markdown(rows)
    sys.stdout.write(tables)
    if options.write:
        write_between_marks(options.write, tables)


def measure(name: str, dev: Path, cache: Path, limit: int | None) -> Sequence[Row]:
    """The rows of one set, asked now or on an earlier run of the same code."""
    questions = question_set(name, dev)
    folder = cache / (OPEN[0] if name == TIMING else name)
    write_corpus(questions, folder / "corpus")
    _index(folder)
    asking = Asking(folder)
    if name == TIMING:
        return ratio_rows(asking, questions, limit or 100)
    note = asking.open_document if name in OPEN else asking.gold_document
    if name == REMOVED:
        note = asking.any_document
    asked = evenly(questions.queries, None if name in GOLD_DOCUMENT else limit)
    return resumed(folder / f"{name}-{fingerprint()}.jsonl", asked, note)


def _index(folder: Path) -> None:
    """Bring the index up to date, or build it anew when it is of an older format."""
    try:
        rebuild(folder / "corpus", index=folder / "index")
    except IndexMismatchError:
        rebuild(folder / "corpus", index=folder / "index", full=True)


def question_set(name: str, dev: Path) -> QuestionSet:
    """The set's documents and questions; for `REMOVED`, without every second document that answers.

    The questions that these answered stay, and are then not answerable. That another document may
    happen to answer one as well is not looked into.
    """
    questions = load(dev / (OPEN[0] if name in (REMOVED, TIMING) else name))
    if name != REMOVED:
        return questions
    gold = {each for query in questions.queries for each in query.gold}
    answering = [document[0] for document in questions.documents if document[0] in gold]
    removed = frozenset(answering[::2])
    return QuestionSet(
        tuple(document for document in questions.documents if document[0] not in removed),
        tuple(replace(query, answerable=not query.gold <= removed) for query in questions.queries),
    )


def evenly(queries: Sequence[Query], limit: int | None) -> dict[int, Query]:
    """`limit` questions evenly spaced over all, by their place; all without a limit."""
    count = min(limit or len(queries), len(queries))
    return {place: queries[place] for place in (each * len(queries) // count for each in range(count))}


def resumed(file: Path, queries: dict[int, Query], note: Note) -> Sequence[Row]:
    """The note of each question: those in `file` as they stand, the others made now and added to it."""
    known = {row["place"]: row for row in map(json.loads, file.open())} if file.is_file() else {}
    with file.open("a") as lines:
        for done, (place, query) in enumerate(queries.items(), 1):
            if place not in known:
                known[place] = {"place": place, **note(query)}
                lines.write(json.dumps(known[place]) + "\n")
                lines.flush()
            if done % 50 == 0:
                sys.stderr.write(f"  {done} of {len(queries)}\n")
    return [known[place] for place in queries]


def fingerprint() -> str:
    """Of everything that can change a row: the code, the reader's weights and their calibration."""
    digest = hashlib.sha256()
    files = [
        *(ROOT / "index_store").rglob("*.py"),
        *(ROOT / "qa").glob("*.py"),
        *(ROOT / "qa" / "evaluation").glob("*.py"),
        *(ROOT / "qa").glob("*.onnx"),
        *(ROOT / "qa").glob("*.json"),
    ]
    scripts = (ROOT / "benchmarks" / f"{name}.py" for name in ("asking", "datasets", "quality"))
    for path in sorted([*files, *scripts]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


if __name__ == "__main__":
    main()
