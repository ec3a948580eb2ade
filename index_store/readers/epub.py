"""EPUB e-books: the chapters in reading order."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from index_store.errors import DocumentError
from index_store.readers.container import member, open_container, xml
from index_store.readers.encoding import decode
from index_store.readers.extracted import Extracted, TextBuilder

if TYPE_CHECKING:
    from lxml import etree

_KIND: Final = "EPUB"
_ENTITY: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]+);")
_PROLOGUE: Final = re.compile(r"\s*(?:<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^>\[]*>)?", re.IGNORECASE)
_NAMES: Final = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "e": "http://www.w3.org/2001/04/xmlenc#",
}
_FONT_SCRAMBLING: Final = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def read_epub(data: bytes, _: Path) -> Extracted:
    """All chapters one after another, with their headings; title, author and date as the book states them."""
    container = open_container(data, _KIND)
    _refuse_locked(container)
    package_path = _package_path(container)
    package = _tree(container, package_path)
    builder = TextBuilder()
    for chapter in _chapters(package, posixpath.dirname(package_path)):
        _write_chapter(container, chapter, builder)
    return builder.extracted().named(
        title=_stated(package, "title"),
        author=", ".join(filter(None, (node.text for node in package.iterfind(".//dc:creator", _NAMES)))),
        published=_stated(package, "date"),
    )


def _write_chapter(container: zipfile.ZipFile, path: str, builder: TextBuilder) -> None:
    from index_store.readers.markup import write_markup

    if path not in container.NameToInfo:
        builder.notes.append(f"the chapter {posixpath.basename(path)} is missing")
        return
    text = decode(member(container, path, _KIND))[0]
    try:
        tree = xml(_ENTITY.sub(_unescaped, _PROLOGUE.sub("", text, count=1)).encode())
    except ValueError:  # not well-formed: as lenient as a browser
        from index_store.readers.html import parse_html

        tree = parse_html(text)
    bodies = [element for element in tree if str(element.tag).rpartition("}")[2] == "body"]
    write_markup(bodies[0] if bodies else tree, builder)


def _unescaped(entity: re.Match[str]) -> str:
    """The character that a name of HTML stands for, in a file that XML alone cannot read."""
    return entity[0] if entity[1] in ("amp", "lt", "gt", "quot", "apos") else unescape(entity[0])


def _chapters(package: etree._Element, folder: str) -> Iterator[str]:
    """The members to read in the order of the spine, but not the table of contents."""
    items = {item.get("id"): item for item in package.iterfind(".//o:manifest/o:item", _NAMES)}
    for reference in package.iterfind(".//o:spine/o:itemref", _NAMES):
        item = items.get(reference.get("idref"))
        if item is not None and "nav" not in str(item.get("properties", "")).split():
            yield posixpath.normpath(posixpath.join(folder, unquote(str(item.get("href", "")))))


def _package_path(container: zipfile.ZipFile) -> str:
    root = _tree(container, "META-INF/container.xml").find(".//c:rootfile", _NAMES)
    if root is None or not root.get("full-path"):
        raise DocumentError("not an EPUB: it names no package")
    return str(root.get("full-path"))


def _refuse_locked(container: zipfile.ZipFile) -> None:
    """Raise when parts other than fonts are encrypted."""
    path = "META-INF/encryption.xml"
    if path not in container.NameToInfo:
        return
    methods = _tree(container, path).iterfind(".//e:EncryptedData/e:EncryptionMethod", _NAMES)
    if any(method.get("Algorithm") not in _FONT_SCRAMBLING for method in methods):
        raise DocumentError("copy-protected EPUB")


def _tree(container: zipfile.ZipFile, path: str) -> etree._Element:
    try:
        return xml(member(container, path, _KIND))
    except ValueError as exc:
        raise DocumentError(f"damaged EPUB: {path} is not XML") from exc


def _stated(package: etree._Element, name: str) -> str | None:
    found = package.find(f".//dc:{name}", _NAMES)
    return None if found is None else found.text
