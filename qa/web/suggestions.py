"""Questions to start from: made of what the documents say, kept only if the reader answers them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from markupsafe import Markup

from qa.evaluation.metrics import holds
from qa.models import BUILTIN
from qa.web.library import Library
from qa.web.wording import Asked, asked_of

if TYPE_CHECKING:
    from qa import Assistant

log = logging.getLogger(__name__)

SHOWN = 4
TRIED = 16
"""How many questions are tried before fewer than `SHOWN` have to do."""

DOCUMENTS = 24
BEGINNING = 20_000
"""How many documents are looked at, and how many characters of each."""

SURE = 0.6
"""The probability of its answer from which on a question is suggested."""


_LIST = Markup('<p class="fn-starters-title">{}</p><ul class="fn-starters">{}</ul>')
_QUESTION = Markup('<li><button type="button" class="fn-ask" data-question="{0}">{0}</button></li>')
_COMING = Markup('<li><i class="fn-coming" aria-hidden="true"></i></li>')


def offer(title: str, questions: Sequence[str]) -> Markup:
    """Questions that are asked with a click, as a list below a title."""
    return _LIST.format(title, Markup("").join(map(_QUESTION.format, questions)))


def coming(title: str, count: int) -> Markup:
    """The places of that many questions that are still looked for."""
    return _LIST.format(title, _COMING * count)


class Suggestions:
    """Questions that the documents answer, looked for in the background, once a version of the index."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._looking = False
        self._version = ""
        self._found: tuple[str, ...] = ()

    def now(self, version: str) -> tuple[str, ...] | None:
        """The questions for this version of the index; None while they are being looked for."""
        with self._lock:
            if self._version == version:
                return self._found
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._look, args=(version,), name="suggestions", daemon=True).start()
        return None

    def prepare(self) -> None:
        """Begin to look for them, so that they are there when the page is opened."""
        if (status := self._library.shelf().status) is not None:
            self.now(status.version)

    def _look(self, version: str) -> None:
        found: tuple[str, ...] = ()
        try:
            with self._library.lent() as assistant:
                found = suggest(assistant)
        except Exception as error:
            log.warning("no questions to suggest: %s", self._library.explain(error))
        with self._lock:
            self._looking, self._version, self._found = False, version, found


def suggest(assistant: Assistant, count: int = SHOWN) -> tuple[str, ...]:
    """Up to `count` questions that the built-in reader answers, from different documents where it can be.

    The last one asks what the documents are about. The same documents give the same questions.
    """
    sources = assistant.sources()
    reader = assistant.using(BUILTIN)
    answered = (
        each.question for each in islice(_candidates(assistant, sources), TRIED) if _is_sure(reader, each)
    )
    about = "What is this document about?" if len(sources) == 1 else "What are these documents about?"
    return (*islice(answered, count - 1), about)


def _candidates(assistant: Assistant, sources: tuple[str, ...]) -> Iterator[Asked]:
    """One question of each document, then the next of each."""
    some = sources[:: max(1, len(sources) // DOCUMENTS)][:DOCUMENTS]
    each = (asked_of(assistant.document(source).text[:BEGINNING]) for source in some)
    seen: set[str] = set()
    for turn in zip_longest(*each):
        for asked in turn:
            if asked is not None and asked.question not in seen:
                seen.add(asked.question)
                yield asked


def _is_sure(reader: Assistant, asked: Asked) -> bool:
    answer = reader.ask(asked.question)
    sure = answer.probability is None or answer.probability >= SURE
    return answer.status == "answered" and sure and holds(answer.text, (asked.answer,))
