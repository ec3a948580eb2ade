"""Nothing leaves the machine: watched from inside (audit events) and from outside (system calls)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from network_record import TRACED_CALLS, Attempt, from_strace

ROOT = Path(__file__).parents[1]
QUESTION = "How many Russian attacks were reported on Wednesday?"
PATIENCE = 600  # seconds, after which a process is taken to hang

# Chosen for documentation (RFC 5737), so nobody is there; and connecting a datagram socket sends nothing.
REACHING_OUT = """
import ctypes, socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("192.0.2.1", 443))
native = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
address = socket.AF_INET.to_bytes(2, "little") + (443).to_bytes(2, "big") + bytes([192, 0, 2, 2]) + bytes(8)
ctypes.CDLL(None).connect(native.fileno(), address, len(address))
socket.getaddrinfo("192.0.2.3", 443, flags=socket.AI_NUMERICHOST)
socket.socket().bind(("", 0))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("127.0.0.1", 9))
"""

SWITCHES = """
import json, os
import index_store
import chromadb.config, gradio.analytics, huggingface_hub.constants, onnxruntime
print(json.dumps({
    "chroma": chromadb.config.Settings().anonymized_telemetry,
    "gradio": gradio.analytics.analytics_enabled(),
    "hugging face": not huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY,
    "onnx runtime": os.environ.get("ORT_DISABLE_TELEMETRY") != "1",
}))
"""


@dataclass(frozen=True)
class Watch:
    """Runs Footnote as a person who has just installed it would, and records what it asks of the network.

    The environment is made from nothing, for two reasons: what this machine has set must not be what
    keeps Footnote quiet, and ONNX Runtime withholds its telemetry where CI or the like is set.
    """

    folder: Path
    tracer: tuple[str, ...]
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT / "tests" / "watch"),
            "PYTHONUNBUFFERED": "1",
            "FOOTNOTE_NETWORK_LOG": str(self.folder / "audit.log"),
            "QA_INDEX": str(self.folder / "index"),
            **self.extra,
        }

    @property
    def home(self) -> Path:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return home

    def run(self, *arguments: str) -> str:
        """What `python ARGUMENTS` prints; it must succeed."""
        with self.started(*arguments) as process:
            printed, _ = process.communicate()
        assert process.returncode == 0, self.complaints.read_text()
        return printed

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """`python ARGUMENTS`, interrupted when the block ends, as by Ctrl+C."""
        with self.complaints.open("w") as complaints:
            process = subprocess.Popen(
                [*self.tracer, sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment,
                text=True,
                stdout=subprocess.PIPE,
                stderr=complaints,
                start_new_session=True,  # a group of its own: strace would not pass the signals on
            )
        hung = threading.Timer(PATIENCE, os.killpg, (process.pid, signal.SIGKILL))
        hung.start()
        try:
            yield process
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
                process.communicate()
        finally:
            hung.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()

    @property
    def complaints(self) -> Path:
        return self.folder / "stderr.log"

    def audited(self) -> list[Attempt]:
        log = self.folder / "audit.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [Attempt(call, host, int(port)) for call, host, port in (line.split("\t") for line in lines)]

    def traced(self) -> list[Attempt]:
        log = self.folder / "strace.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [attempt for line in lines for attempt in from_strace(line)]

    def outside(self) -> set[Attempt]:
        return {each for each in self.audited() + self.traced() if each.leaves_the_machine()}


def new_watch(folder: Path, **extra: str) -> Watch:
    """A watch with strace, which sees native code too. CI on Linux must have it."""
    strace = shutil.which("strace")
    arguments = (
        str(strace),
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-e",
        f"trace={TRACED_CALLS}",
        "-e",
        "signal=none",
    )
    works = (
        strace and subprocess.run([*arguments, "-o", os.devnull, "true"], capture_output=True).returncode == 0
    )
    if works:
        # Appending, since one watch may run several processes.
        return Watch(folder, (*arguments, "-A", "-o", str(folder / "strace.log")), extra)
    if os.environ.get("CI") and sys.platform == "linux":
        pytest.fail("strace is missing or may not trace; make test installs it")
    return Watch(folder, (), extra)


@pytest.mark.parametrize(
    ("line", "leaves"),
    [
        (
            '12 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
            False,
        ),
        (
            '12 connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, <unf',
            True,
        ),
        (
            'connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
            True,
        ),
        (
            "connect(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), "
            'inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
            False,
        ),
        (
            "connect(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), "
            'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
            True,
        ),
        (
            "connect(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), "
            'inet_pton(AF_INET6, "::ffff:127.0.0.1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
            False,
        ),
        (
            'sendto(3, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.1")},',
            True,
        ),
        ('bind(3, {sa_family=AF_INET, sin_port=htons(7860), sin_addr=inet_addr("0.0.0.0")}, 16) = 0', True),
        (
            'bind(3, {sa_family=AF_INET, sin_port=htons(7860), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
            False,
        ),
        ('connect(3, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 42) = 0', True),
        ('connect(8, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT', False),
        ("bind(3, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 0", False),
    ],
)
def test_system_calls_are_read(line: str, leaves: bool) -> None:
    assert any(attempt.leaves_the_machine() for attempt in from_strace(line)) is leaves


def test_the_watch_sees_who_reaches_out(tmp_path: Path) -> None:
    watch = new_watch(tmp_path)

    watch.run("-c", REACHING_OUT)

    seen = {(attempt.call, attempt.host) for attempt in watch.audited() if attempt.leaves_the_machine()}
    assert seen == {("connect", "192.0.2.1"), ("getaddrinfo", "192.0.2.3"), ("bind", "")}
    if watch.tracer:
        seen = {(attempt.call, attempt.host) for attempt in watch.traced() if attempt.leaves_the_machine()}
        assert seen == {("connect", "192.0.2.1"), ("connect", "192.0.2.2"), ("bind", "0.0.0.0")}
        assert Attempt("connect", "127.0.0.1", 9) in watch.traced()


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """A watch whose home is new and whose index was just built from the seeds."""
    watch = new_watch(tmp_path_factory.mktemp("watched"))
    watch.run("-m", "index_store", "rebuild", "seeds/")
    return watch


def test_indexing_connects_to_nobody(indexed: Watch) -> None:
    assert (indexed.folder / "index").is_dir()
    assert indexed.outside() == set()


def test_asking_connects_to_nobody(indexed: Watch) -> None:
    answer = json.loads(indexed.run("-m", "qa", "ask", QUESTION, "--corpus", "seeds/", "--json"))

    assert answer["status"] == "answered"
    assert "57" in answer["citations"][0]["quote"]
    assert indexed.outside() == set()


def test_serving_connects_to_nobody_beyond_loopback(indexed: Watch) -> None:
    port = free_port()
    watch = Watch(indexed.folder, indexed.tracer, {"QA_PORT": str(port), "QA_CORPUS": "seeds/"})

    with watch.started("app.py") as process:
        assert process.stdout is not None
        greeting = next((line for line in process.stdout if "http://" in line), "")
        assert f"http://127.0.0.1:{port}" in greeting, watch.complaints.read_text()
        page = fetch(f"http://127.0.0.1:{port}/")
        answer = ask_the_page(f"http://127.0.0.1:{port}")

    assert "Footnote" in page
    assert answer["status"] == "answered"
    assert "57" in answer["citations"][0]["quote"]
    assert watch.outside() == set()
    assert Attempt("bind", "127.0.0.1", port) in watch.audited()


def test_onnx_runtime_wrote_no_device_id(indexed: Watch) -> None:
    """Its telemetry starts with an identifier of the person's machine, in a file of their home."""
    names = {path.name for path in indexed.home.rglob("*")}

    assert {"deviceid", "onnxruntime.db"}.isdisjoint(names)


