"""HTML: of a web page the main text, of any other document all of it."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index_store.errors import DocumentError
from index_store.readers.encoding import decode
from index_store.readers.extracted import Extracted, TextBuilder, clean

if TYPE_CHECKING:
    from lxml import etree

_CHARSET: Final = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.IGNORECASE
)
_XML_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]*\?>")
# What parts a web page from a document: a page has ways to elsewhere around its text.
_FURNITURE: Final = "//nav|//footer|//aside|//*[@role='navigation' or @role='banner' or @role='contentinfo']"
# Where a page states its title, author and date; elsewhere a date is merely one the text speaks of.
_STATEMENTS: Final = (
    "//body//script[@type='application/ld+json']|//h1|//time|//address|//*[@itemprop]|//*[@rel='author']"
    "|//*[contains(@class, 'date') or contains(@class, 'byline') or contains(@class, 'author')"
    " or contains(@class, 'publish') or contains(@id, 'date') or contains(@id, 'author')]"
)
_AROUND: Final = frozenset({"nav"})
_ENOUGH: Final = 0.25


def read_html(data: bytes, _: Path) -> Extracted:
    """The main text of a page, or all of a document; title, author and date as its metadata state them."""
    declared = _CHARSET.search(data[:4096])
    text, notes = decode(data, declared[1].decode() if declared else None)
    return extract_html(text).with_notes(*notes)


def extract_html(text: str) -> Extracted:
    """What stands in HTML that is already decoded."""
    from trafilatura import extract_metadata

    tree = parse_html(text)
    statements = _statements(tree)
    found = _main_text(tree) if _is_page(tree) else _whole_text(tree)
    dates = {"extensive_search": False, "original_date": True}
    metadata = extract_metadata(statements, date_config=dates, extensive=False)
    return found.named(title=metadata.title, author=metadata.author, published=metadata.date)


def markup_text(text: str) -> Extracted:
    """All the visible words of HTML that is already decoded, without a look at its metadata."""
    return _whole_text(parse_html(text))


def parse_html(text: str) -> etree._Element:
    """The tree a browser would make of it. Raises DocumentError when there is nothing in it."""
    from lxml import etree, html

    text = _XML_DECLARATION.sub("", clean(text), count=1)
    if not text.strip():
        raise DocumentError("empty file")
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.document_fromstring(text, parser=parser)
    except etree.ParserError as exc:
        raise DocumentError("no text in this file") from exc
    if any("depth" in entry.message for entry in parser.error_log):
        raise DocumentError("nested too deeply")
    return tree


def _is_page(tree: etree._Element) -> bool:
    """Whether there is navigation around the text, or so many links that the page is made of them."""
    if _found(tree, _FURNITURE):
        return True
    from index_store.readers.markup import words_of

    linked = sum(len(words_of(link).split()) for link in tree.iterfind(".//a[@href]"))
    return linked > 0.5 * len(words_of(_body(tree)).split())


def _main_text(tree: etree._Element) -> Extracted:
    """What trafilatura takes for the main text; all of the text when it takes next to nothing."""
    from trafilatura import bare_extraction

    whole = _whole_text(tree)
    page = bare_extraction(
        _with_kept_lines(tree),
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        favor_recall=True,
    )
    if page is None or isinstance(page, dict) or page.body is None:
        return whole
    main = _written(page.body)
    return main if len(main.text) >= _ENOUGH * len(whole.text) else whole


def _with_kept_lines(tree: etree._Element) -> etree._Element:
    """A copy in which the line ends of preformatted text are elements: others do not survive extraction."""
    from lxml import etree

    tree = deepcopy(tree)
    for block in tree.iter("pre"):
        if len(block) == 0:
            block.text, *lines = (block.text or "").strip("\n").split("\n")
            for line in lines:
                etree.SubElement(block, "br").tail = line
    return tree


def _whole_text(tree: etree._Element) -> Extracted:
    return _written(_body(tree), _AROUND)


def _written(tree: etree._Element, unseen: frozenset[str] = frozenset()) -> Extracted:
    from index_store.readers.markup import write_markup

    builder = TextBuilder()
    write_markup(tree, builder, unseen)
    return builder.extracted()


def _body(tree: etree._Element) -> etree._Element:
    body = tree.find("body")
    return tree if body is None else body


def _statements(tree: etree._Element) -> etree._Element:
    """A copy of the page with nothing in it but what it says of itself."""
    from lxml import html

    page: etree._Element = html.Element("html")
    head = tree.find("head")
    page.append(html.Element("head") if head is None else deepcopy(head))
    body = html.Element("body")
    page.append(body)
    for element in _found(tree, _STATEMENTS)[:200]:
        copy = deepcopy(element)
        copy.tail = None
        body.append(copy)
    return page


def _found(tree: etree._Element, path: str) -> list[etree._Element]:
    from lxml import etree

    found = tree.xpath(path)
    return [item for item in found if isinstance(item, etree._Element)] if isinstance(found, list) else []
