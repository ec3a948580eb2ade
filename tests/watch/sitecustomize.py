"""Python imports this at its start, when the folder is on PYTHONPATH: a process that records itself."""

from __future__ import annotations

import os

from network_record import Attempt, audit


def _record(attempt: Attempt) -> None:
    # One write to a file opened for appending: children and threads may write at the same time.
    line = f"{attempt.call}\t{attempt.host}\t{attempt.port}\n"
    log = os.open(os.environ["FOOTNOTE_NETWORK_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, line.encode())
    os.close(log)


audit(_record)
