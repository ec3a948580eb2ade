"""A page over the article that comes with Footnote, and what it is asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Assistant
from web_fixtures.browsing import Serve
from web_fixtures.stepwise import Stepwise

ARTICLE = Path(__file__).parents[2] / "seeds" / "000_02a9af07749c0ccb.txt"
ATTACKS = "How many Russian attacks were reported on Wednesday?"
QUOTE = "Only 57 Russian attacks were reported on Wednesday."
UNANSWERED = "Who won the 2018 World Cup?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the seed article."""
    corpus = tmp_path_factory.mktemp("corpus")
    shutil.copy(ARTICLE, corpus)
    with Assistant.open(corpus, index=tmp_path_factory.mktemp("index") / "index") as assistant:
        yield assistant


@pytest.fixture(scope="module")
def site(serve: Serve, assistant: Assistant) -> str:
    """The address of the page over the seed article."""
    return serve(lambda: assistant)


@pytest.fixture
def stepwise(assistant: Assistant, serve: Serve) -> Iterator[tuple[Stepwise, str]]:
    """An assistant that answers step by step, and the address of a page over it."""
    held = Stepwise(assistant)
    yield held, serve(lambda: held)
    held.free()
