"""What goes wrong with a language model: one sentence each, and asked again only where that is safe."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from llm_server import (
    LLMServer,
    Reply,
    breaks_off,
    llm_server,
    refuses,
    resets,
    says,
    sends,
    stalls,
    streams,
)

from qa import ModelError
from qa.exchange import Limits, Message
from qa.generator import TextGenerator
from qa.models import find_model

KEY = "sk-secret"


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


def generator(url: str, patience: float = 60) -> TextGenerator:
    model = find_model("openai-like/test", {"QA_LLM_BASE_URL": url, "QA_LLM_API_KEY": KEY})
    assert model is not None and KEY not in repr(model)
    return TextGenerator(model, Limits(1024, 4096, patience))


def written(asked: TextGenerator) -> str:
    return "".join(event.text for event in asked.stream(compose) if event.kind == "token")


def compose(budget: int) -> list[Message]:
    return [Message("user", f"budget {budget}")]


@pytest.mark.parametrize(
    ("reply", "said", "partial", "requests"),
    [
        (refuses(401), "refused the key. Set QA_LLM_API_KEY", "", 1),
        (refuses(404), "has no model 'test'. See what there is: qa models", "", 1),
        (refuses(429, Retry_After="100"), "Ask again in 100 s.", "", 1),
        (refuses(500), "failed with error 500. Ask again later.", "", 3),
        (refuses(400, f"bad key {KEY}"), "refused the request (400): bad key …", "", 1),
        (breaks_off("abc"), "broke off the answer. Ask again.", "abc", 1),
        (breaks_off("abc", politely=False), "broke off the answer. Ask again.", "abc", 1),
        (streams("{bad"), "does not answer as an OpenAI-compatible server does", "", 1),
        (refuses(429), "takes no more requests for now. Ask again in a minute.", "", 3),
        (refuses(429, "You exceeded your current quota"), "The quota of your key", "", 1),
        (refuses(301), "sends requests elsewhere. Check QA_LLM_BASE_URL", "", 1),
        (resets, "broke off the answer. Ask again.", "", 3),
        (sends(b"<html>"), "sent no answer", "", 3),
        (says(""), "answered nothing", "", 1),
        (says("abc", finish="content_filter"), "withheld the answer", "abc", 1),
        (says("<think>Hm", finish="length"), "spent all tokens of its answer on thinking. Set QA_LLM", "", 1),
        (refuses(404, "Not Found"), "Check QA_LLM_BASE_URL; it usually ends in /v1.", "", 1),
    ],
)
def test_each_failure_is_one_sentence(
    server: LLMServer, reply: Reply, said: str, partial: str, requests: int
) -> None:
    server.will(reply)
    with pytest.raises(ModelError) as failure:
        list(generator(server.url).stream(compose))
    assert said in str(failure.value) and KEY not in str(failure.value)
    assert (failure.value.partial, len(server.requests)) == (partial, requests)


def test_a_prompt_that_is_too_long_is_made_shorter(server: LLMServer) -> None:
    server.will(refuses(400, "maximum context length is 4096", "context_length_exceeded"), says("Yes."))
    assert written(generator(server.url)) == "Yes."
    assert server.requests[-1]["messages"][0]["content"] == "budget 1536"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("<think>Hm, [1] or [2]?</think>\n\nYes.", "Yes."),
        (" \n<thinking>\n</thinking>Yes.", "Yes."),
        ("<think>a</think></think>Yes.", "</think>Yes."),
        ("<thin ice", "<thin ice"),
        ("It is <think>no thought</think>.", "It is <think>no thought</think>."),
        ("<", "<"),
    ],
)
@pytest.mark.parametrize("size", [1, 5, 100])
def test_what_a_model_thinks_is_no_answer(server: LLMServer, said: str, answer: str, size: int) -> None:
    server.will(says(said, size))
    assert written(generator(server.url)) == answer


def test_a_server_may_name_a_date_to_ask_again(server: LLMServer) -> None:
    server.will(refuses(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), says("Yes."))
    events = list(generator(server.url).stream(compose))
    assert [event.text for event in events if event.kind == "stage"] == [
        f"waiting 0 s to ask again: {server.origin[7:]} takes no more requests for now. Ask again in 0 s."
    ]
    server.will(refuses(429, Retry_After="Sun, 06 Nov 2072 08:49:37 GMT"))
    with pytest.raises(ModelError, match=r"takes no more requests for now\. Ask again in \d{9,} s\."):
        list(generator(server.url).stream(compose))
    assert len(server.requests) == 1


def test_closing_the_stream_ends_the_request(server: LLMServer) -> None:
    server.will(stalls("abc"))
    stream = generator(server.url).stream(compose)
    while next(stream).text != "abc":
        pass
    stream.close()
    assert server.hung_up.wait(30)


@pytest.mark.parametrize("text", ["", "abc"], ids=["before the answer", "within it"])
def test_a_silent_server_is_given_up(server: LLMServer, text: str) -> None:
    server.will(stalls(text))
    with pytest.raises(ModelError) as failure:
        list(generator(server.url, patience=3).stream(compose))  # a busy machine's beginning is no silence
    assert "said nothing for 3 s. Ask again, or set QA_LLM_TIMEOUT to more seconds." in str(failure.value)
    assert failure.value.partial == text
    assert server.hung_up.wait(30)


def test_waiting_is_bounded_and_told(server: LLMServer, caplog: pytest.LogCaptureFixture) -> None:
    server.will(refuses(429, Retry_After="1"), refuses(500), says("Yes."))
    events = list(generator(server.url).stream(compose))
    waits = [event.text for event in events if event.kind == "stage"]
    assert waits == [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert waits == [
        f"waiting 1 s to ask again: {server.origin[7:]} takes no more requests for now. Ask again in 1 s.",
        f"waiting 2 s to ask again: {server.origin[7:]} failed with error 500. Ask again later.",
    ]
    assert "".join(event.text for event in events if event.kind == "token") == "Yes."
    server.will(refuses(429, Retry_After="21"))
    with pytest.raises(ModelError, match="Ask again in 21 s"):
        list(generator(server.url).stream(compose))


def test_a_server_that_is_not_there(server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match=r"Nothing answers at 127\.0\.0\.1:9\. Start the server there"):
        written(generator("http://127.0.0.1:9/v1"))
    with pytest.raises(ModelError, match=r"There is no secure connection to 127\.0\.0\.1"):
        written(generator(server.url.replace("http:", "https:")))

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(
        ModelError, match=r"There is no server called nowhere\.invalid\. Check QA_LLM_BASE_URL"
    ):
        written(generator("http://nowhere.invalid/v1"))
