"""The clients of the providers, each against a server that speaks its protocol, or a model made here."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from llm_server import LLMServer, Reply, llm_server, refuses, says, sends, stalls
from native_servers import (
    anthropic_fails,
    anthropic_refuses,
    anthropic_says,
    ollama_fails,
    ollama_refuses,
    ollama_says,
)
from tiny_model import tiny_model

from qa import ModelError
from qa import models as naming
from qa.exchange import Limits, Message
from qa.generator import Generated, TextGenerator
from qa.models import find_model

KEY = "sk-secret"


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("models") / "tiny", positions=32_768)


def asked(server: LLMServer, name: str, patience: float = 60, answer: int = 1024) -> TextGenerator:
    provider = name.partition("/")[0].upper()
    environ = {
        f"{provider}_BASE_URL": server.url if provider == "OPENAI" else server.origin,
        f"{provider}_API_KEY": KEY,
        "OLLAMA_HOST": server.origin,
    }
    model = find_model(name, environ)
    assert model is not None
    return TextGenerator(model, Limits(answer, 8192, patience))


def compose(budget: int) -> list[Message]:
    return [Message("system", "Be brief."), Message("user", f"budget {budget}")]


def whole(generator: TextGenerator) -> Generated:
    stream = generator.stream(compose)
    while True:
        try:
            next(stream)
        except StopIteration as done:
            result: Generated = done.value
            return result


def test_openai_gets_what_its_reasoning_models_want(server: LLMServer) -> None:
    server.will(says("Yes."))
    assert whole(asked(server, "openai/gpt-5")) == Generated("Yes.", "stop", 200, 20)
    assert server.requests[-1]["max_completion_tokens"] == 1024 and "max_tokens" not in server.requests[-1]
    whole(asked(server, "openai/gpt-9-of-tomorrow"))
    assert server.requests[-1]["max_completion_tokens"] == 1024 and "max_tokens" not in server.requests[-1]
    assert server.requests[-1]["temperature"] == 1  # all that they take
    assert server.headers[-1]["Authorization"] == f"Bearer {KEY}"


def test_anthropic_streams_its_events(server: LLMServer) -> None:
    server.will(anthropic_says("The plant was seized. [1]"))
    generated = whole(asked(server, "anthropic/claude-sonnet-4-5"))
    assert generated == Generated("The plant was seized. [1]", "stop", 300, 30)
    (request,) = server.requests
    assert (server.paths, server.headers[0]["X-Api-Key"]) == (["/v1/messages"], KEY)
    assert (request["model"], request["max_tokens"], request["stream"]) == ("claude-sonnet-4-5", 1024, True)
    assert "Be brief." in str(request["system"]) and request["messages"][0]["role"] == "user"


def test_ollama_is_told_how_much_it_must_hold(server: LLMServer) -> None:
    server.will(ollama_says("Yes, it was."))
    assert whole(asked(server, "ollama/llama3.2")) == Generated("Yes, it was.", "stop", 400, 40)
    (request,) = server.requests
    assert server.paths == ["/api/chat"]
    assert (request["options"]["num_ctx"], request["options"]["num_predict"]) == (8192, 1024)


def test_ollama_answers_without_its_client_too(server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.providers.has_client", lambda _: False)
    server.will(says("Yes."))
    assert whole(asked(server, "ollama/llama3.2")).text == "Yes."
    assert server.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    ("reply", "said", "partial", "requests"),
    [
        (anthropic_refuses(401, "authentication_error"), "refused the key. Set ANTHROPIC_API_KEY", "", 1),
        (anthropic_refuses(404, "not_found_error"), "has no model 'claude-sonnet-4-5'", "", 1),
        (anthropic_refuses(429, "rate_limit_error", Retry_After="90"), "Ask again in 90 s.", "", 1),
        (anthropic_refuses(529, "overloaded_error"), "failed with error 529. Ask again later.", "", 3),
        (anthropic_fails("overloaded_error"), "failed with error 529. Ask again later.", "", 3),
        (anthropic_fails("api_error", text="abc"), "failed with error 500. Ask again later.", "abc", 1),
        (anthropic_says("abc", reason=None), "broke off the answer. Ask again.", "abc", 1),
        (anthropic_says("abc", reason="refusal"), "withheld the answer", "abc", 1),
        (anthropic_says(""), "answered nothing", "", 1),
        (sends(b"<html>"), "sent no answer", "", 3),
    ],
)
def test_what_goes_wrong_at_anthropic_is_one_sentence(
    server: LLMServer, reply: Reply, said: str, partial: str, requests: int
) -> None:
    server.will(reply)
    with pytest.raises(ModelError) as failure:
        whole(asked(server, "anthropic/claude-sonnet-4-5"))
    assert said in str(failure.value)
    assert (failure.value.partial, len(server.requests)) == (partial, requests)


def test_too_long_a_prompt_is_made_shorter_for_anthropic(server: LLMServer) -> None:
    long = anthropic_refuses(400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum")
    server.will(long, anthropic_says("Yes."))
    assert whole(asked(server, "anthropic/claude-sonnet-4-5")).text == "Yes."
    assert server.requests[-1]["messages"][0]["content"][0]["text"] == "budget 3584"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (ollama_refuses(404, "model 'llama3.2' not found"), "Run: ollama pull llama3.2"),
        (ollama_fails("runner has terminated"), "failed with error 500. Ask again later."),
        (refuses(500), "failed with error 500. Ask again later."),
        (ollama_says(""), "answered nothing"),
    ],
)
def test_what_goes_wrong_at_ollama_is_one_sentence(server: LLMServer, reply: Reply, said: str) -> None:
    server.will(reply)
    with pytest.raises(ModelError) as failure:
        whole(asked(server, "ollama/llama3.2"))
    assert said in str(failure.value)


@pytest.mark.parametrize("name", ["anthropic/claude-sonnet-4-5", "ollama/llama3.2", "openai/gpt-5"])
def test_closing_the_stream_ends_the_request_of_every_client(server: LLMServer, name: str) -> None:
    server.will(stalls())
    stream = asked(server, name).stream(compose)
    while not server.requests:
        next(stream)
    stream.close()
    assert server.hung_up.wait(30)


def test_a_model_in_this_process_writes_and_counts(server: LLMServer, folder: Path) -> None:
    generated = whole(asked(server, f"huggingface/{folder}", answer=8))
    assert (generated.finish, generated.output_tokens) == ("length", 8)
    assert generated.input_tokens is not None and generated.input_tokens > 10
    assert generated.text.strip()


def test_a_model_in_this_process_is_stopped(server: LLMServer, folder: Path) -> None:
    before = set(threading.enumerate())
    stream = asked(server, f"huggingface/{folder}", answer=32_000).stream(lambda _: [Message("user", "Hi")])
    while not any(thread.name.startswith("Thread-") for thread in set(threading.enumerate()) - before):
        next(stream)  # until it generates
    stream.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(30)  # it would write for minutes
        assert not thread.is_alive()


def test_a_model_in_this_process_says_why_it_does_not_answer(server: LLMServer, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"Unrecognized model in .*\. Give the folder of a chat model"):
        whole(asked(server, f"huggingface/{tmp_path}"))
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(ModelError, match=r"the folder lacks files\. Give the folder of a chat model"):
        whole(asked(server, f"huggingface/{tmp_path}"))
    with pytest.raises(ModelError, match=r"cannot be loaded: there is no such folder, and nothing of"):
        whole(asked(server, "huggingface/nowhere"))
    short = tiny_model(tmp_path / "short", positions=16)
    with pytest.raises(ModelError, match="The passages are too long for huggingface/"):
        whole(asked(server, f"huggingface/{short}", answer=8))


@pytest.mark.parametrize("provider", ["anthropic", "huggingface"])
def test_a_client_that_is_not_installed_is_named_with_the_command(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "has_client", lambda _: False)
    with pytest.raises(ModelError) as failure:
        find_model(f"{provider}/x", {"ANTHROPIC_API_KEY": KEY})
    root = Path(__file__).parents[1]
    command = f"Run: {sys.executable} -m pip install -c '{root}/constraints.txt' -e '{root}[{provider}]'"
    assert str(failure.value) == f"{provider} needs a client that is not installed. {command}"
