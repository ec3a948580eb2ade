"""The people who may sign in: a file of names and password hashes, one `name:hash` a line.

It is a file as `htpasswd -B` writes it; the hashes are bcrypt's (Provos and Mazières 1999).
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from qa.errors import QAError

log = logging.getLogger(__name__)

SHORTEST, LONGEST = 8, 72
"""The length of a password: characters at least, bytes at most, for bcrypt reads no more."""

ROUNDS = 12
_NAME = re.compile(r"[^\s:\x00-\x1f\x7f]{1,64}")
_HASH = re.compile(rb"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")
NOBODY = b"$2b$12$9PPyGa6VRS6VWO8/0SpMMuGSgcUK3qjIRmWWJNw0h4pGVAeWDgJZe"
"""The hash of a password that nobody knows: an unknown name takes as long to refuse as a known one."""

Stamp = tuple[int, int, int]


class UserError(QAError):
    """The auth file, or a name or password for it, is not as it has to be."""


class AuthFile:
    """Names and password hashes, read again whenever the file has changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[Stamp | None, dict[str, bytes]] | None = None

    def names(self) -> tuple[str, ...]:
        """Who may sign in, in alphabetical order. `UserError` if the file cannot be read."""
        return tuple(sorted(_entries(self.path)))

    def hash_of(self, name: str) -> bytes | None:
        """The password hash of `name` now; None for a stranger, and for all when the file is unreadable."""
        stamp = _stamp(self.path)
        read = self._read
        if read is None or stamp != read[0]:
            read = self._read = (stamp, self._entries_or_none())
        return read[1].get(name)

    def check(self, name: str, password: str) -> bool:
        """Whether this is the password of `name`. Takes as long for a name that there is not."""
        import bcrypt

        known = self.hash_of(normal(name))
        secret = password.encode("utf-8", "replace")
        matches = bcrypt.checkpw(secret[:LONGEST], known or NOBODY)
        return matches and known is not None and len(secret) <= LONGEST

    def add(self, name: str, password: str) -> bool:
        """Give `name` this password; False if there was one, which it replaces."""
        name = checked_name(name)
        hashed = _hashed(password)
        with _writing(self.path):
            entries = _entries(self.path) if self.path.exists() else {}
            added = name not in entries
            _write(self.path, entries | {name: hashed})
        return added

    def remove(self, name: str) -> None:
        """Take `name` out; their sessions end with it. `UserError` if there is no such name."""
        with _writing(self.path):
            entries = _entries(self.path)
            if entries.pop(normal(name), None) is None:
                raise UserError(f"{self.path} names no {name!r}. See: qa user list --auth-file {self.path}")
            _write(self.path, entries)

    def _entries_or_none(self) -> dict[str, bytes]:
        try:
            return _entries(self.path)
        except UserError as error:
            log.error("nobody can sign in: %s", error)
            return {}


def normal(name: str) -> str:
    """`name` in the one spelling that names are compared in."""
    return unicodedata.normalize("NFC", name.strip())


def checked_name(name: str) -> str:
    """The name as the file keeps it. `UserError` unless it is one word without a colon."""
    name = normal(name)
    if not _NAME.fullmatch(name):
        raise UserError(f"{name!r} cannot be a name: give 1 to 64 characters without spaces and colons.")
    return name


def _hashed(password: str) -> bytes:
    import bcrypt

    secret = password.encode("utf-8", "replace")
    if len(password) < SHORTEST or len(secret) > LONGEST or "\0" in password:
        raise UserError(
            f"A password has {SHORTEST} characters or more, and {LONGEST} bytes or fewer. Choose another one."
        )
    return bcrypt.hashpw(secret, bcrypt.gensalt(ROUNDS))


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _entries(path: Path) -> dict[str, bytes]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise UserError(
            f"The auth file {path} cannot be read: {reason}. Run: qa user add NAME --auth-file {path}"
        ) from error
    entries: dict[str, bytes] = {}
    for number, line in enumerate(lines, start=1):
        name, _, hashed = line.strip().partition(":")
        if not line.strip() or line.startswith("#"):
            continue
        if not _NAME.fullmatch(name) or not _HASH.fullmatch(hashed.encode("utf-8")):
            raise UserError(
                f"Line {number} of {path} is not a name, a colon and a bcrypt hash. "
                f"Delete it, and run: qa user add NAME --auth-file {path}"
            )
        entries[normal(name)] = hashed.encode()
    return entries


def _write(path: Path, entries: dict[str, bytes]) -> None:
    """The whole file at once, for its owner's eyes alone."""
    text = "".join(f"{name}:{hashed.decode()}\n" for name, hashed in sorted(entries.items()))
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # its mode is 600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    """One writer at a time; what the file system refuses becomes a `UserError`."""
    from filelock import FileLock

    try:
        with FileLock(path.with_name(f"{path.name}.lock")):
            yield
    except OSError as error:
        raise UserError(
            f"The auth file {path} cannot be written: {error.strerror or error}. "
            "Name another one with --auth-file or QA_AUTH_FILE."
        ) from error
