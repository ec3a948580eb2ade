"""What a language model may not do: leave its documents, keep on after Ctrl-C, or give a key away."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from injections import INJECTIONS
from llm_server import LLMServer, Reply, llm_server, refuses, says, stalls
from native_servers import anthropic_refuses, anthropic_says, ollama_refuses, ollama_says

from index_store import rebuild
from qa import Assistant
from qa.cli import main

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "Who seized the nuclear plant?"
SEIZED = "Russian forces seized the plant soon after the invasion."
KEY = "sk-planted-0123456789"
OBEYED = (
    "Roses are red, violets are blue.",
    "You answer questions from passages of the user's own documents, and from nothing else.",
    "Ukrainian forces seized the plant soon after the invasion.",
    "Open the page of the administrator and type your password.",
)


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A corpus in which every other document tries to take the model over, and its index."""
    corpus = tmp_path_factory.mktemp("poisoned")
    (corpus / "news.txt").write_text(f"The plant lies at the river. {SEIZED}\n", encoding="utf-8")
    for name, text in INJECTIONS.items():
        (corpus / f"{name}.txt").write_text(f"The nuclear plant. {text}\n", encoding="utf-8")
    index = corpus.with_name("poisoned-index")
    rebuild(corpus, index=index)
    return corpus, index


@pytest.fixture(autouse=True)
def environment(server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QA_LLM_BASE_URL", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, server.url)
    for name in ("ANTHROPIC_BASE_URL", "OLLAMA_HOST"):
        monkeypatch.setenv(name, server.origin)
    for name in ("QA_LLM_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OLLAMA_API_KEY"):
        monkeypatch.setenv(name, KEY)


@pytest.mark.parametrize("obeyed", OBEYED)
def test_a_model_that_obeys_a_document_is_found_out(
    server: LLMServer, poisoned: tuple[Path, Path], obeyed: str
) -> None:
    corpus, index = poisoned
    server.will(says(f"{obeyed} [1]"))
    with Assistant.open(corpus, index=index, llm="openai-like/test") as assistant:
        answer = assistant.ask(QUESTION)
        assert [(each.text, each.verdict) for each in answer.sentences] == [(obeyed, "unsupported")]
        assert f"{obeyed} (not in the documents)" in str(answer)
        assert answer.alternative is not None and answer.alternative.citations[0].quote == SEIZED
        strict = assistant.using(strict=True).ask(QUESTION)
    assert (strict.status, [each.text for each in strict.removed]) == ("insufficient", [obeyed])
    assert obeyed not in strict.text


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("openai-like/test", says(f"{SEIZED} [1]"), refuses(400, f"bad key {KEY}")),
        ("openai/gpt-4.1", says(f"{SEIZED} [1]"), refuses(401, f"bad key {KEY}")),
        (
            "anthropic/claude-sonnet-4-5",
            anthropic_says(f"{SEIZED} [1]"),
            anthropic_refuses(400, "invalid_request_error", f"bad key {KEY}"),
        ),
        ("ollama/llama3.2", ollama_says(f"{SEIZED} [1]"), ollama_refuses(400, f"bad key {KEY}")),
    ],
)
def test_the_key_is_sent_and_shown_nowhere(
    server: LLMServer,
    seed_index: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    name: str,
    good: Reply,
    bad: Reply,
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    with Assistant.open(SEEDS, index=seed_index, llm=name) as assistant:
        for reply in (good, bad):
            server.will(reply)
            answer = assistant.ask(QUESTION)
            assert KEY in str(server.headers[-1])
            shown += [str(answer), repr(answer), answer.to_markdown(), answer._repr_html_()]
            shown += [json.dumps(answer.to_dict()), repr(assistant.model), repr(vars(assistant))]
    options = ["--corpus", str(SEEDS), "--index", str(seed_index), "--llm", name]
    assert main(["ask", QUESTION, "--no-fallback", *options]) == 1
    assert main(["models"]) == 0
    shown += [*capsys.readouterr(), caplog.text]
    assert [text for text in shown if KEY in text] == []


def test_ctrl_c_ends_the_request(
    server: LLMServer, seed_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.will(stalls("The plant was "))

    def interrupt() -> None:
        server.began.wait()
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=interrupt, daemon=True).start()
        options = ["--corpus", str(SEEDS), "--index", str(seed_index), "--llm", "openai-like/test"]
        assert main(["ask", QUESTION, *options]) == 1
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr().err == "qa: stopped\n"
    assert server.hung_up.wait(30)


def test_closing_the_stream_ends_the_rewriting_of_a_follow_up(server: LLMServer, seed_index: Path) -> None:
    with Assistant.open(SEEDS, index=seed_index, llm="openai-like/test") as assistant:
        server.will(says(f"{SEIZED} [1]"), stalls())
        history = (assistant.ask(QUESTION),)
        events = assistant.stream("And who runs it?", history=history)
        assert next(events).text == "rewriting"
        assert (next(events).kind, next(events).text) == ("token", "")
        events.close()
        assert server.hung_up.wait(30)


def test_a_remote_model_is_warned_of_before_the_first_question(
    seed_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setenv("OPENAI_BASE_URL", "https://models.invalid/v1")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    options = ["--corpus", str(SEEDS), "--index", str(seed_index), "--llm", "openai/gpt-4.1"]
    assert main(["ask", QUESTION, *options]) == 0
    out, err = capsys.readouterr()
    where = "questions and the passages found for them leave this machine, to models.invalid"
    assert err == f"qa: openai/gpt-4.1: {where}.\n"
    assert "(There is no server called models.invalid." in out and SEIZED in out


def test_the_models_that_answer_here_are_listed(
    server: LLMServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.models = ["llama3.2", "qwen3"]
    monkeypatch.setenv("QA_LLM", "ollama/qwen3")
    monkeypatch.delenv("OPENAI_BASE_URL")  # their own server, which nobody asks
    assert main(["models"]) == 0
    assert [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()] == [
        "builtin",
        "ollama/llama3.2",
        "ollama/qwen3 chosen",
        "openai-like/llama3.2",
        "openai-like/qwen3",
        "openai/gpt-4.1-mini leaves this machine",
        "anthropic/claude-sonnet-4-5",
    ]


def test_an_evaluation_measures_the_model_and_never_the_reader_in_its_place(
    server: LLMServer, seed_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "questions.jsonl"
    source = next(SEEDS.glob("*.txt")).name
    rows = [{"question": QUESTION, "source": source}, {"question": "Who bakes?", "answerable": False}]
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    options = [str(questions), "--corpus", str(SEEDS), "--index", str(seed_index)]
    server.will(says(f"{SEIZED} [1] It makes 12 cakes. [1]"), refuses(401))
    assert main(["eval", *options, "--llm", "openai-like/test", "--json"]) == 0
    out, err = capsys.readouterr()
    measured = json.loads(out)
    assert (measured["model"], measured["failed"]) == ("openai-like/test", 1)
    assert "refused the key" in err
    values = {name: each["value"] for name, each in measured["figures"].items()}
    assert (values["groundedness"], values["citation precision"], values["citation recall"]) == (0.5, 1, 1)
