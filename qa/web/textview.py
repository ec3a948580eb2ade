"""A document's text, with the words asked for marked in place."""

from __future__ import annotations

from markupsafe import Markup

from qa.web.place import Located

WINDOW = 60_000
"""How much text around the words is shown at first; the whole document comes on request."""

_TEXT = Markup('{}<div class="fn-text" data-layout="{}" dir="auto">{}</div>{}')
_LINE = Markup('<span class="fn-line">{}</span>')
_MARK = Markup('{}<mark class="fn-quote" data-kind="{}">{}</mark>{}')
_REST = Markup('<p class="fn-rest"><button type="button" class="fn-whole">{}</button></p>')


def text_view(text: str, place: Located, kind: str, whole: bool) -> Markup:
    """The text around the place, or all of it. Offsets beyond the text mark what there is."""
    low, high = (0, len(text)) if whole else window(text, place.start, place.end)
    return _TEXT.format(
        _REST.format("Show the text before this") if low > 0 else "",
        layout(text),
        lines(text, low, high, place, kind),
        _REST.format("Show the text after this") if high < len(text) else "",
    )


def window(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of whole lines around `start`–`end`, WINDOW characters or a little more."""
    low, high = max(0, start - WINDOW // 2), min(len(text), max(start, end) + WINDOW // 2)
    if low > 0:
        low = text.rfind("\n", 0, low) + 1
    newline = text.find("\n", high)
    return low, (newline + 1 if newline >= 0 else len(text))


def layout(text: str) -> str:
    """ "paragraphs" if each line is a paragraph of its own, else "lines", which keeps the text dense."""
    full = [len(line) for line in text[:WINDOW].split("\n") if line.strip()]
    return "paragraphs" if full and sum(full) / len(full) > 120 else "lines"


def exact(text: str) -> Markup:
    """`text` escaped so that the browser keeps each character of it, carriage returns included."""
    return Markup.escape(text).replace("\r", Markup("&#13;"))


def lines(text: str, low: int, high: int, place: Located, kind: str) -> Markup:
    """text[low:high], line by line, every character of it, with the place inside <mark>."""
    parts: list[Markup] = []
    cursor = low
    for line in text[low:high].splitlines(keepends=True):
        start = min(max(place.start - cursor, 0), len(line))
        end = min(max(place.end - cursor, start), len(line))
        content = exact(line)
        if start < end:
            pieces = exact(line[:start]), exact(line[start:end]), exact(line[end:])
            content = _MARK.format(pieces[0], kind, pieces[1], pieces[2])
        parts.append(_LINE.format(content))
        cursor += len(line)
    return Markup("").join(parts)
