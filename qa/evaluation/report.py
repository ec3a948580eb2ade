"""A run and a comparison as text for the terminal, and as JSON values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from qa.evaluation.bootstrap import Estimate
from qa.evaluation.run import Run
from qa.evaluation.summary import Compared, Summary


def run_lines(run: Run, summary: Summary) -> list[str]:
    """The figures with their 95 % intervals, the probabilities by bins, and what was left out."""
    failed = sum(each.error is not None for each in run.outcomes)
    lines = [f"{len(run.outcomes)} questions, {failed} failed; answered by {run.model} from {run.k} passages"]
    lines += ["", f"{'figure':20}{'':>8}  {'95 % interval':16}{'questions':>10}"]
    for each in summary.figures:
        value, interval = _number(each.estimate.value), _interval(each.estimate)
        lines.append(f"{each.name:20}{value:>8}  {interval:16}{each.count:>10}  {each.meaning}")
    if summary.reliability:
        lines += ["", f"{'probability said':20}{'mean':>8}  {'answerable':16}{'questions':>10}"]
        for bin in summary.reliability:
            bounds = f"{bin.low:.1f} to {bin.high:.1f}"
            lines.append(f"{bounds:20}{bin.probability:8.3f}  {bin.observed:<16.3f}{bin.count:>10}")
    if summary.left_out:
        lines += ["", "left out, because too few questions have what it takes:"]
        lines += [f"  {each.name}: {each.needs}" for each in summary.left_out]
    return lines


def comparison_lines(names: tuple[str, str], figures: Sequence[Compared]) -> list[str]:
    """Each figure of both runs, and the difference with its interval; `*` where that leaves out 0."""
    lines = [f"first: {names[0]}, second: {names[1]}", ""]
    lines.append(f"{'figure':20}{'first':>8}{'second':>8}{'change':>9}  {'95 % interval':18}{'questions':>9}")
    for each in figures:
        interval = f"{each.change.low:+.3f} to {each.change.high:+.3f}"
        sure = "" if each.change.low <= 0 <= each.change.high else " *"
        lines.append(
            f"{each.name:20}{_number(each.first):>8}{_number(each.second):>8}{each.change.value:>+9.3f}  "
            f"{interval:18}{each.count:>9}{sure}"
        )
    return [*lines, "", "* the interval leaves out 0: more than chance"]


def run_values(run: Run, summary: Summary) -> dict[str, Any]:
    """The figures as JSON values, without the single outcomes (those are in a saved run)."""
    return {
        "questions": len(run.outcomes),
        "failed": sum(each.error is not None for each in run.outcomes),
        "model": run.model,
        "index_version": run.index_version,
        "k": run.k,
        "figures": {each.name: {"count": each.count, **asdict(each.estimate)} for each in summary.figures},
        "reliability": [asdict(bin) for bin in summary.reliability],
        "left_out": {each.name: each.needs for each in summary.left_out},
    }


def comparison_values(figures: Sequence[Compared]) -> dict[str, Any]:
    """The comparison as JSON values."""
    return {
        each.name: {
            "count": each.count, "first": each.first, "second": each.second, "change": asdict(each.change),
        }
        for each in figures
    }  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.3f}"


def _interval(figure: Estimate) -> str:
    return f"{figure.low:.3f} to {figure.high:.3f}"
