"""What is counted while the page is served, in the format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.core import Metric

    from index_store.types import IndexStatus

STAGE_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""The upper bounds of the histogram's buckets, in seconds."""


class Metrics:
    """Questions, their durations, and what of the index was seen. Safe to use from several threads.

    No question, answer, name or path is kept.
    """

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._registry = CollectorRegistry()
        self._questions = Counter(
            "footnote_questions", "Questions, by how they ended.", ["status"], registry=self._registry
        )
        self._seconds = Histogram(
            "footnote_question_seconds",
            "How long each stage of an answer took.",
            ["stage"],
            buckets=STAGE_SECONDS,
            registry=self._registry,
        )
        self._rebuilds = Counter(
            "footnote_rebuilds",
            "Rebuilds begun on the page, by their end.",
            ["outcome"],
            registry=self._registry,
        )

    def asked(self, status: str, timings: Mapping[str, float] | None = None) -> None:
        """Count a question that ended as "answered", "insufficient", "failed" or "stopped"."""
        self._questions.labels(status).inc()
        for stage, seconds in (timings or {}).items():
            self._seconds.labels(stage).observe(seconds)

    def rebuilt(self, outcome: str) -> None:
        """Count a rebuild that ended as "done", "stopped" or "failed"."""
        self._rebuilds.labels(outcome).inc()

    def text(self, status: IndexStatus | None) -> bytes:
        """Everything counted, with the state of the index if it can be read."""
        from prometheus_client import CollectorRegistry, generate_latest

        now = CollectorRegistry()
        now.register(_Index(status))
        return generate_latest(self._registry) + generate_latest(now)


class _Index:
    """The index as it is now, as prometheus_client collects it."""

    def __init__(self, status: IndexStatus | None) -> None:
        self._status = status

    def collect(self) -> Iterable[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        status = self._status
        yield GaugeMetricFamily("footnote_index_up", "Whether there is an index to ask.", status is not None)
        if status is None:
            return
        version = GaugeMetricFamily("footnote_index_info", "The index's version.", labels=["version"])
        version.add_metric([status.version], 1)
        yield version
        changed = datetime.fromisoformat(status.built).timestamp() if status.built else 0
        for name, meaning, value in (
            ("index_changed_timestamp_seconds", "When the index last changed, in Unix time.", changed),
            ("documents", "Documents in the index.", status.documents),
            ("passages", "Passages in the index.", status.passages),
            ("failed_documents", "Files that could not be read.", len(status.failed)),
        ):
            yield GaugeMetricFamily(f"footnote_{name}", meaning, value)
