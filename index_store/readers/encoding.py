"""Bytes → text: which encoding a file without a label is in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from index_store.errors import DocumentError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The encodings people's files are in, the likeliest first: with few bytes to judge by, order decides.
_BY_LIKELIHOOD: Final = (
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 koi8_r iso8859_2 "
    "cp932 euc_jp gb18030 big5 cp949 mac_roman cp437 cp850"
)
_LEGACY: Final = _BY_LIKELIHOOD.split()
_CONTROLS: Final = bytes(set(range(0x20)) - set(b"\t\n\r\f\x08\x1b")) + b"\x7f"
_BINARY: Final = re.compile(
    rb"%PDF-|PK\x03\x04|\x89PNG|\xff\xd8\xff|GIF8|\x1f\x8b|\x7fELF|\xd0\xcf\x11\xe0|SQLite format"
)
_STATEFUL: Final = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf-7"})
_MOST_BROKEN: Final = 0.05  # of the characters
_ODD: Final = re.compile(r"(?<=[^\W\d_])[^\w\s'’.,:;/&@+-](?=[^\W\d_])|[\x80-\x9fðþÐÞ]")


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text, and remarks on bytes that had to be replaced. Raises DocumentError for binary data.

    A byte order mark decides; then what decodes as UTF-8 is UTF-8, whatever the file declares of
    itself, for other text hardly ever does; then the declared encoding; then the likeliest one.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _with_replacements(data[len(mark) :], encoding)
    wide = _wide(data)
    if wide:
        return _with_replacements(data, wide)
    if _BINARY.match(data):
        raise DocumentError("binary data, not text")
    for encoding in (*_stateful(data, declared), "utf-8", *_named(declared)):
        text = _strictly(data, encoding)
        if text is not None:
            _refuse_controls(data, share=0.1 if encoding == "utf-8" else 0.02)
            return text, ()
    _refuse_controls(data, share=0.02)
    return _legacy(data)


def _legacy(data: bytes) -> tuple[str, tuple[str, ...]]:
    text = data.decode(errors="replace")
    if sum(map(_is_multibyte, text)) > 2 * text.count("�"):  # UTF-8 with a few broken bytes
        return text, ("some bytes are not valid UTF-8 and were replaced",)
    return data.decode(_likeliest(data), errors="replace"), ()


def _is_multibyte(char: str) -> bool:
    return char > "\x7f" and char != "�"


def _likeliest(data: bytes) -> str:
    """Among the encodings that fit about equally well, the one whose text has the fewest odd characters."""
    from charset_normalizer import from_bytes

    matches = list(from_bytes(data, cp_isolation=_LEGACY))
    if not matches:
        return "cp1252"
    best = matches[0]
    fitting = {
        encoding
        for match in matches
        if match.chaos <= best.chaos + 0.02 and match.coherence >= best.coherence - 0.1
        for encoding in match.could_be_from_charset
        if encoding in _LEGACY
    }
    sample = data[:20_000]
    return min(
        fitting or {best.encoding},
        key=lambda encoding: (len(_ODD.findall(sample.decode(encoding, "replace"))), _LEGACY.index(encoding)),
    )


def _wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: Latin text in them has a zero at every second or fourth byte."""
    sample = data[:4096]
    if sample.count(0) < len(sample) * 0.3 or len(sample) < 4:
        return None
    zeros = [sample[offset::4].count(0) / max(1, len(sample[offset::4])) for offset in range(4)]
    for encoding, pattern in (
        ("utf-32-le", (0, 1, 1, 1)),
        ("utf-32-be", (1, 1, 1, 0)),
        ("utf-16-le", (0, 1, 0, 1)),
        ("utf-16-be", (1, 0, 1, 0)),
    ):
        if all(share > 0.7 if wanted else share < 0.3 for share, wanted in zip(zeros, pattern, strict=True)):
            return encoding
    return None


def _with_replacements(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = _strictly(data, encoding)
    if text is not None:
        return text, ()
    text = data.decode(encoding, "replace")
    if text.count("�") > _MOST_BROKEN * len(text):
        raise DocumentError("binary data, not text")
    name = encoding.upper().removesuffix("-LE").removesuffix("-BE")
    return text, (f"some bytes are not valid {name} and were replaced",)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _named(declared: str | None) -> Iterator[str]:
    """The declared encoding, if it is one; what calls itself Latin-1 is in practice cp1252."""
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):
        return
    yield "cp1252" if name in ("iso8859-1", "ascii") else name


def _stateful(data: bytes, declared: str | None) -> Iterator[str]:
    """The encodings whose bytes also pass for ASCII, when the file says so or shows it."""
    for name in _named(declared):
        if name in _STATEFUL:
            yield name
    if b"\x1b$" in data:
        yield "iso2022_jp"


def _refuse_controls(data: bytes, share: float) -> None:
    if len(data) - len(data.translate(None, _CONTROLS)) > share * len(data):
        raise DocumentError("binary data, not text")
