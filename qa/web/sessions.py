"""Who is signed in: tokens that a browser or program holds, kept in memory alone."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from qa.web.users import AuthFile, normal

LIFETIME = 14 * 24 * 3600
"""How long one stays signed in, in seconds."""

EACH = 50
"""How many sessions one user may have; the oldest gives way."""


@dataclass(frozen=True, slots=True)
class Session:
    """One user, signed in with the password of that hash."""

    name: str
    password_hash: bytes | None
    ends: float


class Sessions:
    """The sessions of the users of an auth file. Safe to use from several threads.

    A session ends with its time, with its user's password, and with the server.
    """

    def __init__(self, users: AuthFile, clock: Callable[[], float] = time.time) -> None:
        self.users = users
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[bytes, Session] = {}  # by the token's hash, oldest first

    def begin(self, name: str) -> str:
        """The token of a new session for someone whose password was checked."""
        token, name = secrets.token_urlsafe(32), normal(name)
        with self._lock:
            self._make_room(name)
            held = self.users.hash_of(name)
            self._sessions[_digest(token)] = Session(name, held, self._clock() + LIFETIME)
        return token

    def name_of(self, token: str) -> str:
        """Whose session this is; empty if it is none, or none any more."""
        session = self._sessions.get(_digest(token))
        if session is None:
            return ""
        held = self.users.hash_of(session.name)
        if held is None or held != session.password_hash or session.ends <= self._clock():
            self.end(token)
            return ""
        return session.name

    def end(self, token: str) -> None:
        """Sign out."""
        with self._lock:
            self._sessions.pop(_digest(token), None)

    def _make_room(self, name: str) -> None:
        now = self._clock()
        ended = [key for key, each in self._sessions.items() if each.ends <= now]
        own = [key for key, each in self._sessions.items() if each.name == name]
        for key in {*ended, *own[: max(0, len(own) - EACH + 1)]}:
            del self._sessions[key]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
