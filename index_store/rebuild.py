"""Bring an index up to date with its corpus: look at the files, plan, apply."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

from index_store import resume
from index_store.backend import Backend, open_backend
from index_store.builder import Builder
from index_store.catalog import Catalog, Known
from index_store.change import Stamp
from index_store.chunker import content_id
from index_store.corpus import Corpus, CorpusFile, corpus_name, scan
from index_store.embedder import Embedder, open_embedder
from index_store.errors import (
    CorpusError,
    DocumentError,
    IndexDamagedError,
    IndexWriteError,
    RebuildCancelledError,
    damaged,
)
from index_store.generation import begin, catalog_path, current, is_index
from index_store.manifest import Manifest
from index_store.plan import Plan, make_plan, suspects
from index_store.progress import Meter
from index_store.readers import media_type, opened, unreadable
from index_store.readers.pool import ReaderPool
from index_store.settings import CorpusPath, IndexSettings, corpus_paths, index_folder, model_cache
from index_store.types import ProgressCallback, RebuildReport

_log = logging.getLogger(__name__)
_LOCK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Look:
    """What the files are against what the catalog knows, and the plan that follows."""

    files: dict[str, CorpusFile]
    known: dict[str, Known]
    seen: dict[str, str]
    failed: dict[str, str]
    fresh_failures: frozenset[str]
    gone_failures: tuple[str, ...]
    plan: Plan

    def stamp(self, source: str) -> Stamp:
        """What the file was when it was looked at; what could not be has none, and is tried each time."""
        return _stamp(self.files[source]) if source in self.files else Stamp(0, 0)


def rebuild(
    corpus: CorpusPath = "seeds/",
    *,
    index: str | os.PathLike[str] | None = None,
    full: bool = False,
    dry_run: bool = False,
    progress: ProgressCallback | None = None,
    settings: IndexSettings | None = None,
) -> RebuildReport:
    """Bring the index of `corpus` up to date and say what was done; with `dry_run`, what would be.

    Only new text is embedded. What was committed before an interruption stays, and so does every file read
    before a stop, unless it is a large one; the next call goes on from there; questions are answered from the
    old state meanwhile. `full` builds a new index beside the old one and switches when done; it is needed
    after a change of model or settings.
    `progress` is called in this thread at least every second or so, but for the time that a single
    step takes; it stops the rebuild by raising RebuildCancelledError, which comes out of here.

    Raises CorpusError, IndexMismatchError, IndexLockedError, IndexWriteError or EmbeddingModelError.
    A file that cannot be read stops nothing: it stands in `report.failed`.
    """
    meter = Meter(progress)
    settings = settings or IndexSettings.from_environment()
    backend = open_backend(index_folder(corpus, index, settings.chroma_url), settings.chroma_url)
    found = scan(corpus)
    _require_apart(backend.folder, corpus)
    embedder = open_embedder(settings.embedding_model, model_cache())
    manifest = Manifest(corpus_name(corpus), embedder.name, embedder.dimension, settings.passage_tokens)
    try:
        if dry_run:
            backend.refresh()
            return _preview(backend.folder, found, manifest, full, meter)
        with backend.writer_lock(_LOCK_SECONDS):
            backend.refresh()
            return _Rebuild(backend, found, manifest, embedder, meter).run(full)
    except (OSError, sqlite3.OperationalError) as exc:
        raise IndexWriteError(
            f"The index at {backend.folder} could not be written: {exc}. What was done before is kept "
            "and still answers. Make room, or choose another folder with --index DIR; then run: qa rebuild"
        ) from exc
    except sqlite3.DatabaseError as exc:
        raise damaged(backend.folder, exc) from exc


class _Rebuild:
    """One rebuild under the writer's lock."""

    def __init__(
        self,
        backend: Backend,
        corpus: Corpus,
        manifest: Manifest,
        embedder: Embedder,
        meter: Meter,
    ) -> None:
        self._backend = backend
        self._corpus = corpus
        self._manifest = manifest
        self._embedder = embedder
        self._meter = meter

    def run(self, full: bool) -> RebuildReport:
        folder = self._backend.folder
        serving = _serving(folder, self._manifest, full)
        target = serving if serving and not full else resume.target(folder, self._manifest)
        if target != serving:
            begin(target)
        kept = [] if full else resume.builds(folder)  # "qa rebuild --full" goes on with them
        self._backend.discard_others(target, *kept, *([serving] if serving else []))
        donor = self._donor(serving) if serving and target != serving else None
        builder = Builder(self._backend, target, self._manifest, self._embedder, donor, self._meter)
        try:
            self._backend.replay(target, builder.catalog)
            look = _look(self._corpus, builder.catalog, self._meter)
            try:
                self._apply(look, builder)
            except RebuildCancelledError:
                builder.keep()
                raise
            notes = builder.catalog.notes()
        finally:
            builder.close()
            if donor:
                donor.close()
        if target != serving:
            self._backend.switch(target)
        return dataclasses.replace(
            _report(self._corpus, look, self._meter),
            passages=self._meter.passages,
            embedded=builder.embedded,
            resumed=len(look.known) if target != serving else 0,
            notes=notes,
        )

    def _donor(self, serving: Path) -> Builder | None:
        try:
            with closing(Catalog(catalog_path(serving))) as catalog:
                manifest = catalog.manifest()
            if manifest.embedding_model == self._manifest.embedding_model:
                return Builder(self._backend, serving, manifest, self._embedder)
        except (IndexDamagedError, sqlite3.DatabaseError, ValueError, TypeError):
            _log.warning("the old index is damaged; everything is embedded again")
        return None

    def _apply(self, look: _Look, builder: Builder) -> None:
        plan = look.plan
        moved = [(old, new, look.seen[new], look.stamp(new)) for old, new in plan.moved]
        builder.settle_in(self._manifest.corpus)
        builder.skip(self._corpus.skipped)
        builder.relocate(moved, (*plan.removed, *look.gone_failures))
        builder.restamp([(source, look.stamp(source)) for source in plan.unchanged if source in look.seen])
        for source in sorted(look.fresh_failures):
            builder.fail(source, look.failed[source], look.stamp(source))
        work = sorted({*plan.added, *plan.updated})
        if work:
            self._meter.begin("indexing", [look.stamp(source).size for source in work])
        with ReaderPool(while_waiting=self._meter.tell) as pool:
            for source, outcome in pool.read(self._unread(look, work, builder)):
                self._meter.file(look.stamp(source).size)
                if isinstance(outcome, DocumentError):
                    look.failed[source] = str(outcome)
                    builder.fail(source, str(outcome), look.stamp(source))
                else:
                    builder.add(outcome, look.stamp(source))
        self._meter.finish()
        builder.finish()

    def _unread(self, look: _Look, work: Sequence[str], builder: Builder) -> Iterator[tuple[Path, str]]:
        """The files that must be read; for the others, what is known of their content serves."""
        for source in work:
            if builder.catalog.has_content(look.seen[source]):
                self._meter.file(look.stamp(source).size)
                builder.point(source, look.seen[source], look.stamp(source))
            else:
                yield look.files[source].path, source


