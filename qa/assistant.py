"""A question's way through the index to an answer."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import dataclasses
import os
import time
from collections.abc import AsyncIterator, Generator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from index_store import (
    CorpusPath,
    Document,
    FileStatus,
    Hit,
    IndexMissingError,
    IndexStatus,
    IndexStore,
    ProgressCallback,
    RebuildReport,
    Snapshot,
    corpus_paths,
    index_folder,
    original,
    rebuild,
)
from qa.answerer import Answerer, Retrieved
from qa.calibration import Calibration
from qa.checks import checked_question, chosen_sources, passage_count, require_corpus
from qa.conversation import Conversation
from qa.crossencoder import CrossEncoder
from qa.errors import ModelError
from qa.followup import stand_alone
from qa.models import Model, find_model
from qa.question import Kind, kind
from qa.reader import Reader
from qa.retriever import Found, Retriever
from qa.settings import QUESTION_LIMIT, Settings
from qa.summary import Summarizer, Summary, without_names
from qa.types import Answer, Event, Usage
from qa.writer import Writer

if TYPE_CHECKING:
    from qa.engine import AnswerEngine, PassageRetriever


class Assistant:
    """Answers questions about a corpus with exact citations. Safe to use from several threads."""

    def __init__(
        self, corpus: CorpusPath, store: IndexStore, settings: Settings, model: Model | None = None
    ) -> None:
        self._corpus = corpus
        self._store = store
        self._settings = settings
        calibration = Calibration.shipped()
        self._encoder = CrossEncoder()
        self._retriever = Retriever(store.embedder, self._encoder, calibration)
        self._summarizer = Summarizer(store.embedder)
        self._answerer = Answerer(Reader(calibration, self._encoder), self._writer(model), settings)

    @classmethod
    def open(
        cls,
        corpus: CorpusPath = "seeds/",
        *,
        index: str | os.PathLike[str] | None = None,
        llm: str = "builtin",
        settings: Settings | None = None,
        progress: ProgressCallback | None = None,
    ) -> Assistant:
        """Open the index of `corpus` (a folder, or one or more files), building it if there is none.

        `index` is the index's folder; None means `$QA_INDEX`, else a folder of its own per corpus.
        `llm` is who answers: the built-in reader, or a language model (see `qa.models`); a remote one gets
        the question and the passages found for it.
        Raises IndexStoreError when the index cannot be opened or built, ModelError for an unknown `llm`.
        """
        model = find_model(llm)
        settings = settings or Settings()
        folder = index_folder(corpus, index, settings.index.chroma_url)
        try:
            store = IndexStore.open(folder, settings.index)
        except IndexMissingError:
            rebuild(corpus, index=folder, progress=progress, settings=settings.index)
            store = IndexStore.open(folder, settings.index)
        if not settings.index.chroma_url:  # shared indexes were built wherever the files are
            require_corpus(store, corpus)
        return cls(corpus, store, settings, model)

    def using(
        self, llm: str | None = None, *, strict: bool | None = None, threshold: float | None = None
    ) -> Assistant:
        """The same index with another answerer or other settings; None leaves each as it is.

        Close only one of the two. Raises ModelError for an unknown `llm`.
        """
        given = {"strict": strict, "threshold": threshold}
        changed = {name: value for name, value in given.items() if value is not None}
        other = copy.copy(self)
        other._settings = dataclasses.replace(self._settings, **changed)  # type: ignore[arg-type]
        model = self.model if llm is None else find_model(llm)
        other._answerer = self._answerer.under(other._settings, other._writer(model))
        return other

    def _writer(self, model: Model | None) -> Writer | None:
        settings = self._settings
        if model is None:
            return None
        return Writer(model, self._store.embedder, self._encoder, settings.llm, settings.strict)

    @property
    def model(self) -> Model | None:
        """The language model that answers, None for the built-in reader."""
        writer = self._answerer.writer
        return writer.model if writer else None

    def ask(
        self,
        question: str,
        *,
        k: int | None = None,
        sources: Sequence[str] | None = None,
        history: Sequence[Answer] = (),
    ) -> Answer:
        """Answer a question from the documents, or from those alone that `sources` names.

        `sources` are paths, folders or globs; `k` is the number of passages to look at.
        Raises QuestionError for an empty or overlong question, UnknownSourceError for an unknown source.
        """
        *_, last = self.stream(question, k=k, sources=sources, history=history)
        assert last.answer is not None  # the stream's last event carries it
        return last.answer

    def stream(
        self,
        question: str,
        *,
        k: int | None = None,
        sources: Sequence[str] | None = None,
        history: Sequence[Answer] = (),
    ) -> Generator[Event, None, None]:
        """The same as `ask`, step by step: stages, then the text as it comes, then the answer."""
        question = checked_question(question)
        count = self._settings.k if k is None else passage_count(k)
        return self._events(question, history, count, chosen_sources(sources))

    async def aask(
        self,
        question: str,
        *,
        k: int | None = None,
        sources: Sequence[str] | None = None,
        history: Sequence[Answer] = (),
    ) -> Answer:
        """`ask` without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, k=k, sources=sources, history=history)

    async def astream(
        self,
        question: str,
        *,
        k: int | None = None,
        sources: Sequence[str] | None = None,
        history: Sequence[Answer] = (),
    ) -> AsyncIterator[Event]:
        """`stream` without blocking the event loop."""
        events = self.stream(question, k=k, sources=sources, history=history)
        while (event := await asyncio.to_thread(next, events, None)) is not None:
            yield event

    def search(self, query: str, *, k: int = 5, sources: Sequence[str] | None = None) -> tuple[Hit, ...]:
        """The `k` passages that fit a query best, best first."""
        query, count, chosen = checked_question(query), passage_count(k), chosen_sources(sources)
        with self._store.reading(
            lambda snapshot: self._retriever.retrieve(snapshot, query, count, chosen)
        ) as (_, hits):
            return hits

    def conversation(self) -> Conversation:
        """A conversation that remembers what was asked."""
        return Conversation(self)

    def sources(self) -> tuple[str, ...]:
        """Every document of the index, sorted."""
        return self._store.sources()

    def document(self, source: str, *, boxes: bool = False) -> Document:
        """The document at `source`, whose text all offsets count in. Raises UnknownSourceError.

        With `boxes`, also where the text of a PDF stands on its pages.
        """
        return self._store.document(source, boxes=boxes)

    def original(self, source: str) -> Path:
        """The file of a document, as it is now. Raises UnknownSourceError or OriginalMissingError."""
        return original(self._corpus, self.document(source).source)

    def folder(self) -> Path | None:
        """The folder that is the corpus; None if it is made of files, or is not on this machine."""
        paths = corpus_paths(self._corpus)
        return paths[0] if len(paths) == 1 and paths[0].is_dir() else None

    def status(self) -> IndexStatus:
        """What the index holds."""
        return self._store.status()

    def files(self) -> tuple[FileStatus, ...]:
        """Every file that the last rebuild found: indexed, failed or skipped, with the reason."""
        return self._store.files()

    def rebuild(
        self, *, full: bool = False, dry_run: bool = False, progress: ProgressCallback | None = None
    ) -> RebuildReport:
        """Bring the index up to date; questions are answered meanwhile. See `index_store.rebuild`."""
        return rebuild(
            self._corpus,
            index=self._store.folder,
            full=full,
            dry_run=dry_run,
            progress=progress,
            settings=self._settings.index,
        )

    def as_retriever(self, *, k: int | None = None, sources: Sequence[str] | None = None) -> PassageRetriever:
        """This index as a llama-index retriever."""
        from qa.engine import PassageRetriever

        return PassageRetriever(self, k or self._settings.k, sources)

    def as_query_engine(self, *, k: int | None = None, sources: Sequence[str] | None = None) -> AnswerEngine:
        """This assistant as a llama-index query engine."""
        from qa.engine import AnswerEngine

        return AnswerEngine(self, k or self._settings.k, sources)

    def close(self) -> None:
        """Let go of the index's files."""
        self._store.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _events(
        self, asked: str, history: Sequence[Answer], k: int, sources: Sequence[str] | None
    ) -> Generator[Event, None, None]:
        started = time.monotonic()
        rewritten, spent = yield from self._rewritten(asked, history)
        yield Event("stage", "searching", rewritten=rewritten)
        with self._store.reading(lambda snapshot: self._find(snapshot, rewritten or asked, k, sources)) as (
            snapshot,
            found,
        ):
            searched = time.monotonic()
            retrieved = Retrieved(asked, rewritten, found, snapshot.version, *snapshot.unread(), spent)
            if (writer := self._answerer.writer) is None or not retrieved.hits:
                answer = yield from self._answerer.quote(retrieved, snapshot.document)
            else:
                documents = {source: snapshot.document(source) for source in retrieved.sources}
        if writer is not None and retrieved.hits:  # the snapshot is not held while a model writes
            answer = yield from self._answerer.write(writer, retrieved, documents)
        done = time.monotonic()
        timings = {"search": searched - started, "read": done - searched, "total": done - started}
        yield Event("answer", answer.text, dataclasses.replace(answer, timings=timings))

    def _find(
        self, snapshot: Snapshot, question: str, k: int, sources: Sequence[str] | None
    ) -> tuple[Found, ...] | Summary:
        if kind(without_names(question, snapshot.sources())) is Kind.SUMMARY:
            return self._summarizer.summarize(snapshot, question, sources)
        return self._retriever.find(snapshot, question, k, sources)

    def _rewritten(
        self, asked: str, history: Sequence[Answer]
    ) -> Generator[Event, None, tuple[str | None, Usage | None]]:
        """A follow-up made to stand alone, by the language model if there is one and it can; the cost."""
        if (writer := self._answerer.writer) is not None and history:
            yield Event("stage", "rewriting")
            with contextlib.suppress(ModelError):  # what is wrong with it, its answer will tell
                rewritten, spent = yield from writer.rewrite(asked, history)
                usable = 0 < len(rewritten) <= QUESTION_LIMIT and rewritten != asked
                return (rewritten if usable else None), spent
        return stand_alone(asked, history), None
