"""A chat server that is not ours, `transformers serve`, with a model of random weights."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_model import tiny_model

from qa import Assistant, Settings
from qa.exchange import Limits, Message
from qa.generator import TextGenerator
from qa.models import find_model
from qa.settings import LLMSettings

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "Who seized the nuclear plant?"


@pytest.fixture(scope="module")
def name(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The model's name for `--llm`, while its server runs."""
    folder = tiny_model(tmp_path_factory.mktemp("served") / "tiny", positions=32768)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    transformers = Path(sys.executable).parent / "transformers"
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    log = folder.parent / "log"
    with (
        log.open("wb") as output,
        pytest.MonkeyPatch.context() as patch,
        subprocess.Popen(
            [transformers, "serve", folder, "--port", str(port), "--host", "127.0.0.1"],
            stdout=output,
            stderr=output,
            env=environment,
        ) as server,
    ):
        try:
            await_health(f"http://127.0.0.1:{port}/health", server, log)
            patch.setenv("QA_LLM_BASE_URL", f"http://127.0.0.1:{port}/v1")
            yield f"openai-like/{folder}"
        finally:
            server.terminate()


def await_health(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.25)
        else:
            return
    raise AssertionError("the server does not answer")


def test_a_server_that_is_not_ours_streams_an_answer_that_is_judged(name: str, seed_index: Path) -> None:
    settings = Settings(llm=LLMSettings(answer_tokens=24), fallback=False)
    with Assistant.open(SEEDS, index=seed_index, llm=name, settings=settings) as assistant:
        events = list(assistant.stream(QUESTION))
    answer = events[-1].answer
    assert answer is not None and answer.model == name
    assert answer.usage is not None and answer.usage.output_tokens == 24
    assert answer.usage.input_tokens > 1000  # a token for each byte of the passages
    tokens = [event.text for event in events if event.kind == "token" and event.text]
    assert "".join(tokens) == answer.text
    assert {sentence.verdict for sentence in answer.sentences} <= {"unsupported"}
    assert answer.alternative is not None and "seized the plant" in answer.alternative.text
    assert "The model's answer was longer than it may be, and ends in the middle." in answer.notices


def test_a_server_that_is_not_ours_is_stopped_and_answers_again(name: str) -> None:
    model = find_model(name)
    assert model is not None
    long = TextGenerator(model, Limits(30_000, 32_000, 60)).stream(lambda _: [Message("user", "Hi")])
    pieces: list[str] = []
    while len(pieces) < 3:
        event = next(long)
        pieces += [event.text] if event.kind == "token" and event.text else []
    long.close()
    short = TextGenerator(model, Limits(4, 1024, 60)).stream(lambda _: [Message("user", "Hi")])
    assert [event.kind for event in short if event.text] != []
