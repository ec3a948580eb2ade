"""A tree of HTML (or of what trafilatura makes of it) → text in blocks. No recursion: depth cannot hurt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from index_store.readers.extracted import TextBuilder
from index_store.readers.table import table_lines

_BLOCK_NAMES: Final = (
    "address article aside blockquote body caption cell center dd details dialog div dl dt fieldset "
    "figcaption figure footer form head header hr html item legend li list main nav ol optgroup p pre quote "
    "row section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_ITEMS: Final = frozenset({"li", "item", "dd", "dt"})
_UNSEEN_NAMES: Final = (
    "script style noscript template svg canvas iframe object embed audio video map select datalist button "
    "title meta link base"
)
_UNSEEN: Final = frozenset(_UNSEEN_NAMES.split())
_BREAK: Final = "\x0b"  # where a line ends on purpose; other white space only parts words
_SPACE: Final = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LEVEL: Final = re.compile(r"h([1-6])$")


@dataclass(slots=True)
class _Walk:
    builder: TextBuilder
    unseen: frozenset[str]
    words: list[str] = field(default_factory=list)
    item: bool = False  # a list item has begun and not yet been written
    tight: bool = False  # the next block belongs to a list that has begun

    def start(self, element: etree._Element) -> bool:
        """Take in an element's beginning; False when nothing inside it is to be read."""
        tag = name(element)
        if tag in self.unseen or _is_hidden(element):
            return False
        if tag in _BLOCKS or level(element):
            self.flush()
        if tag in ("table", "pre", "code") and self._written_whole(tag, element):
            return False
        if tag in _ITEMS:
            self.item = True
        self.words.append(_BREAK if tag in ("br", "lb") else element.text or "")
        return True

    def end(self, element: etree._Element) -> None:
        """Take in an element's end, and what follows it."""
        tag = name(element)
        if level(element):
            self.builder.heading(self._taken(), level(element))
            self.item = self.tight = False
        elif tag in _BLOCKS:
            self.flush()
            if tag in _ITEMS:
                self.item = False
            elif tag in ("ul", "ol", "dl", "list") and name(element.getparent()) not in _ITEMS:
                self.tight = False
        self.words.append(element.tail or "")

    def flush(self) -> None:
        """Write the words so far as a paragraph, or as a list item when one has begun."""
        text = self._taken()
        if not text:
            return
        self.builder.add(f"- {text}" if self.item else text, "\n" if self.tight else "\n\n")
        self.tight, self.item = self.tight or self.item, False

    def _taken(self) -> str:
        text = _SPACE.sub(" ", "".join(self.words))
        self.words.clear()
        return re.sub(f" ?{_BREAK} ?", "\n", text).strip()

    def _written_whole(self, tag: str, element: etree._Element) -> bool:
        if tag == "table":
            if not _holds_data(element):
                return False
            for line in table_lines(_rows(element)):
                self.builder.add(line)
            return True
        text = words_of(element)
        if tag == "pre" or "\n" in text.strip():
            self.flush()
            self.builder.add(text.expandtabs(4).strip("\n"))
            return True
        return False


def write_markup(tree: etree._Element, builder: TextBuilder, unseen: frozenset[str] = frozenset()) -> None:
    """Write the tree's visible words: headings, paragraphs, list items, and tables row by row."""
    walk = _Walk(builder, _UNSEEN | unseen)
    events = etree.iterwalk(tree, events=("start", "end"))
    for event, element in events:
        if event == "start":
            if not walk.start(element):
                events.skip_subtree()
        else:
            walk.end(element)
    walk.flush()


def name(element: etree._Element | None) -> str:
    """The element's name without its namespace; "" for comments and for nothing."""
    tag = element.tag if element is not None else ""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def words_of(element: etree._Element) -> str:
    """All text in the element, as it stands there."""
    return "".join(map(str, element.itertext()))


def level(element: etree._Element) -> int:
    """1 for the outermost kind of heading to 6; 0 for what is no heading."""
    tag = name(element)
    match = _LEVEL.match(str(element.get("rend", "h2")) if tag == "head" else tag)
    return int(match[1]) if match else 0


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(str(element.get("style", ""))))


def _holds_data(table: etree._Element) -> bool:
    """Whether this is a table and no layout: no table, list, heading or run of paragraphs in its cells."""
    inner = [name(element) for element in table.iterdescendants()]
    if any(tag in ("table", "ul", "ol", "list", "pre") or _LEVEL.match(tag) for tag in inner):
        return False
    cells = inner.count("td") + inner.count("th") + inner.count("cell")
    return cells > 1 and inner.count("p") + inner.count("div") <= 2 * cells


def _rows(table: etree._Element) -> Iterator[list[str]]:
    for row in table.iterdescendants():
        if name(row) in ("tr", "row"):
            yield [words_of(cell) for cell in row if name(cell) in ("td", "th", "cell")]
        elif name(row) == "caption":
            yield [words_of(row)]
