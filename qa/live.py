"""An answer on the terminal as it comes."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator

from qa.types import Answer, Event


def watched(events: Generator[Event, None, None]) -> Answer:
    """The answer that a stream ends with. On a terminal its words are shown until it is whole."""
    with contextlib.closing(events):
        if sys.stdout.isatty() and sys.stderr.isatty():
            return _shown(events)
        *_, last = events
    assert last.answer is not None
    return last.answer


def _shown(events: Generator[Event, None, None]) -> Answer:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    written = ""
    with Live(console=Console(stderr=True), transient=True, vertical_overflow="visible") as live:
        for event in events:
            if event.answer is not None:
                return event.answer
            written += event.text if event.kind == "token" else ""
            live.update(Text(written or f"{event.text}…", style="dim"))
    raise AssertionError("a stream ends with an answer")
