"""The names of models: what addresses and keys they take, and what lists them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from llm_server import LLMServer, llm_server

from qa import ModelError
from qa.models import find_model, usable_models

NOWHERE = "127.0.0.1:9"


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        (":8000", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:11434"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("models.example", "http://models.example:11434"),
        ("https://models.example/ollama/", "https://models.example:443/ollama"),
    ],
)
def test_ollama_is_where_its_own_variable_says(host: str, address: str) -> None:
    model = find_model("ollama/x", {"OLLAMA_HOST": host})
    assert model is not None and model.base_url == address


@pytest.mark.parametrize("variable", ["QA_LLM_BASE_URL", "OLLAMA_HOST"])
@pytest.mark.parametrize("url", ["http://[::1", "http://host:port/v1", "ftp://host", "http://host:99999"])
def test_what_is_no_address_is_told(variable: str, url: str) -> None:
    provider = "ollama" if variable == "OLLAMA_HOST" else "openai-like"
    with pytest.raises(ModelError, match=rf"^{variable} is '.*', which is no address\. Give one"):
        find_model(f"{provider}/x", {variable: url})


@pytest.mark.parametrize(
    "secret", ["http://me:sk-1@host/v1", "http://host/v1?key=sk-1", "http://host/v1#sk-1"]
)
def test_an_address_holds_no_key(secret: str) -> None:
    with pytest.raises(ModelError, match=r"a key belongs into QA_LLM_API_KEY\.$") as failure:
        find_model("openai-like/x", {"QA_LLM_BASE_URL": secret})
    assert "sk-1" not in str(failure.value)


@pytest.mark.parametrize("key", ["sk-sécret", "sk-a\nb", "sk-\u200b1"])
def test_a_key_that_cannot_be_one_is_told_and_not_shown(key: str) -> None:
    with pytest.raises(ModelError) as failure:
        find_model("openai/gpt-4.1", {"OPENAI_API_KEY": key})
    assert str(failure.value) == "OPENAI_API_KEY has a character that no key has. Copy the key again."


def test_a_redirection_does_not_take_the_key_along(server: LLMServer) -> None:
    class Redirecting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{server.url}/models")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as redirecting:
        threading.Thread(target=redirecting.serve_forever, kwargs={"poll_interval": 0.05}).start()
        url = f"http://127.0.0.1:{redirecting.server_port}/v1"
        listed = usable_models({"QA_LLM_BASE_URL": url, "QA_LLM_API_KEY": "sk-1", "OLLAMA_HOST": NOWHERE})
        redirecting.shutdown()
    assert [(each.name, each.note) for each in listed] == [
        ("builtin", ""),
        ("openai-like/MODEL", f"no list of models at {url}/models"),
    ]
    assert server.headers == []


def test_a_server_of_another_kind_has_no_models() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet() -> None:
            connection, _ = other.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")

        threading.Thread(target=greet).start()
        listed = usable_models({"OLLAMA_HOST": f"127.0.0.1:{other.getsockname()[1]}"})
    assert [each.name for each in listed] == ["builtin"]
