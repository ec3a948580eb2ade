"""The rebuild that runs behind the page: one at a time, followed and stopped from any window."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, Literal

from index_store import Progress, RebuildCancelledError, RebuildReport
from qa.web.library import Library


@dataclass(frozen=True, slots=True)
class Work:
    """How it stands with the rebuild. `report` is set when "done", `trouble` when "failed"."""

    state: Literal["idle", "running", "done", "stopped", "failed"] = "idle"
    progress: Progress | None = None
    report: RebuildReport | None = None
    trouble: str = ""


STOPPED = "Stopped. What was read is kept; the next rebuild goes on from there."


class Rebuilding:
    """Brings the index of the library up to date in a thread. Safe to use from any thread."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._work = Work()
        self._again = False
        self._stop = threading.Event()

    @property
    def work(self) -> Work:
        """How it stands now."""
        return self._work

    def start(self) -> None:
        """Begin, or, if one is running that may have missed what is new, begin again after it."""
        with self._lock:
            self._stop.clear()
            if self._work.state == "running":
                self._again = True
                return
            self._work = Work("running")
        threading.Thread(target=self._run, name="rebuild", daemon=True).start()

    def stop(self) -> None:
        """End it soon; what is done is kept."""
        with self._lock:
            self._again = False
            self._stop.set()

    def _run(self) -> None:
        while True:
            work = self._outcome()
            self._library.metrics.rebuilt(work.state)
            with self._lock:
                if not (self._again and work.state == "done"):
                    self._again = False
                    self._work = work
                    return
                self._again = False

    def _outcome(self) -> Work:
        try:
            with self._library.lent() as assistant:
                return Work("done", report=assistant.rebuild(progress=self._follow))
        except RebuildCancelledError:
            return Work("stopped")
        except Exception as error:
            return Work("failed", trouble=self._library.explain(error))

    def _follow(self, progress: Progress) -> None:
        if self._stop.is_set():
            raise RebuildCancelledError
        self._work = Work("running", progress)


def told(work: Work) -> dict[str, Any]:
    """A rebuild's state in words; `share` is how much of it is done, 0 to 1, or None while nobody knows."""
    if work.state == "running":
        return {"state": work.state, **_underway(work.progress)}
    if work.report is not None:
        failed = [f"{source}: {reason}" for source, reason in work.report.failed]
        return {"state": work.state, "text": _outcome(work.report), "failed": failed}
    return {"state": work.state, "text": STOPPED if work.state == "stopped" else work.trouble}


def _underway(progress: Progress | None) -> dict[str, Any]:
    if progress is None or progress.stage == "scanning":
        return {"text": "Looking for what has changed", "share": None}
    if progress.stage == "finishing":
        return {"text": "Finishing", "share": 1.0}
    files = f"Reading file {min(progress.files_done + 1, progress.files_total):,} of {progress.files_total:,}"
    return {
        "text": files + (f", {_seconds(progress.seconds_left)} left" if progress.seconds_left else ""),
        "share": progress.files_done / progress.files_total if progress.files_total else None,
    }


def _seconds(seconds: float) -> str:
    return f"about {seconds / 60:.0f} min" if seconds >= 90 else f"about {max(1, round(seconds))} s"


def _outcome(report: RebuildReport) -> str:
    counts = {
        "added": len(report.added),
        "updated": len(report.updated),
        "moved": len(report.moved),
        "removed": len(report.removed),
        "could not be read": len(report.failed),
    }
    said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    return f"Done: {said}." if said else "Nothing had changed."
