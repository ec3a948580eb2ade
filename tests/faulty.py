"""Parsers that go wrong in every way a parser can. They run in worker processes only."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from index_store import readers
from index_store.readers import Reader
from index_store.readers.extracted import Extracted

FAULTS = ("crash", "abort", "leave", "sleep", "spin", "grow", "demand", "fail", "tell")
START = "import faulty; faulty.readers.READERS = faulty.joined(); "  # in a worker, before it serves


def joined() -> Mapping[str, Reader]:
    """All readers, and these: `.crash` for what `crash` reads, and so on."""
    faults = {f".{fault}": Reader(f"x/{fault}", f"faulty:{fault}") for fault in FAULTS}
    return MappingProxyType({**readers.READERS, **faults})


def crash(_: bytes, __: Path) -> Extracted:
    ctypes.string_at(0)
    raise AssertionError("reading address 0 ends a process")


def abort(_: bytes, __: Path) -> Extracted:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nothing survives SIGKILL")


def leave(_: bytes, __: Path) -> Extracted:
    os._exit(3)


def sleep(_: bytes, __: Path) -> Extracted:
    time.sleep(3600)
    raise AssertionError("an hour has passed")


def spin(_: bytes, __: Path) -> Extracted:
    """Hangs without ever letting another thread run."""
    re.match(r"(a|a)*$", "a" * 60 + "b")
    raise AssertionError("an age has passed")


def grow(_: bytes, __: Path) -> Extracted:
    """Takes memory bit by bit, with pauses in which others run."""
    taken = []
    while True:
        taken.append(bytes(b"x" * (8 << 20)))
        time.sleep(0.005)


def demand(_: bytes, __: Path) -> Extracted:
    """Takes more memory than there may be, at once."""
    return Extracted(str(len(bytearray(1 << 40))))


def fail(_: bytes, __: Path) -> Extracted:
    raise KeyError("rId7")


def tell(data: bytes, __: Path) -> Extracted:
    """Works: the text is the process that read it."""
    return Extracted(f"{data.decode()} {os.getpid()}")
