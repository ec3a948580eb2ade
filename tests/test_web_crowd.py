"""Forty programs ask a real page at the same time, and each gets the answer to its own question."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from gradio_client import Client
from web_fixtures.browsing import free_port

from qa import Assistant
from qa.web.library import Library
from qa.web.server import launch

CLIENTS = 40
PATIENT = {"timeout": 120}
"""For machines that do much else."""

FIRST = ("Bal", "Cor", "Dun", "Fen", "Gar", "Hol", "Kil", "Lyn")
LAST = ("mere", "wick", "thorpe", "combe", "stow")
PLACES = tuple(first + last for first in FIRST for last in LAST)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over a document for each place."""
    corpus = tmp_path_factory.mktemp("corpus")
    for number, place in enumerate(PLACES):
        text = f"The bridge at {place} was opened in {1800 + number}. It carries one road.\n"
        (corpus / f"{place}.txt").write_text(text)
    with Assistant.open(corpus, index=tmp_path_factory.mktemp("index") / "index") as assistant:
        blocks = launch(Library(lambda: assistant), host="127.0.0.1", port=free_port())
        yield blocks.address
        blocks.close()


@pytest.mark.no_cover  # Python 3.11 can't trace threads that start all at once
def test_each_of_forty_programs_gets_its_own_answer(address: str, tmp_path: Path) -> None:
    together = Barrier(CLIENTS)

    def ask(place: str) -> str:
        client = Client(
            address, verbose=False, download_files=tmp_path, analytics_enabled=False, httpx_kwargs=PATIENT
        )
        together.wait(300)
        answer = client.predict(f"When was the bridge at {place} opened?", api_name="/ask")
        client.close()
        return str(answer["text"])

    assert len(set(PLACES)) == CLIENTS
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(ask, PLACES))
    for number, (place, answer) in enumerate(zip(PLACES, answers, strict=True)):
        assert f"The bridge at {place} was opened in {1800 + number}." in answer
