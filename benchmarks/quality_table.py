"""The rows of benchmark questions as Markdown tables, each figure with its 95 % interval."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from asking import DEPTH, Row

from qa import Settings
from qa.evaluation.bootstrap import Estimate, Statistic, estimate
from qa.evaluation.metrics import Flags, Floats, auroc, calibration_error

_MRR = f"MRR@{DEPTH}"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
_RANKINGS = ("dense", "BM25", "by rank", "fused", "reranked")
Rows = Mapping[str, Sequence[Row]]

# (figure, set, the least it should be, and of the timing the most)
_FLOORS: tuple[tuple[str, str, float], ...] = (
    ("F1 in the gold paragraph", "xquad_en", 80),
    ("EM in the gold paragraph", "xquad_en", 68),
    ("answerable or not, AUROC", "squad2_devhalf_eval", 0.78),
    ("F1 in the gold paragraph", "tydiqa_goldp_en_heldout", 70),
    (_MRR, "nq_open_rag", 0.88),
    ("recall@5", "nq_open_rag", 0.95),
    ("first sentence holds an answer", "nq_open_rag", 0.68),
    ("first sentence holds an answer", "squad_open", 0.78),
    ("answerable or not, AUROC", "nq_open_rag_removed", 0.85),
    ("one question ÷ embedding 16 passages", "timing", 1),
)


def markdown(rows: Rows) -> str:
    """All tables that the rows allow, and what they were measured on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    machine = f"Measured on {os.cpu_count()} cores, at a load of {load:.1f} when done.\n"
    tables = [_reach(rows), _retrieval(rows), _answers(rows), _refusal(rows), _speed(rows), machine]
    return "\n".join(table for table in tables if table)


def write_between_marks(page: Path, tables: str) -> None:
    """Put the tables between the page's two marks; exits with a message when it has none."""
    text = page.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{page} has no line {BEGIN.strip()} with {END.strip()} after it. Add both.")
    page.write_text(f"{head}{begin}\n{tables}\n{end}{tail}", encoding="utf-8")


def _reach(rows: Rows) -> str:
    measures: dict[str, Callable[[Sequence[Row]], Estimate]] = {
        "F1 in the gold paragraph": lambda each: _mean([100 * row["f1"] for row in each]),
        "EM in the gold paragraph": lambda each: _mean([100 * row["em"] for row in each]),
        "answerable or not, AUROC": lambda each: _auroc(each, "probability"),
        _MRR: lambda each: _mean(_reciprocal(each, "reranked")),
        "recall@5": lambda each: _mean(_within(each, "reranked", 5)),
        "first sentence holds an answer": lambda each: _mean([float(row["hit"]) for row in each]),
        "one question ÷ embedding 16 passages": _ratio,
    }
    lines = []
    for figure, name, floor in _FLOORS:
        if name in rows:
            aim = f"{'≤' if name == 'timing' else '≥'} {floor:g}"
            lines.append(f"| {figure} | {name} | {aim} | {_show(measures[figure](rows[name]))} |")
    return _table("What is aimed for", "| figure | set | aim | measured |", lines)


def _retrieval(rows: Rows) -> str:
    def lines() -> Iterator[str]:
        for name, each in rows.items():
            if "rank dense" not in each[0]:
                continue
            for label, of in (
                (_MRR, _reciprocal),
                ("recall@1", lambda rows, way: _within(rows, way, 1)),
                ("recall@5", lambda rows, way: _within(rows, way, 5)),
            ):
                cells = " | ".join(_show(_mean(of(each, way))) for way in _RANKINGS)
                yield f"| {name} ({len(each)}) | {label} | {cells} |"

    return _table("Retrieval", f"| set (questions) | figure | {' | '.join(_RANKINGS)} |", lines())


