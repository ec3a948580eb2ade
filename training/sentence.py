"""The sentence around a span of text."""

from __future__ import annotations

import re

BREAK = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[^a-z\s])|\n\s*\n")


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence, or the run of them, that holds the characters `start` to `end`."""
    begin, finish = 0, len(text)
    for found in BREAK.finditer(text):
        if found.end() <= start:
            begin = found.end()
        elif found.start() >= end:
            finish = found.start()
            break
    return text[begin:finish].strip()
