"""What holds for every test: no connection leaves the machine, and the browser is where make said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from watch.network_record import Attempt, audit

from index_store import rebuild
from qa import Assistant

_outside: list[Attempt] = []


def pytest_configure() -> None:
    audit(_refuse_to_leave)


def _refuse_to_leave(attempt: Attempt) -> None:
    if attempt.leaves_the_machine():
        _outside.append(attempt)
        raise PermissionError(f"a test reached for the network: {attempt}")


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Fails the test that reached out, also when the code under test swallowed the refusal."""
    _outside.clear()
    yield
    assert _outside == []


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser of the end-to-end tests. `make test` installs it, so it must be there."""
    path = Path(os.environ.get("FOOTNOTE_CHROMIUM", "/usr/bin/chromium"))
    assert path.is_file(), f"there is no browser at {path}; run make test, or set FOOTNOTE_CHROMIUM"
    return path


SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of `seeds/`, for tests that only read it."""
    index = tmp_path_factory.mktemp("seeds") / "index"
    rebuild(SEEDS, index=index)
    return index


@pytest.fixture(scope="session")
def assistant(seed_index: Path) -> Assistant:
    """An assistant over `seeds/`, for tests that only ask it."""
    return Assistant.open(SEEDS, index=seed_index)
