"""The tables of docs/quality.md, made from a few rows, and what makes the kept rows out of date."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def run(script: str, rows: object = None, scripts: Path = ROOT / "benchmarks") -> str:
    """What a script prints that imports the benchmarks, as they do each other, by their bare names."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (scripts, ROOT)))}
    done = subprocess.run(
        [sys.executable, "-c", f"import json, sys; {script}"],
        input=json.dumps(rows), capture_output=True, check=True, text=True, env=environment, cwd=scripts,
    )  # fmt: skip
    return done.stdout


def tables(rows: dict[str, list[dict[str, Any]]]) -> str:
    return run("from quality_table import markdown; sys.stdout.write(markdown(json.load(sys.stdin)))", rows)


def row(answerable: bool, probability: float, f1: float) -> dict[str, Any]:
    shared = {"answerable": answerable, "probability": probability, "once probability": 0.5, "cosine": 0.1}
    return shared | {"f1": f1, "em": 0.0, "hit": f1 > 0, "once f1": 0.5, "once em": 1.0, "cosine hit": False}


def test_answers_are_averaged_over_the_answerable_and_refusals_over_both() -> None:
    found = tables({"squad2_devhalf_eval": [row(True, 0.9, 1.0), row(True, 0.2, 0.0), row(False, 0.1, 0.0)]})
    answers = next(line for line in found.splitlines() if line.startswith("| squad2_devhalf_eval (2) |"))
    cells = [cell.split()[0] for cell in answers.strip("| ").split(" | ")[1:]]
    assert cells == ["50.0", "0.000", "50.0", "100.0", "0.500", "0.000"]
    refusal = next(line for line in found.splitlines() if line.startswith("| squad2_devhalf_eval (2 / 1) |"))
    cells = [cell.split()[0] for cell in refusal.strip("| ").split(" | ")[1:]]
    assert cells == ["1.000", "0.500", "0.500", "0.333", "0.500", "1.000"]  # mean of .1, .8 and .1
    assert "| answerable or not, AUROC | squad2_devhalf_eval | ≥ 0.78 | 1.000" in found


def test_rankings_are_averaged_and_a_document_not_found_counts_nothing() -> None:
    ways = ("dense", "BM25", "by rank", "fused")
    unfound: dict[str, int | None] = {f"rank {way}": None for way in ways}
    rows = [unfound | {"rank reranked": rank, "f1": 0, "em": 0, "hit": 0}
            for rank in (1, 4, 6, None)]  # fmt: skip
    found = tables({"nq_open_rag": rows})
    retrieval = [line.split(" | ") for line in found.splitlines() if line.startswith("| nq_open_rag (4) |")]
    assert [(line[1], line[-1].split()[0]) for line in retrieval] == [
        ("MRR@8", "0.354"), ("recall@1", "0.250"), ("recall@5", "0.500"),
    ]  # fmt: skip
    assert all(line[2].startswith("0.000") for line in retrieval)


def test_tables_are_put_between_the_marks_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n")
    run(
        "from pathlib import Path; from quality_table import write_between_marks;"
        f" write_between_marks(Path({str(page)!r}), 'new')"
    )
    assert page.read_text() == "before\n<!-- figures -->\n\nnew\n<!-- end of figures -->\nafter\n"


def test_rows_are_out_of_date_when_a_measure_or_the_reading_of_a_set_changes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "benchmarks", tmp_path / "benchmarks")
    (tmp_path / "qa" / "evaluation").mkdir(parents=True)
    found = []
    for changed in (
        None,
        tmp_path / "qa" / "evaluation" / "metrics.py",
        tmp_path / "benchmarks" / "datasets.py",
    ):
        if changed:
            with changed.open("a") as file:
                file.write("# changed\n")
        found.append(
            run("from quality import fingerprint; print(fingerprint())", scripts=tmp_path / "benchmarks")
        )
    assert len(set(found)) == 3