def test_telemetry_is_off_whatever_the_environment_says(tmp_path: Path) -> None:
    asked_for = {
        "ANONYMIZED_TELEMETRY": "True",
        "DISABLE_TELEMETRY": "0",
        "DO_NOT_TRACK": "0",
        "GRADIO_ANALYTICS_ENABLED": "True",
        "HF_HUB_DISABLE_TELEMETRY": "0",
        "ORT_DISABLE_TELEMETRY": "0",
    }
    watch = new_watch(tmp_path, **asked_for)

    sending = json.loads(watch.run("-c", SWITCHES))

    assert sending == {"chroma": False, "gradio": False, "hugging face": False, "onnx runtime": False}
    assert watch.outside() == set()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask_the_page(address: str) -> Any:
    """The answer to QUESTION from Gradio's HTTP interface, without a client library that may phone home."""
    started = json.loads(fetch(f"{address}/gradio_api/call/ask", json.dumps({"data": [QUESTION]})))
    events = fetch(f"{address}/gradio_api/call/ask/{started['event_id']}")
    kind, data = events.strip().rsplit("\n\n", 1)[-1].split("\n", 1)
    assert kind == "event: complete", events
    return json.loads(data.removeprefix("data: "))[0]


def fetch(url: str, body: str | None = None) -> str:
    request = urllib.request.Request(
        url, body.encode() if body is not None else None, {"Content-Type": "application/json"}
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=PATIENCE) as response:
        text: str = response.read().decode()
    return text
