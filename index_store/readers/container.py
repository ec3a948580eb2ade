"""The zip files that Office documents and e-books are, opened with care."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Final

from index_store.errors import DocumentError

if TYPE_CHECKING:
    from lxml import etree

_MIB: Final = 1 << 20
_LARGEST: Final = 512 * _MIB
_RATIO: Final = 200
_FREE: Final = 16 * _MIB  # up to here no ratio is suspicious: a sheet of empty cells packs a thousandfold
_MOST_MEMBERS: Final = 50_000
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def open_container(data: bytes, kind: str) -> zipfile.ZipFile:
    """The zip file, once its list of members shows that it cannot expand without end.

    `kind` is what it should be ("DOCX"), for the reason. zipfile never unpacks more of a member than
    the list declares, so the declared sizes are a bound even when they lie.
    """
    if data.startswith(_OLE):
        locked = _ENCRYPTED in data
        raise DocumentError(
            f"password-protected {kind}" if locked else f"not {_a(kind)}: an older Office format"
        )
    try:
        container = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as exc:
        raise DocumentError(f"not {_a(kind)}, or damaged: {_decapitalised(exc)}") from exc
    members = container.infolist()
    size = sum(member.file_size for member in members)
    if len(members) > _MOST_MEMBERS or size > _LARGEST or size > max(_FREE, _RATIO * len(data)):
        raise DocumentError(f"expands to {max(1, size // _MIB):,} MiB from {_shown(len(data))}: not opened")
    if any(member.flag_bits & 1 for member in members):
        raise DocumentError(f"password-protected {kind}")
    return container


def member(container: zipfile.ZipFile, path: str, kind: str) -> bytes:
    """One member's bytes; a missing or damaged one makes the whole file unreadable."""
    try:
        return container.read(path)
    except KeyError as exc:
        raise DocumentError(f"not {_a(kind)}: it has no {path}") from exc
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as exc:
        raise DocumentError(f"damaged {kind}: {_decapitalised(exc)}") from exc


def xml(data: bytes) -> etree._Element:
    """The tree of an XML member; entities stay unexpanded, nothing is fetched. ValueError if it is none."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise ValueError(str(exc)) from exc


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'EX' else 'a'} {kind}"


def _shown(size: int) -> str:
    return f"{size // _MIB} MiB" if size >= _MIB else f"{max(1, size // 1024)} KiB"


def _decapitalised(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:1].lower() + text[1:]
