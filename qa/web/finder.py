"""Words looked for in one document."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index_store.types import Document
from qa.web.library import Library

MOST = 500
"""How many places are named at most."""


def find(library: Library, request: Mapping[str, object]) -> dict[str, object]:
    """Where `request["words"]` stand in the document: `places`, `[start, end]` each, or `error`.

    Case does not matter, nor how many spaces or line ends are between the words.
    """
    try:
        with library.lent() as assistant:
            document = assistant.document(str(request["source"]))
        return {"places": occurrences(document, str(request["words"])), "sha256": document.sha256}
    except Exception as error:
        return {"error": library.explain(error)}


def occurrences(document: Document, words: str) -> list[tuple[int, int]]:
    """The spans at which the words stand in the text, in its order."""
    pattern = r"\s+".join(map(re.escape, words[:200].split()))
    if not pattern:
        return []
    found = re.finditer(pattern, document.text, re.IGNORECASE)
    return [match.span() for _, match in zip(range(MOST), found, strict=False)]
