"""Files that readers add to the corpus: under safe names, whole or not at all, and never over others."""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import anyio

from index_store.corpus import source_of, unwanted
from qa.errors import QAError

LONGEST_NAME = 240
"""Bytes of one part of a path; most file systems take 255, and " (2)" must fit."""

Clash = Literal["ask", "keep", "replace"]
"""What to do when another file has the name: ask the reader, keep both, or let the new one take its place."""


class IntakeError(QAError):
    """A file is not taken; the message is the reason."""


class NameTakenError(IntakeError):
    """Another file of this name, with other contents, is there already."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken: its source, and whether it was there already, byte for byte."""

    source: str
    already: bool = False


class Intake:
    """Takes files of up to `limit` bytes into a corpus. `put_away` is given what is to be replaced."""

    def __init__(self, folder: Path, put_away: Callable[[str], object], limit: int) -> None:
        self._folder = folder
        self._put_away = put_away
        self._limit = limit

    async def take(self, name: str, data: AsyncIterator[bytes], clash: Clash = "ask") -> Taken:
        """Write `data` to the path `name` below the folder, which appears only when it is complete.

        Raises IntakeError for a name that is not read or not safe, for more bytes than allowed and for
        a folder that cannot be written; NameTakenError, if that was to be asked, for a name that is taken.
        """
        parts = safe_parts(name)
        try:
            place = self._made(parts[:-1])
            draft = place / f".footnote-{secrets.token_hex(8)}"
            try:
                digest = await self._write(draft, data)
                settle = partial(self._settle, draft, digest, place / parts[-1], clash)
                return await anyio.to_thread.run_sync(settle)  # it may read a file of the same name
            finally:
                draft.unlink(missing_ok=True)
        except OSError as exc:
            raise IntakeError(f"It cannot be written: {exc.strerror or exc}.") from exc

    def _made(self, parts: tuple[str, ...]) -> Path:
        """The folder of these parts, made if need be, and never outside: links are followed to be sure."""
        place = self._folder
        for part in parts:
            place = place / part
            if not place.resolve().is_relative_to(self._folder.resolve()):
                raise IntakeError("Its folder is a link that leads out of the documents.")
            place.mkdir(exist_ok=True)
        return place

    async def _write(self, draft: Path, data: AsyncIterator[bytes]) -> str:
        digest, size = hashlib.sha256(), 0
        with draft.open("xb") as file:
            async for chunk in data:
                size += len(chunk)
                if size > self._limit:
                    raise IntakeError(f"It is larger than {self._limit >> 20} MB.")
                digest.update(chunk)
                file.write(chunk)
        return digest.hexdigest()

    def _settle(self, draft: Path, digest: str, wanted: Path, clash: Clash) -> Taken:
        place = wanted
        for attempt in range(2, 1000):
            if _claimed(place):
                draft.replace(place)
                return Taken(self._source(place))
            if _has(place, digest):
                return Taken(self._source(place), already=True)
            if clash == "ask":
                raise NameTakenError("Another file of this name is there already.")
            if clash == "replace":
                self._put_away(self._source(place))
            else:
                place = wanted.with_stem(f"{wanted.stem} ({attempt})")
        raise IntakeError("There are too many files of this name.")

    def _source(self, place: Path) -> str:
        return place.relative_to(self._folder).as_posix()


def safe_parts(name: str) -> tuple[str, ...]:
    """The path `name` in its parts, each of them a plain name. Raises IntakeError for any other path."""
    parts = tuple(unicodedata.normalize("NFC", part) for part in name.split("/"))
    for part in parts:
        if part in ("", ".", "..") or "\\" in part or source_of(part) != part:
            raise IntakeError("Its name has characters that no file of the corpus may have.")
        if len(part.encode()) > LONGEST_NAME:
            raise IntakeError("Its name is too long.")
        if reason := unwanted(part, folder=part is not parts[-1]):
            raise IntakeError(f"Left out: {reason}.")
    return parts


def _claimed(place: Path) -> bool:
    """Whether the name was free; it is taken now, so that nobody else can be overwritten."""
    try:
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except FileExistsError:
        return False
    return True


def _has(place: Path, digest: str) -> bool:
    if not place.is_file():
        return False
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest
