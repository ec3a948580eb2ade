"""On a terminal an answer is seen as it is written, and stands there once in the end."""

import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

from llm_server import Exchange, llm_server

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTION = "Who seized the plant?"


def test_a_terminal_shows_the_words_before_the_answer_is_whole(seed_index: Path) -> None:
    seen = threading.Event()

    def reply(exchange: Exchange) -> None:
        exchange.begin()
        exchange.delta("Russian forces seized ")
        assert seen.wait(60)  # the rest is only sent when the terminal shows this
        exchange.delta("the plant soon after the invasion. [1]")
        exchange.end()

    shown, terminal = pty.openpty()
    command = [sys.executable, "-m", "qa", "ask", QUESTION]
    command += ["--corpus", str(SEEDS), "--index", str(seed_index)]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "200"}
    with llm_server() as server:
        server.will(reply)
        environment |= {"QA_LLM": "openai-like/test", "QA_LLM_BASE_URL": server.url}
        process = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment)
        os.close(terminal)
        text = b""
        while part := _read(shown):
            text += part
            if b"Russian forces seized" in text:
                seen.set()
        assert process.wait(60) == 0
    final = text.decode().rsplit("\x1b[2K", 1)[-1].splitlines()  # after the last erased line
    assert final[0] == "Russian forces seized the plant soon after the invasion. [1]"
    assert final[2].startswith("[1] 000_02a9af07749c0ccb.txt")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other side is closed
        return b""
