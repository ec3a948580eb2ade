"""Where an index lives: in a folder of this machine, or on a Chroma server that many machines share."""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Protocol

from index_store import generation as folders
from index_store.catalog import Catalog
from index_store.change import Change
from index_store.chroma import ChromaRecords, ChromaServer, ChromaStore, PassageStore, Record, chroma_server
from index_store.errors import IndexLockedError, StoreUnavailableError
from index_store.manifest import Manifest

_PART = 8_000  # bytes of a change in one record: Chroma Cloud takes documents of up to 16 KiB
_LEASE_SECONDS = 60.0
_POINTER, _LEASE = "CURRENT", "WRITER"


class Backend(Protocol):
    """Where vectors and the history of the catalog are kept; the catalog itself is always local."""

    @property
    def folder(self) -> Path:
        """The local folder, with the generations' catalogs."""

    def refresh(self) -> None:
        """Bring the catalog that serves up to date with what other machines wrote."""

    def replay(self, generation: Path, catalog: Catalog) -> None:
        """Bring `catalog` up to the last change that was noted for its generation."""

    def vectors(self, generation: Path) -> PassageStore:
        """The vectors of a generation, seeing all that was written until now."""

    def record(self, generation: Path, number: int, change: Change) -> None:
        """Note a change for other machines, before it is applied here."""

    def switch(self, generation: Path) -> None:
        """Make `generation` the one that serves."""

    def discard_others(self, *keep: Path) -> None:
        """Delete all generations but these."""

    def writer_lock(self, timeout: float) -> AbstractContextManager[None]:
        """Hold the right to write. Raises IndexLockedError, naming the holder, after `timeout` seconds."""


