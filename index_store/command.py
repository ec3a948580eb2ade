"""The `rebuild` and `status` commands, for `qa` and for `python -m index_store`."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import shlex
import sys
from collections.abc import Iterator
from typing import Any

from index_store.doctor import Diagnosis, examine
from index_store.errors import RebuildCancelledError
from index_store.rebuild import rebuild
from index_store.settings import IndexSettings, index_folder
from index_store.store import IndexStore
from index_store.types import Progress, ProgressCallback, RebuildReport
from index_store.watch import watch

DEFAULT_CORPUS = "seeds/"


def default_corpus() -> str:
    """`$QA_CORPUS`, else `seeds/`."""
    return os.environ.get("QA_CORPUS") or DEFAULT_CORPUS


def add_index_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--index", metavar="DIR", help="the index's folder (default: $QA_INDEX, else one per corpus)"
    )


def add_rebuild_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "corpus",
        nargs="?",
        default=default_corpus(),
        help="a folder or file (default: $QA_CORPUS, else seeds/)",
    )
    parser.add_argument("--full", action="store_true", help="build anew beside the old index, then switch")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--watch", action="store_true", help="go on: rebuild whenever files change")
    add_index_option(parser)


def run_rebuild(arguments: argparse.Namespace) -> int:
    """Rebuild and print the report; files that could not be read are listed on stderr. Returns 0.

    Ctrl-C raises RebuildCancelledError when it stops a rebuild.
    """

    def once(full: bool) -> RebuildReport:
        try:
            with progress_bar() as progress:
                return rebuild(
                    arguments.corpus,
                    index=arguments.index,
                    full=full,
                    dry_run=arguments.dry_run,
                    progress=progress,
                )
        except KeyboardInterrupt as exc:
            raise RebuildCancelledError from exc

    if arguments.watch and not arguments.dry_run:
        full = itertools.chain([arguments.full], itertools.repeat(False))
        watch(arguments.corpus, print_report, rebuild=lambda: once(next(full)))
    else:
        print_report(once(arguments.full))
    return 0


def run_doctor(arguments: argparse.Namespace) -> int:
    """Print the faults of the index. Returns 0 if it is sound, 1 if faults are left."""
    settings = IndexSettings.from_environment()
    folder = index_folder(arguments.corpus, arguments.index, settings.chroma_url)
    diagnosis = examine(folder, settings, repair=arguments.repair)
    if arguments.json:
        _say(json.dumps(_findings(diagnosis, arguments), indent=2))
        return 1 if diagnosis.faults else 0
    for fault in diagnosis.mended:
        _say(f"mended: {fault.name} ({fault.detail})")
    for fault in diagnosis.faults:
        _say(f"{fault.name}: {fault.detail}. Run: {_here(fault.remedy, arguments)}")
    if not diagnosis.faults:
        _say("The index is sound.")
    return 1 if diagnosis.faults else 0


def _findings(diagnosis: Diagnosis, arguments: argparse.Namespace) -> dict[str, Any]:
    """What `qa doctor --json` prints."""
    return {
        "sound": not diagnosis.faults,
        "faults": [
            {"name": fault.name, "detail": fault.detail, "remedy": _here(fault.remedy, arguments)}
            for fault in diagnosis.faults
        ],
        "mended": [{"name": fault.name, "detail": fault.detail} for fault in diagnosis.mended],
    }


def run_status(arguments: argparse.Namespace) -> int:
    """Print what the index holds."""
    settings = IndexSettings.from_environment()
    folder = index_folder(arguments.corpus, arguments.index, settings.chroma_url)
    status = IndexStore.open(folder, settings).status()
    lines = {
        "index": status.index,
        "corpus": status.corpus,
        "documents": status.documents,
        "passages": status.passages,
        "embedding model": status.embedding_model,
        "version": status.version,
        "last change": status.built,
        "failed": len(status.failed),
    }
    for label, value in lines.items():
        _say(f"{label + ':':17}{value}")
    if status.unfinished is not None:
        command = _here("qa rebuild --full", arguments)
        _say(f"unfinished:      {status.unfinished} documents of a full rebuild. Run: {command}")
    for source, reason in (*status.failed, *status.notes):
        _say(f"  {source}: {reason}")
    return 0


def _here(command: str, arguments: argparse.Namespace) -> str:
    """A command for the corpus and index that these arguments name."""
    if arguments.corpus != default_corpus():
        option = "" if command.startswith("qa rebuild") else "--corpus "
        command += f" {option}{shlex.quote(arguments.corpus)}"
    return f"{command} --index {shlex.quote(arguments.index)}" if arguments.index else command


def print_report(report: RebuildReport) -> None:
    """The counts on one line, and with a dry run the files of each kind."""
    counts = {
        "added": report.added,
        "updated": report.updated,
        "moved": report.moved,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "failed": report.failed,
    }
    if report.resumed:
        _say(f"goes on from a build that was cut off, with {report.resumed} documents done")
    _say(", ".join(f"{len(sources)} {label}" for label, sources in counts.items()))
    if report.dry_run:
        for label, sources in (
            ("added", report.added),
            ("updated", report.updated),
            ("removed", report.removed),
        ):
            for source in sources:
                _say(f"  {label}: {source}")
        for old, new in zip(report.moved_from, report.moved, strict=True):
            _say(f"  moved: {old} → {new}")
    else:
        _say(f"{report.passages} passages written, {report.embedded} embedded, in {report.seconds:.1f} s")
    for source, reason in report.failed:
        sys.stderr.write(f"could not read {source}: {reason}\n")
    for source, note in report.notes:
        sys.stderr.write(f"{source}: {note}\n")
    if report.skipped:
        sys.stderr.write(f"{len(report.skipped)} files of other kinds were left out\n")


@contextlib.contextmanager
def progress_bar() -> Iterator[ProgressCallback]:
    """A progress bar on stderr, silent when that is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    files = TextColumn("files{task.fields[detail]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), files)
    with Bar(*columns, console=console, disable=not console.is_terminal) as bar:
        task: TaskID | None = None

        def show(progress: Progress) -> None:
            nonlocal task
            if task is None:  # no bar flashes up when there is nothing to do
                task = bar.add_task(progress.stage, detail="")
            bar.update(
                task,
                description=progress.stage,
                completed=progress.files_done,
                total=progress.files_total,
                detail=_detail(progress),
            )

        yield show


def _detail(progress: Progress) -> str:
    """Passages, rate and time left, as far as they are known."""
    if not progress.passages:
        return ""
    rate = f", {progress.passages} passages, {progress.passages_per_second:.0f}/s"
    if not progress.seconds_left:
        return rate
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return f"{rate}, {minutes}:{seconds:02} left"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
