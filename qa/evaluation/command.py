"""The `qa eval` command."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from qa.assistant import Assistant
from qa.errors import EvaluationError
from qa.evaluation.probes import draft
from qa.evaluation.questions import read_questions
from qa.evaluation.report import comparison_lines, comparison_values, run_lines, run_values
from qa.evaluation.run import Outcome, Run, evaluate, load_run, require_writable, save_run, unknown_sources
from qa.evaluation.summary import changed_questions, compare, summarize
from qa.settings import Settings

Open = Callable[[argparse.Namespace], Assistant]

DESCRIPTION = """\
Ask every question of FILE and measure the answers. FILE holds one JSON object a line:

  {"question": "Who …?", "answer": "Anna Roth", "source": "notes/team.md"}
  {"question": "Which …?", "answerable": false}

"answer" and "source" (one or a list) and "answerable" may be left out; what a figure needs and no
question tells is named. --make N drafts N questions that the documents answer and N that they do not,
by simple rules from the documents' own sentences. They are drafts: read and mend them before you trust
a figure."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `qa eval` beside those that say which documents are asked, and who answers."""
    parser.description = DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the questions (JSONL)")
    parser.add_argument("-k", type=int, metavar="N", help="the number of passages")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--save", type=Path, metavar="RUN", help="keep the run, every answer included")
    parser.add_argument(
        "--compare",
        nargs="+",
        type=Path,
        metavar="RUN",
        help="compare with a saved run; two of them need no FILE",
    )
    parser.add_argument("--make", type=int, metavar="N", help="draft questions into FILE, or print them")


def run_eval(parsed: argparse.Namespace, open_assistant: Open) -> int:
    """Run the command; returns 0. Raises EvaluationError for what cannot be used."""
    if parsed.make is not None:
        return _make(parsed, open_assistant)
    saved = [load_run(path) for path in parsed.compare or ()]
    if parsed.file is None and len(saved) == 2:
        names = (str(parsed.compare[0]), str(parsed.compare[1]))
        return _print_comparison(parsed, names, saved[0], saved[1])
    if parsed.file is None or len(saved) > 1:
        raise EvaluationError("Name a file of questions, or two saved runs to compare. See: qa eval --help")
    if parsed.save:
        require_writable(parsed.save)
    run = _asked(parsed, open_assistant)
    if parsed.save:
        save_run(run, parsed.save)
    if saved:
        return _print_comparison(parsed, (str(parsed.compare[0]), str(parsed.file)), saved[0], run)
    summary = summarize(run)
    _print(
        json.dumps(run_values(run, summary), indent=2) if parsed.json else "\n".join(run_lines(run, summary))
    )
    return 0


def _asked(parsed: argparse.Namespace, open_assistant: Open) -> Run:
    file = read_questions(parsed.file)
    for fault in file.faults:
        _warn(f"left out: {fault}")
    with open_assistant(parsed) as assistant, _progress(len(file.questions)) as seen:
        for source in unknown_sources(assistant, file.questions):
            _warn(f"{parsed.file} names {source}, which is not in the index. See: qa status")
        run = evaluate(
            assistant,
            file.questions,
            name=str(parsed.file),
            k=Settings().k if parsed.k is None else parsed.k,
            seen=seen,
        )
    for outcome in run.outcomes:
        if outcome.error:
            _warn(f"failed: {outcome.question}: {outcome.error}")
    return run


def _make(parsed: argparse.Namespace, open_assistant: Open) -> int:
    if parsed.make < 1:
        raise EvaluationError(f"--make is {parsed.make}; draft 1 question of each kind or more.")
    with open_assistant(parsed) as assistant:
        probes = draft(assistant, parsed.make)
    lines = "".join(f"{json.dumps(probe.to_dict(), ensure_ascii=False)}\n" for probe in probes)
    for kind, answerable in (("answerable", True), ("unanswerable", False)):
        found = sum(probe.answerable is answerable for probe in probes)
        if found < parsed.make:
            _warn(f"The documents yield only {found} {kind} questions.")
    if parsed.file is None:
        sys.stdout.write(lines)
        return 0
    try:
        with parsed.file.open("x", encoding="utf-8") as file:
            file.write(lines)
    except OSError as exc:
        raise EvaluationError(f"{parsed.file} cannot be written ({exc.strerror}). Name a new file.") from exc
    return 0


def _print_comparison(parsed: argparse.Namespace, names: tuple[str, str], first: Run, second: Run) -> int:
    for question in changed_questions(first, second):
        _warn(f"left out: {question}: the two runs hold other answers or sources to be right")
    figures = compare(first, second)
    values = json.dumps(comparison_values(figures), indent=2)
    _print(values if parsed.json else "\n".join(comparison_lines(names, figures)))
    return 0


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[Outcome], object]]:
    """A progress bar on stderr, silent when that is not a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("asking", total=total)
        yield lambda _: bar.advance(task)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _warn(text: str) -> None:
    sys.stderr.write(f"qa: {text}\n")
