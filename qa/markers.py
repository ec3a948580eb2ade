"""A model's text, piece by piece, to whole sentences and the passages that their markers name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index_store import sentence_spans

_OPENING = re.compile(r"[\[【]")
_CLOSING = re.compile(r"[\]】]")
_MARKER = re.compile(
    r"[\[【]\s*(?:(?:passages?|sources?)\s*)?(\^?\d{1,4}(?:\s*(?:,|;|and|–|-|†\w*)\s*\d{0,4})*)\s*[\]】]",
    re.IGNORECASE,
)
_LONGEST_MARKER = 40  # characters; a bracket that stays open longer is text
_END = re.compile(r"[.!?…。！？][\"'”’)»]*(?=\s|$)|\n")
_AHEAD = 2  # words after a full stop that tell whether a sentence ended there


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that a model wrote, without its markers, and the numbers in these. `gap` stood before it."""

    text: str
    marked: tuple[int, ...]
    gap: str


@dataclass(slots=True)
class SentenceStream:
    """Takes text as it comes and gives out each sentence as soon as it must be whole.

    Markers are understood before the full stop and after it, as `[1]`, `[1][2]`, `[1, 2]`, `[1-3]` and
    `【1】`.
    """

    _held: str = ""
    _text: str = ""
    _gap: str = ""
    _marks: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)

    def feed(self, piece: str) -> Iterator[Said]:
        """The sentences that are whole now."""
        self._held += piece
        self._take(final=False)
        yield from self._ready(final=False)

    def end(self) -> Iterator[Said]:
        """The rest."""
        self._take(final=True)
        yield from self._ready(final=True)

    @property
    def begun(self) -> tuple[str, str]:
        """The gap and the words of the sentence that is being written, as far as they are sure to stay."""
        text = self._text.lstrip()
        end = _END.search(text)
        sure = text[: end.start()] if end else text
        return _gap(self._gap + self._text[: len(self._text) - len(text)]), sure.rstrip()

    def _take(self, final: bool) -> None:
        """Move what is held into the text, its markers out of it."""
        while found := _OPENING.search(self._held):
            self._append(self._held[: found.start()])
            self._held = self._held[found.start() :]
            if marker := _MARKER.match(self._held):
                self._marks.append((len(self._text.rstrip()), _numbers(marker[1])))
                self._held = self._held[marker.end() :]
            elif not final and len(self._held) < _LONGEST_MARKER and not _CLOSING.search(self._held):
                return
            else:
                self._append(self._held[0])
                self._held = self._held[1:]
        self._append(self._held)
        self._held = ""

    def _append(self, text: str) -> None:
        """Close the hole that a marker left: before a full stop, and between two spaces."""
        if self._marks and self._marks[-1][0] == len(self._text.rstrip()):
            if text.startswith(tuple(".,;:!?")):
                self._text = self._text.rstrip()
            elif self._text.endswith(" "):
                text = text.lstrip(" ")
        self._text += text

    def _ready(self, final: bool) -> Iterator[Said]:
        while (end := self._boundary(final)) is not None:
            text, rest = self._text[:end], self._text[end:]
            sentence = text.strip()
            # A marker right after the full stop belongs to this sentence, also while nothing follows.
            marked = [numbers for at, numbers in self._marks if at <= end]
            self._marks = [(at - end, numbers) for at, numbers in self._marks if at > end]
            gap = self._gap + text[: len(text) - len(text.lstrip())]
            self._text, self._gap = rest, text[len(text.rstrip()) :]
            if sentence:
                yield Said(sentence, _flat(marked), _gap(gap))

    def _boundary(self, final: bool) -> int | None:
        """Where the first sentence of the text ends, None while that is open."""
        lead = len(self._text) - len(self._text.lstrip())
        for found in _END.finditer(self._text, lead):
            rest = self._text[found.end() :]
            if found[0] == "\n":
                return found.end()
            if not final and "\n" not in rest and len(rest.split()) <= _AHEAD:
                return None
            spans = sentence_spans(self._text[lead : found.end()] + " " + rest.lstrip())
            if spans[0][1] <= found.end() - lead:
                return found.end()
        return len(self._text) if final and self._text.strip() else None


def _gap(space: str) -> str:
    return "\n\n" if space.count("\n") > 1 else "\n" if "\n" in space else " " if space else ""


def _flat(groups: list[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for group in groups for number in group))


def _numbers(inside: str) -> tuple[int, ...]:
    """The numbers of a marker, a range written out."""
    inside = re.sub(r"†\w*", "", inside).replace("^", "")
    numbers: list[int] = []
    for part in re.split(r",|;|and", inside, flags=re.IGNORECASE):
        ends = [int(each) for each in re.findall(r"\d+", part)]
        if len(ends) == 2 and 0 <= ends[1] - ends[0] < 20:
            numbers += range(ends[0], ends[1] + 1)
        else:
            numbers += ends
    return tuple(dict.fromkeys(numbers))
