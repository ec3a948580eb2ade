"""The assistant behind the page: opened when first needed, and opened again after a failure."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index_store.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, IndexStoreError
from qa.errors import QAError
from qa.models import Choice, Model, find_model, usable_models
from qa.providers import load_client
from qa.web.metrics import Metrics

if TYPE_CHECKING:
    from index_store.types import IndexStatus
    from qa import Assistant

log = logging.getLogger(__name__)

UNEXPECTED = "Something went wrong that Footnote did not foresee. The details are in its log; ask again."

LOST = (IndexMissingError, IndexMismatchError, IndexDamagedError)
"""After one of these an open assistant is of no more use, but one opened afresh may be."""


class EmptyIndexError(IndexStoreError):
    """The index is there but holds no document."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the page says of the index: its status, or why there is none. One of the two is set.

    `empty` says that the trouble is no more than that there are no documents.
    """

    status: IndexStatus | None = None
    trouble: str = ""
    empty: bool = False


class Library:
    """Hands out one shared `Assistant`, and lets go of it when its index turns out to be unusable."""

    def __init__(self, open_assistant: Callable[[], Assistant]) -> None:
        self._open = open_assistant
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None
        self.metrics = Metrics()

    @cached_property
    def models(self) -> tuple[Choice, ...]:
        """The models that can answer here, found when first asked for; none that lacks something."""
        return tuple(each for each in usable_models() if not each.note)

    def assistant(self) -> Assistant:
        """The assistant, opened now if it is not open. Raises what opening raises."""
        with self._lock:
            if self._assistant is None:
                self._assistant = self._open()
            return self._assistant

    @contextlib.contextmanager
    def lent(self) -> Iterator[Assistant]:
        """The assistant to work with; if its index turns out to be lost, the next one is opened afresh."""
        assistant = self.assistant()
        try:
            yield assistant
        except LOST:
            self._drop(assistant)
            raise

    def shelf(self) -> Shelf:
        """What is indexed now; never raises."""
        try:
            with self.lent() as assistant:
                return Shelf(status=stocked(assistant))
        except Exception as error:
            return Shelf(trouble=self.explain(error), empty=isinstance(error, EmptyIndexError))

    def folder(self) -> Path | None:
        """The folder that documents can be added to, if there is one; never raises."""
        try:
            with self.lent() as assistant:
                return assistant.folder()
        except Exception as error:
            log.warning("no folder to add to: %s", self.explain(error))
            return None

    def warm(self) -> None:
        """Load the models before the first question needs them; never raises."""
        try:
            with self.lent() as assistant:
                make_ready(assistant.model)
                stocked(assistant)
                assistant.search("What is this about?", k=1)
        except Exception as error:
            log.warning("not ready for questions yet: %s", self.explain(error))

    def expect(self, name: str) -> None:
        """Have the model ready that a reader has chosen, if it is one that is offered; never raises."""
        if name in {each.name for each in self.models}:
            with contextlib.suppress(QAError):  # its answer will say what is wrong
                make_ready(find_model(name))

    def explain(self, error: Exception) -> str:
        """The sentence to show for `error`; the details of an unforeseen one go to the log."""
        if isinstance(error, (QAError, IndexStoreError)):
            return str(error)
        log.error("unexpected error", exc_info=error)
        return UNEXPECTED

    def _drop(self, assistant: Assistant) -> None:
        with self._lock:
            if self._assistant is assistant:  # else another thread was faster, and a new one may be open
                self._assistant = None
        assistant.close()


def make_ready(model: Model | None) -> None:
    """Import a model's client in the background, so that no answer waits for it; None needs none."""
    if model is not None:
        threading.Thread(target=load_client, args=(model,), name="client", daemon=True).start()


def stocked(assistant: Assistant) -> IndexStatus:
    """The status of an index with at least one document; `EmptyIndexError` for none."""
    status = assistant.status()
    if status.documents == 0:
        raise EmptyIndexError(
            f"The index holds no documents. Add some on the page. Or put some into {status.corpus} and index "
            f"them. Run: qa rebuild {status.corpus} --index {status.index}"
        )
    return status
