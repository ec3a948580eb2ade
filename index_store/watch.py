"""Follows a corpus: a rebuild whenever its files change."""

from __future__ import annotations

import threading
from collections.abc import Callable

from index_store.settings import CorpusPath, corpus_paths
from index_store.types import RebuildReport


def watch(
    corpus: CorpusPath,
    on_report: Callable[[RebuildReport], None],
    *,
    stop: threading.Event | None = None,
    rebuild: Callable[[], RebuildReport],
) -> None:
    """Rebuild now and after every change below `corpus`, until `stop` is set or Ctrl-C is pressed.

    Changes that come close together are taken in one rebuild. Each report goes to `on_report`.
    """
    from watchfiles import watch as changes

    folders = {path if path.is_dir() else path.parent for path in corpus_paths(corpus)}
    on_report(rebuild())
    for _ in changes(*folders, stop_event=stop, raise_interrupt=False):
        on_report(rebuild())
