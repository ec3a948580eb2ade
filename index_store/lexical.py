"""A question as an FTS5 expression: any of its words, ranked by BM25 (Robertson & Zaragoza, 2009)."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+")

# Words that questions are made of and that say nothing of what is asked for.
_STOPWORDS = frozenset(
    """
a about am an and any are as at be been being but by can could did do does doing done for from had has have
having he her him his how i if in into is it its me my of on or our please shall she should so some such tell
than that the their them then there these they this those to us was we were what when where which who whom
whose why will with would you your
""".split()
)


def expression(query: str) -> str | None:
    """An expression that matches passages with any telling word of `query`, or None if it has no word."""
    words = dict.fromkeys(word.lower() for word in _WORD.findall(query))
    telling = [word for word in words if word not in _STOPWORDS] or list(words)
    return " OR ".join(f'"{word}"' for word in telling) or None
