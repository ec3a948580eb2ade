"""A chat server on this machine that speaks OpenAI's protocol and does what a test tells it to."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE = 30  # seconds, after which a stalled reply gives up, so that no test hangs
Reply = Callable[["Exchange"], None]


class Exchange(BaseHTTPRequestHandler):
    """One request and the means to answer it."""

    protocol_version = "HTTP/1.1"
    server: LLMServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append(json.loads(body))
        self.server.paths.append(self.path)
        self.server.headers.append(dict(self.headers))
        try:
            self.server.next_reply()(self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.hung_up.set()
        self.close_connection = True

    def do_GET(self) -> None:
        self.server.headers.append(dict(self.headers))
        self.send(200, {"object": "list", "data": [{"id": name} for name in self.server.models]})

    def log_message(self, *_: object) -> None:
        pass

    def send(self, status: int, body: Any, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def data(self, line: str) -> None:
        self.chunk(f"data: {line}\n\n")

    def chunk(self, text: str) -> None:
        payload = text.encode()
        self.wfile.write(f"{len(payload):x}\r\n".encode() + payload + b"\r\n")
        self.wfile.flush()

    def delta(self, text: str | None, finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
        self.data(json.dumps(_chunk([choice])))

    def end(self, finish: str = "stop") -> None:
        self.delta(None, finish)
        usage = {"prompt_tokens": 200, "completion_tokens": 20, "total_tokens": 220}
        self.data(json.dumps(_chunk([]) | {"usage": usage}))
        self.data("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def await_hang_up(self) -> None:
        """Say nothing until the other side closes the connection."""
        self.connection.settimeout(PATIENCE)
        with contextlib.suppress(TimeoutError):
            if self.connection.recv(1) == b"":
                self.server.hung_up.set()


def _chunk(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": "test",
        "choices": choices,
    }


class LLMServer(ThreadingHTTPServer):
    """Answers each request with the next of its replies; the last one is given again and again."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.url = f"{self.origin}/v1"
        self.models = ["test"]
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.hung_up = threading.Event()
        self.began = threading.Event()
        self._replies: list[Reply] = [says("")]
        self._lock = threading.Lock()

    def will(self, *replies: Reply) -> None:
        """What the coming requests get; forgets earlier requests."""
        self.requests.clear()
        self.headers.clear()
        self.paths.clear()
        self.hung_up.clear()
        self.began.clear()
        self._replies = list(replies)

    def next_reply(self) -> Reply:
        with self._lock:
            return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]

    def prompt(self) -> str:
        """All that the last request said."""
        return "\n".join(message["content"] for message in self.requests[-1]["messages"])


@contextlib.contextmanager
def llm_server() -> Iterator[LLMServer]:
    """A server that runs until the `with` block ends."""
    server = LLMServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def says(text: str, size: int = 4, finish: str = "stop") -> Reply:
    """Streams `text` in deltas of `size` characters."""

    def reply(exchange: Exchange) -> None:
        exchange.begin()
        for at in range(0, len(text), size):
            exchange.delta(text[at : at + size])
        exchange.end(finish)

    return reply


def refuses(status: int, message: str = "no", code: str | None = None, **headers: str) -> Reply:
    """Answers with an HTTP error in OpenAI's form."""
    body = {"error": {"message": message, "type": "error", "param": None, "code": code}}
    return lambda exchange: exchange.send(status, body, **headers)


def breaks_off(text: str, politely: bool = True) -> Reply:
    """Streams `text`, then ends without saying so; with `politely` False in the middle of a chunk."""

    def reply(exchange: Exchange) -> None:
        exchange.begin()
        exchange.delta(text)
        exchange.wfile.write(b"0\r\n\r\n" if politely else b"ff\r\ndata: {")

    return reply


def stalls(text: str = "") -> Reply:
    """Streams `text`, then says nothing until the other side hangs up."""

    def reply(exchange: Exchange) -> None:
        if text:
            exchange.begin()
            exchange.delta(text)
        exchange.server.began.set()
        exchange.await_hang_up()

    return reply


def streams(*lines: str) -> Reply:
    """Streams these data lines as they are."""

    def reply(exchange: Exchange) -> None:
        exchange.begin()
        for line in lines:
            exchange.data(line)
        exchange.wfile.write(b"0\r\n\r\n")

    return reply


def sends(body: bytes) -> Reply:
    """Answers 200 with these bytes."""
    return lambda exchange: exchange.send(200, body)


def resets(exchange: Exchange) -> None:
    """Resets the connection without a word."""
    linger = (1).to_bytes(4, "little") + bytes(4)
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    exchange.connection.close()
    raise ConnectionResetError