def _serving(folder: Path, manifest: Manifest, full: bool) -> Path | None:
    """The generation that serves, checked to be of the same kind unless a new one is wanted."""
    serving = current(folder)
    if serving is not None and not full:
        with closing(Catalog(catalog_path(serving))) as catalog:
            catalog.manifest().require(manifest, str(folder))
    return serving


def _preview(folder: Path, corpus: Corpus, manifest: Manifest, full: bool, meter: Meter) -> RebuildReport:
    """What a rebuild would do."""
    serving = _serving(folder, manifest, full)
    target = serving if serving and not full else resume.target(folder, manifest)
    catalog = Catalog.begun(catalog_path(target))
    with closing(catalog) if catalog else nullcontext():
        look = _look(corpus, catalog, meter)
    resumed = len(look.known) if target != serving else 0
    return dataclasses.replace(_report(corpus, look, meter), dry_run=True, resumed=resumed)


def _look(corpus: Corpus, catalog: Catalog | None, meter: Meter) -> _Look:
    """Compare the files with the catalog; content decides, size and time only save the looking."""
    files = {file.source: file for file in corpus.files}
    known = catalog.known() if catalog else {}
    failures = catalog.failures() if catalog else {}
    stamps = {source: _stamp(file) for source, file in files.items()}
    seen: dict[str, str] = {}
    failed = {source: reason for source, (reason, _) in failures.items() if source in files}
    gone = tuple(source for source in failures if source not in files and source not in dict(corpus.failed))
    fresh = {source for source, reason in corpus.failed if failures.get(source, ("",))[0] != reason}
    failed |= corpus.failed
    doubtful = suspects(stamps, known, {source: stamp for source, (_, stamp) in failures.items()})
    if doubtful:
        meter.begin("scanning", [files[source].size for source in doubtful])
    for source in doubtful:
        meter.file(files[source].size)
        try:
            seen[source] = _identity(files[source].path)
            failed.pop(source, None)
        except DocumentError as exc:
            del files[source]  # its stamp is not noted: permission may come without a change
            failed[source] = str(exc)
            if failures.get(source) != (str(exc), Stamp(0, 0)):
                fresh.add(source)
    readable = files.keys() - failed.keys()
    plan = make_plan(readable | _out_of_sight(corpus, known), known, seen)
    return _Look(files, known, seen, failed, frozenset(fresh), gone, plan)


def _out_of_sight(corpus: Corpus, known: Mapping[str, Known]) -> set[str]:
    """What is known of folders that cannot be looked into now: it may still be there, and stays."""
    folders = tuple(source.removeprefix("./") for source, _ in corpus.failed if source.endswith("/"))
    return {source for source in known if source.startswith(folders)}


def _identity(path: Path) -> str:
    with opened(path) as file:
        try:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as exc:
            raise unreadable(exc) from exc
    return content_id(sha256, media_type(path) or "")


def _stamp(file: CorpusFile) -> Stamp:
    return Stamp(file.size, file.mtime_ns)


def _require_apart(folder: Path, corpus: CorpusPath) -> None:
    """What is deleted from an index must never be somebody's file."""
    if not is_index(folder):
        raise CorpusError(f"{folder} holds something that is no index. Choose another folder: --index DIR")
    for path in corpus_paths(corpus):
        inside = path in folder.parents and not any(
            part.startswith(".")
            for part in folder.relative_to(path).parts  # which no scan looks into
        )
        if inside or folder == path or folder in path.parents:
            raise CorpusError(
                f"The index {folder} and the corpus {path} lie one inside the other. "
                "Choose another folder: --index DIR"
            )


def _report(corpus: Corpus, look: _Look, meter: Meter) -> RebuildReport:
    failed = look.failed
    plan = look.plan
    return RebuildReport(
        added=tuple(source for source in plan.added if source not in failed),
        updated=tuple(source for source in plan.updated if source not in failed),
        moved=tuple(new for _, new in plan.moved),
        moved_from=tuple(old for old, _ in plan.moved),
        removed=tuple(source for source in plan.removed if source not in failed),
        unchanged=plan.unchanged,
        failed=tuple(sorted(failed.items())),
        skipped=corpus.skipped,
        seconds=meter.seconds,
    )