class LocalBackend:
    """Everything in one folder, Chroma embedded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def refresh(self) -> None:
        """Nothing to do: the folder is all there is."""

    def replay(self, generation: Path, catalog: Catalog) -> None:
        """Nothing to do: what is noted is in the catalog."""

    def vectors(self, generation: Path) -> PassageStore:
        return ChromaStore.embedded(folders.chroma_path(generation))

    def record(self, generation: Path, number: int, change: Change) -> None:
        """Nothing to do: nobody replays it."""

    def switch(self, generation: Path) -> None:
        folders.switch(self.folder, generation)

    def discard_others(self, *keep: Path) -> None:
        folders.discard_others(self.folder, *keep)

    def writer_lock(self, timeout: float) -> AbstractContextManager[None]:
        return folders.writer_lock(self.folder, timeout)


class ServerBackend:
    """Vectors on a Chroma server, and beside them a log of every change to the catalog.

    Each machine replays the log into a catalog of its own, so that it answers and opens documents
    without the files. The log is the truth: a change is in it before any catalog has it. `name` is
    what the index is called on the server.
    """

    def __init__(self, folder: Path, server: ChromaServer, name: str) -> None:
        self.folder = folder
        self._server = server
        self._name = name
        self._token = uuid.uuid4().hex

    def refresh(self) -> None:
        pointer = self._state().get(_POINTER)
        if pointer is None:
            return
        generation = self.folder / str(pointer.metadata["generation"])
        generation.mkdir(parents=True, exist_ok=True)
        catalog = Catalog.create(folders.catalog_path(generation), Manifest.from_json(pointer.text))
        with closing(catalog):
            self.replay(generation, catalog)
        if folders.current(self.folder) != generation:
            folders.switch(self.folder, generation)

    def replay(self, generation: Path, catalog: Catalog) -> None:
        parts: dict[int, dict[int, Record]] = {}
        for record in self._log(generation).newer_than(catalog.version()):
            parts.setdefault(int(record.metadata["number"]), {})[int(record.metadata["part"])] = record
        for number in sorted(parts):
            found = parts[number]
            wanted = int(found[0].metadata["parts"]) if 0 in found else -1
            if not all(part in found for part in range(wanted)) or wanted < 0:
                return  # still being written, or left by a writer that died: the next one writes it anew
            packed = "".join(found[part].text for part in range(wanted))
            catalog.apply(Change.from_json(zlib.decompress(base64.b64decode(packed)).decode()), number)

    def vectors(self, generation: Path) -> PassageStore:
        return self._server.passages(self._collection(generation, "passages"))

    def record(self, generation: Path, number: int, change: Change) -> None:
        self._require_lease()
        packed = base64.b64encode(zlib.compress(change.to_json().encode())).decode()
        pieces = [packed[at : at + _PART] for at in range(0, len(packed), _PART)]
        self._log(generation).upsert(
            [
                Record(
                    f"{number:012d}-{part:06d}",
                    piece,
                    {"number": number, "part": part, "parts": len(pieces)},
                )
                for part, piece in enumerate(pieces)
            ]
        )

    def switch(self, generation: Path) -> None:
        self._require_lease()
        with closing(Catalog(folders.catalog_path(generation))) as catalog:
            manifest = catalog.manifest().to_json()
        self._state().upsert([Record(_POINTER, manifest, {"generation": generation.name})])
        folders.switch(self.folder, generation)

    def discard_others(self, *keep: Path) -> None:
        kept = {self._collection(generation, kind) for generation in keep for kind in ("passages", "log")}
        self._server.delete_collections(f"{self._name}.", kept | {f"{self._name}.state"})
        folders.discard_others(self.folder, *keep)

    @contextlib.contextmanager
    def writer_lock(self, timeout: float) -> Iterator[None]:
        with folders.writer_lock(self.folder, timeout):
            self._acquire(time.time() + timeout)
            ended = threading.Event()
            keeper = threading.Thread(target=self._keep, args=(ended,), name="lease", daemon=True)
            keeper.start()
            try:
                yield
            finally:
                ended.set()
                keeper.join()
                with contextlib.suppress(StoreUnavailableError):  # then it ends by itself
                    if self._is_ours():
                        self._state().delete([_LEASE])

    def _acquire(self, deadline: float) -> None:
        """Take the lease: a record that names its holder and ends by itself. Chroma has no locks.

        A lease of this machine's own folder was left by a process that died: the folder's lock is ours.
        """
        while True:
            lease = self._state().get(_LEASE)
            if lease is None or lease.text == self._holder or float(lease.metadata["until"]) < time.time():
                self._renew()
                time.sleep(0.2)  # long enough for another writer's record, if it came at the same time
                if self._is_ours():
                    return
            if time.time() > deadline:
                raise IndexLockedError(
                    f"{lease.text if lease else 'Another machine'} is rebuilding the index {self._name!r} on "
                    f"{self._server.url}. Wait until it ends, or stop it; then run: qa rebuild"
                )
            time.sleep(0.2)

    def _keep(self, ended: threading.Event) -> None:
        """Renew the lease while the rebuild lasts, however long a file takes, unless another took it."""
        while not ended.wait(_LEASE_SECONDS / 4):
            with contextlib.suppress(StoreUnavailableError):  # the next time, or the next write, will tell
                if self._is_ours():
                    self._renew()

    def _renew(self) -> None:
        until = time.time() + _LEASE_SECONDS
        self._state().upsert([Record(_LEASE, self._holder, {"token": self._token, "until": until})])

    def _is_ours(self) -> bool:
        lease = self._state().get(_LEASE)
        return lease is not None and lease.metadata["token"] == self._token

    def _require_lease(self) -> None:
        """A writer that slept past its lease, with its machine, must not write what another has written."""
        if not self._is_ours():
            raise IndexLockedError(
                f"Another machine took over the index {self._name!r} on {self._server.url} while this one "
                "did not answer. What is done is kept. When the other has ended, run: qa rebuild"
            )

    @property
    def _holder(self) -> str:
        return f"{socket.gethostname()} ({self.folder})"

    def _state(self) -> ChromaRecords:
        return self._server.records(f"{self._name}.state")

    def _log(self, generation: Path) -> ChromaRecords:
        return self._server.records(self._collection(generation, "log"))

    def _collection(self, generation: Path, kind: str) -> str:
        return f"{self._name}.{generation.name}.{kind}"


def open_backend(folder: Path, chroma_url: str | None) -> Backend:
    """The backend of the index in `folder`; with a URL, of the index of that name on the server."""
    if not chroma_url:
        return LocalBackend(folder)
    return ServerBackend(folder, chroma_server(chroma_url), folder.name.strip(".-_") or "footnote")
