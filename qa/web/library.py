"""The assistant behind the page: opened when first needed, and opened again after a failure."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index_store.errors import IndexStoreError
from qa.errors import QAError

if TYPE_CHECKING:
    from index_store.types import IndexStatus
    from qa import Assistant

log = logging.getLogger(__name__)

UNEXPECTED = "Something went wrong that Footnote did not foresee. The details are in its log; ask again."


class EmptyIndexError(IndexStoreError):
    """The index is there but holds no document."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the page says of the index: its status, or why there is none. One of the two is set."""

    status: IndexStatus | None = None
    trouble: str = ""


class Library:
    """Hands out one shared `Assistant`, and lets go of it when its index turns out to be unusable."""

    def __init__(self, open_assistant: Callable[[], Assistant]) -> None:
        self._open = open_assistant
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None

    def assistant(self) -> Assistant:
        """The assistant, opened now if it is not open. Raises what opening raises."""
        with self._lock:
            if self._assistant is None:
                self._assistant = self._open()
            return self._assistant

    def stocked(self) -> Assistant:
        """The assistant over an index with at least one document; `EmptyIndexError` for none."""
        assistant = self.assistant()
        status = assistant.status()
        if status.documents == 0:
            raise EmptyIndexError(
                f"The index holds no documents. Put some into {status.corpus}. "
                f"Run: qa rebuild {status.corpus} --index {status.index}"
            )
        return assistant

    def shelf(self) -> Shelf:
        """What is indexed now; never raises."""
        try:
            return Shelf(status=self.stocked().status())
        except Exception as error:
            return Shelf(trouble=self.explain(error))

    def warm(self) -> None:
        """Load the models before the first question needs them; never raises."""
        with contextlib.suppress(Exception):
            self.stocked().search("What is this about?", k=1)

    def explain(self, error: Exception) -> str:
        """The sentence to show for `error`. After a failed index the next question opens it afresh."""
        if isinstance(error, QAError):
            return str(error)
        if isinstance(error, IndexStoreError):
            with self._lock:
                self._assistant = None
            return str(error)
        log.error("unexpected error", exc_info=error)
        return UNEXPECTED
