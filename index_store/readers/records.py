"""JSON and JSON Lines: each value with the path of keys that leads to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from index_store.errors import DocumentError
from index_store.readers.encoding import decode
from index_store.readers.extracted import Extracted, TextBuilder, clean, iso_date

_TITLES: Final = ("title", "headline", "name")
_SHORT: Final = 400
_DATES: Final = ("published", "date_published", "datePublished", "published_at", "publishedAt", "date")


def read_json(data: bytes, _: Path) -> Extracted:
    """`name: Ada; address.city: London` for each record of a list, and for what else there is.

    What calls itself JSON and is none is read as the text it is, and that is noted.
    """
    text, notes = decode(data)
    try:
        value = _parsed(text)
    except json.JSONDecodeError as exc:
        note = f"not valid JSON (line {exc.lineno}): read as plain text"
        return Extracted(clean(text), notes=(*notes, note))
    builder = TextBuilder(notes=list(notes))
    for block in _blocks(value):
        _write(block, builder)
    return builder.extracted().named(**_stated(value))


def read_jsonl(data: bytes, _: Path) -> Extracted:
    """A paragraph for each line's record; a line that is no JSON stands as it is, and that is noted."""
    text, notes = decode(data)
    builder = TextBuilder(notes=list(notes))
    broken = 0
    for line in filter(str.strip, text.split("\n")):
        try:
            _write(list(_lines(_parsed(line), "")), builder)
        except json.JSONDecodeError:
            builder.add(line)
            broken += 1
    if broken:
        lines = "1 line is" if broken == 1 else f"{broken} lines are"
        builder.notes.append(f"{lines} not valid JSON: read as plain text")
    return builder.extracted()


def _parsed(text: str) -> Any:
    """The value; objects are lists of pairs, so that no key is lost, and numbers keep their digits."""
    try:
        return json.loads(text, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError as exc:
        raise DocumentError("nested too deeply") from exc


def _write(lines: list[str], builder: TextBuilder) -> None:
    """A short record is a paragraph, like the row of a table; of a long one, every value is."""
    if sum(map(len, lines)) <= _SHORT and not any("\n" in line for line in lines):
        lines = ["; ".join(lines)]
    for line in lines:
        builder.add(line)


class _Pairs(tuple[tuple[str, Any], ...]):
    """A JSON object."""

    __slots__ = ()


def _blocks(value: Any) -> Iterator[list[str]]:
    """The lines of a value; for a list of records, of each record by itself."""
    if isinstance(value, list):
        for item in value:
            yield list(_lines(item, ""))
    elif isinstance(value, _Pairs):
        plain = [(key, inner) for key, inner in value if not _is_records(inner)]
        yield list(_lines(_Pairs(plain), ""))
        for key, inner in value:
            if _is_records(inner):
                for item in inner:
                    yield list(_lines(item, key))
    else:
        yield list(_lines(value, ""))


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, (list, _Pairs)) for item in value)


def _lines(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, _Pairs):
        for key, inner in value:
            yield from _lines(inner, f"{path}.{key}" if path else key)
    elif _is_records(value):
        for item in value:
            yield from _lines(item, path)
    elif isinstance(value, list):
        yield from _labelled(", ".join(map(_shown, value)), path)
    else:
        yield from _labelled(_shown(value), path)


def _labelled(text: str, path: str) -> Iterator[str]:
    if text.strip():
        yield f"{path}: {text}" if path else text


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _stated(value: Any) -> dict[str, str | None]:
    """Title and date among the top keys of an object, when they hold a line of text and a date."""
    top = dict(value) if isinstance(value, _Pairs) else {}
    texts = {key: text for key, text in top.items() if isinstance(text, str) and "\n" not in text}
    title = next((texts[key] for key in _TITLES if key in texts), None)
    date = next((texts[key] for key in _DATES if iso_date(texts.get(key))), None)
    return {"title": title, "published": date}
