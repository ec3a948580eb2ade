"""A served page that programs ask, with users who sign in or without."""

from __future__ import annotations

import dataclasses
import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import pytest
from test_web_parts import ANSWER, STATUS, Fake, library

from qa.types import Answer, Event
from qa.web import login, users
from qa.web.access import Access
from qa.web.server import launch
from qa.web.users import AuthFile
from web_fixtures.browsing import free_port

PASSWORDS = {"ada": "mill wheel 1802", "ben": "river bank 77"}
BUILT = dataclasses.replace(STATUS, built="2026-01-02T03:04:05+00:00", failed=(("a.pdf", "It is locked."),))


class Answering(Fake):
    """A fake that also answers at once."""

    def ask(self, _question: str) -> Answer:
        return ANSWER


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Hashes that cost less, and more tries than these tests take."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(users, "ROUNDS", 4)
        patched.setattr(login, "TRIES_PER_MINUTE", 1000)
        yield


@pytest.fixture(scope="module")
def auth_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("auth") / "users"
    for name, password in PASSWORDS.items():
        AuthFile(path).add(name, password)
    return path


@dataclass
class Site:
    """A page being served, and programs that ask it."""

    port: int
    blocks: Any
    held: Any
    below: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def over(cls, access: Access, fake: Any = None) -> Site:
        fake = fake or Answering(Event("answer", "", ANSWER), status=BUILT)
        blocks = launch(library(fake), host="127.0.0.1", port=free_port(), access=access)
        return cls(cast(int, urlsplit(blocks.address).port), blocks, fake)

    def send(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        connection.request(method, self.below + path, body or None, sent)
        response = connection.getresponse()
        reply = Reply(response.status, response.headers, response.read())
        connection.close()
        return reply

    def sign_in(self, name: str, password: str | None = None, **headers: str) -> Reply:
        form = urlencode({"username": name, "password": PASSWORDS[name] if password is None else password})
        return self.send("POST", "/login", form, Content_Type="application/x-www-form-urlencoded", **headers)

    def cookie(self, name: str) -> str:
        """The Cookie header of a user who has signed in."""
        if name not in self.cookies:
            self.cookies[name] = str(self.sign_in(name).headers["Set-Cookie"]).partition(";")[0]
        return self.cookies[name]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Any
    body: bytes

    @property
    def says(self) -> str:
        return str(json.loads(self.body)["detail"])


@pytest.fixture(scope="module")
def site(auth_file: Path) -> Iterator[Site]:
    """A page that asks who comes."""
    site = Site.over(Access(auth_file=auth_file))
    yield site
    site.blocks.close()


@pytest.fixture(scope="module")
def open_site() -> Iterator[Site]:
    """A page that asks nobody, and takes ten requests a minute."""
    site = Site.over(Access(no_auth=True, requests_per_minute=10, upload_megabytes=1))
    yield site
    site.blocks.close()
