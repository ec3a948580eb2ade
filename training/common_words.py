"""Words that English writes small: another that begins a sentence may be a name.

`python -m training.common_words` writes `qa/common_words.txt` from the training data.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[1] / "qa" / "common_words.txt"
_INNER = re.compile(r"(?<=[a-z,;] )[A-Za-z][a-z]{2,}\b")  # not the first of its sentence
_TEXTS = ("context", "passage", "content", "story_section", "text")  # what data sets call them
_SEEN, _SMALL = 10, 0.95  # times written small at least, and which share of all times


def common_words(texts: Iterable[str]) -> list[str]:
    """The words that the texts write small often, and hardly ever with a capital."""
    seen = Counter(word for text in texts for word in _INNER.findall(text))
    return sorted(
        word
        for word, count in seen.items()
        if word.islower() and count >= _SEEN and count >= _SMALL * (count + seen[word.capitalize()])
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    given = parser.parse_args()
    texts = {
        text for path in sorted((given.data / "train").glob("*.json.gz")) for text in _texts(_rows(path))
    }
    OUT.write_text("\n".join(common_words(texts)) + "\n", encoding="utf-8")


def _rows(path: Path) -> Any:
    raw = gzip.decompress(path.read_bytes()).decode()
    try:
        return json.loads(raw)
    except ValueError:  # one row a line
        return [json.loads(line) for line in raw.splitlines() if line.strip()]


def _texts(row: Any) -> Iterator[str]:
    for name, value in row.items() if isinstance(row, dict) else enumerate(row):
        if isinstance(value, dict | list):
            yield from _texts(value)
        elif name in _TEXTS and isinstance(value, str):
            yield value


if __name__ == "__main__":
    main()
