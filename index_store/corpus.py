"""The files of a corpus: which there are, which are left out and why."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from index_store.errors import CorpusError
from index_store.readers import reader_of
from index_store.settings import CorpusPath, corpus_paths

_JUNK: Final = frozenset(
    {"__pycache__", "node_modules", "$RECYCLE.BIN", "System Volume Information", "lost+found"}
    | {"Thumbs.db", "desktop.ini", "Icon\r"}
)
_ESCAPE: Final = "\ufffd"
_ESCAPED: Final = re.compile(f"(?:{_ESCAPE}[0-9A-F]{{2}})+")
_UNSHOWN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_OLD_OFFICE: Final = {".doc": ".docx", ".xls": ".xlsx", ".ppt": ".pptx"}


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file that can be read: `source` names it in the index, `location` in the file system."""

    source: str
    location: str
    size: int
    mtime_ns: int

    @property
    def path(self) -> Path:
        """Where the file is."""
        return Path(self.location)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a scan found, in the order of the sources.

    `skipped` pairs what is left out on purpose with the reason: kinds of file that are not read, links
    that lead out of the corpus or to what is read anyway. `failed` pairs what could not be looked at
    with the reason; a folder's source ends in `/`. Hidden files and the litter of programs are in
    neither.
    """

    root: Path
    files: tuple[CorpusFile, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


def scan(corpus: CorpusPath) -> Corpus:
    """All files of one folder, or of one or more files. Raises CorpusError when one is not there.

    Links are followed only where that brings in something new from within the corpus: what a link
    makes part of a folder is not always meant to be searched, or sent to a model, by its owner.
    """
    starts = corpus_paths(corpus)
    for path in starts:
        _require(path)
    root = corpus_root(corpus)
    walk = _Walk(tuple(map(str, starts)))
    for path in starts:
        if path.is_dir():
            walk.folder(str(path), "")
        else:
            walk.file(str(path), source_of(path.relative_to(root).as_posix()), path.stat())
    walk.links()
    if not walk.files and not starts[0].is_dir():  # what a folder lacks now may come
        source, reason = next(iter(walk.skipped.items()))
        raise CorpusError(
            f"{root / name_of(source)} is {reason}. Name a folder or another file: qa rebuild PATH"
        )
    return Corpus(
        root,
        tuple(walk.files[source] for source in sorted(walk.files)),
        tuple(sorted(walk.skipped.items())),
        tuple(sorted(walk.failed.items())),
    )


def corpus_root(corpus: CorpusPath) -> Path:
    """The folder that sources are relative to."""
    paths = corpus_paths(corpus)
    if len(paths) == 1 and not paths[0].is_file():
        return paths[0]
    for path in paths:
        if path.is_dir():
            raise CorpusError(f"{path} is a folder among several paths. Give one folder, or files only.")
    return Path(os.path.commonpath([path.parent for path in paths]))


def corpus_name(corpus: CorpusPath) -> str:
    """What a corpus is called in its index: the path of its folder, or those of its files."""
    return os.pathsep.join(sorted(map(str, corpus_paths(corpus))))


def source_of(name: str) -> str:
    """A path as a source: valid Unicode in which nothing is invisible.

    Each byte of what is not UTF-8, of a control character, of a mark that turns the direction of
    writing, and of U+FFFD itself is written as U+FFFD and two digits. `name_of` undoes it.
    """
    if name.isprintable() and _ESCAPE not in name:
        return name
    return "".join(_escaped(char) if _is_unshown(char) else char for char in name)


def name_of(source: str) -> str:
    """The path that a source stands for."""
    return _ESCAPED.sub(lambda run: os.fsdecode(bytes.fromhex(run[0].replace(_ESCAPE, ""))), source)


def unwanted(name: str, *, folder: bool = False) -> str | None:
    """Why a file of this name is left out of a corpus, or a folder with all in it; None if it is taken in."""
    if _is_litter(name):
        return "hidden, or the litter of a program"
    return None if folder or reader_of(name) else _unread(name)


@dataclass(slots=True)
class _Walk:
    starts: tuple[str, ...]
    files: dict[str, CorpusFile] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    _links: list[tuple[str, str]] = field(default_factory=list)
    _folders: dict[tuple[int, int], str] = field(default_factory=dict)
    _real: dict[str, str] = field(default_factory=dict)

    def folder(self, location: str, source: str) -> None:
        """Take in a folder and all below it, each folder once; links wait until all else is known."""
        pending = [(location, source)]
        while pending:
            location, source = pending.pop()
            try:
                if self._is_known(location, source):
                    continue
                with os.scandir(location) as entries:
                    for entry in entries:
                        self._entry(entry, source, pending)
            except OSError as exc:
                self.failed[source or "./"] = _reason(exc)

    def file(self, location: str, source: str, status: os.stat_result) -> None:
        """Take in a file, if it is of a kind that is read."""
        name = location.rpartition("/")[2]
        if reader_of(name) is None:
            self.skipped[source] = _unread(name)
        else:
            self.files[source] = CorpusFile(source, location, status.st_size, status.st_mtime_ns)

    def links(self) -> None:
        """Follow the links that lead to something within the corpus that no other way leads to."""
        while self._links:
            self._links.sort(reverse=True)
            source, location = self._links.pop()
            try:
                self._link(location, source)
            except OSError as exc:
                self.failed[source] = _reason(exc, link=True)

    def _entry(self, entry: os.DirEntry[str], folder: str, pending: list[tuple[str, str]]) -> None:
        name = entry.name
        if _is_litter(name):
            return
        source = folder + source_of(name)
        try:
            if entry.is_symlink():
                self._links.append((source, entry.path))
            elif entry.is_dir(follow_symlinks=False):
                pending.append((entry.path, f"{source}/"))
            elif entry.is_file(follow_symlinks=False):
                self.file(entry.path, source, entry.stat(follow_symlinks=False))
            else:
                self.skipped[source] = "not a regular file"
        except FileNotFoundError:  # removed while we look
            return
        except OSError as exc:
            self.failed[source] = _reason(exc)

    def _link(self, location: str, source: str) -> None:
        target = os.path.realpath(location, strict=True)
        status = Path(target).stat()
        if not any(target == start or target.startswith(start.rstrip("/") + "/") for start in self.starts):
            self.skipped[source] = "a link that leads out of the corpus"
        elif stat.S_ISDIR(status.st_mode):
            known = self._folders.get((status.st_dev, status.st_ino))
            if known is None:
                self.folder(location, f"{source}/")
            else:
                self.skipped[source] = f"a link to {known or './'}, which is read itself"
        elif target in self._targets():
            self.skipped[source] = f"a link to {self._targets()[target]}, which is read itself"
        else:
            self.file(location, source, status)
            self._real |= {target: source} if source in self.files else {}

    def _targets(self) -> dict[str, str]:
        """The sources of all files by where these really are; made anew when there are more of them."""
        if len(self._real) != len(self.files):
            self._real = {os.path.realpath(file.location): source for source, file in self.files.items()}
        return self._real

    def _is_known(self, location: str, source: str) -> bool:
        status = Path(location).stat()
        key = (status.st_dev, status.st_ino)
        return self._folders.setdefault(key, source) != source


def _require(path: Path) -> None:
    """Raise CorpusError unless there is a folder that can be listed, or a file."""
    what_to_do = "Name a folder or file that exists: qa rebuild PATH"
    try:
        if path.is_dir():
            os.scandir(path).close()
        else:
            path.stat()
    except FileNotFoundError as exc:
        raise CorpusError(f"There is nothing at {path}. {what_to_do}") from exc
    except OSError as exc:
        raise CorpusError(f"{path} {_reason(exc)}. {what_to_do}") from exc


def _is_unshown(char: str) -> bool:
    return char == _ESCAPE or char in _TURNING or unicodedata.category(char) in _UNSHOWN


def _escaped(char: str) -> str:
    return "".join(f"{_ESCAPE}{byte:02X}" for byte in os.fsencode(char))


def _is_litter(name: str) -> bool:
    return name[0] == "." or name in _JUNK or name.startswith("~$")


def _unread(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix in _OLD_OFFICE:
        return f"an older Office format: save it as {_OLD_OFFICE[suffix]}"
    return f"a kind of file that is not read ({source_of(suffix) or 'no suffix'})"


def _reason(error: OSError, link: bool = False) -> str:
    if error.errno == errno.ELOOP:
        return "a link that leads to itself"
    if isinstance(error, FileNotFoundError):
        return "a link to nothing" if link else "no such file or folder"
    return f"cannot be read: {(error.strerror or str(error)).lower()}"