def _answers(rows: Rows) -> str:
    def lines() -> Iterator[str]:
        for name, each in rows.items():
            asked = [row for row in each if row.get("answerable") and "cosine hit" in row]
            if asked:
                cells = (
                    _mean([100 * row["f1"] for row in asked]),
                    _mean([100 * row["em"] for row in asked]),
                    _mean(100 * _column(asked, "once f1")),
                    _mean(100 * _column(asked, "once em")),
                    _mean([float(row["hit"]) for row in asked]),
                    _mean([float(row["cosine hit"]) for row in asked]),
                )
                yield f"| {name} ({len(asked)}) | {' | '.join(map(_show, cells))} |"

    heading = (
        "| set (questions) | F1 | EM | F1, read once | EM, read once "
        "| first sentence holds an answer | the same without the reader |"
    )
    return _table("Answers", heading, lines())


def _refusal(rows: Rows) -> str:
    threshold = Settings().threshold

    def lines() -> Iterator[str]:
        for name, each in rows.items():
            kinds = {row.get("answerable") for row in each}
            if kinds == {True, False} and all(row["probability"] is not None for row in each):
                can = _column(each, "answerable") > 0
                probability = _column(each, "probability")
                answered = (probability >= threshold).astype(float)
                cells = (
                    _auroc(each, "probability"),
                    _auroc(each, "once probability"),
                    _auroc(each, "cosine"),
                    _calibration(probability, can),
                    _mean(answered[can]),
                    _mean(1 - answered[~can]),
                )
                yield f"| {name} ({int(can.sum())} / {int((~can).sum())}) | {' | '.join(map(_show, cells))} |"

    heading = (
        "| set (answerable / not) | AUROC | read once | by cosine alone | calibration error "
        f"| answered, of answerable | refused, of the others, below {threshold:g} |"
    )
    return _table("Refusal", heading, lines())


def _speed(rows: Rows) -> str:
    each = rows.get("timing")
    if not each:
        return ""
    ask, embed = (1000 * float(np.median(_column(each, name))) for name in ("ask", "embed"))
    line = f"| {ask:.0f} ms | {embed:.0f} ms | {_show(_ratio(each))} |"
    return _table("Speed", "| one question | embedding 16 passages | ratio |", [line])


def _table(title: str, heading: str, lines: Sequence[str] | Iterator[str]) -> str:
    body = list(lines)
    rule = "|" + " --- |" * (heading.count("|") - 1)
    return "\n".join([f"### {title}", "", heading, rule, *body, ""]) if body else ""


def _show(figure: Estimate) -> str:
    if np.isnan(figure.value):
        return "–"
    digits = 1 if figure.value >= 10 else 3
    return f"{figure.value:.{digits}f} ({figure.low:.{digits}f}–{figure.high:.{digits}f})"


def _column(rows: Sequence[Row], name: str) -> Floats:
    return np.array([np.nan if row.get(name) is None else row[name] for row in rows], dtype=float)


def _mean(values: Sequence[float] | Floats) -> Estimate:
    known = np.asarray(values, dtype=float)
    statistic: Statistic = lambda at: float(known[at].mean())  # noqa: E731
    return estimate(statistic, len(known))


def _reciprocal(rows: Sequence[Row], way: str) -> Sequence[float]:
    ranks = [row[f"rank {way}"] for row in rows]
    return [1 / rank if rank else 0.0 for rank in ranks]


def _within(rows: Sequence[Row], way: str, most: int) -> Sequence[float]:
    ranks = [row[f"rank {way}"] for row in rows]
    return [float(rank is not None and rank <= most) for rank in ranks]


def _auroc(rows: Sequence[Row], name: str) -> Estimate:
    scores, can = _column(rows, name), _column(rows, "answerable") > 0
    if np.isnan(scores).any():
        return Estimate(float("nan"), float("nan"), float("nan"))
    return estimate(lambda at: auroc(scores[at], can[at]), len(rows))


def _calibration(probability: Floats, can: Flags) -> Estimate:
    return estimate(lambda at: calibration_error(probability[at], can[at]), len(can))


def _ratio(rows: Sequence[Row]) -> Estimate:
    ask, embed = _column(rows, "ask"), _column(rows, "embed")
    return estimate(lambda at: float(np.median(ask[at]) / np.median(embed[at])), len(rows))
