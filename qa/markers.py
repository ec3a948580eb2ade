"""A model's text, piece by piece, to whole sentences and the passages that their markers name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index_store import sentence_spans

_OPENING = re.compile(r"[\[【]")
_CLOSING = re.compile(r"[\]】]")
_MARKER = re.compile(  # possessive, so that no text makes it try every way to split white space
    r"(\[)?[\[【]\s*+(?:(?:passages?|sources?)[\s:#]*+)?+"
    r"(\^?\d++(?:\s*+(?:,|;|and|–|-|†\w*+)\s*+\d*+)*+)\s*+[\]】](?(1)\])",
    re.IGNORECASE,
)
_LONGEST_MARKER = 40  # characters; a bracket that stays open longer is text
_BETWEEN = re.compile(r" *(?:[,;&]|and)? *")  # markers of one sentence
_NUMBERED = re.compile(r"\[(\d+)\]")
_END = re.compile(r"[.!?…][\"'”’)»]*(?=\s|$)|[。！？]+[”’）」』]*|\n")
_UNSPACED = "。！？"  # of scripts that put no space after it
_AHEAD = 2  # words after a full stop that tell whether a sentence ended there
_CLOSES = tuple(".,;:!?。，！？\n")  # what no space stands before
_JOINING = re.compile(r" *(?:[,;&]|an?d?)? *")  # begins as `_BETWEEN` does
_UNSURE = re.compile(r"(?:[\s(\[]|\[\d+)*$")  # may still go, when a marker follows
_BARE = re.compile(r"\W*(?:yes|no)[.!]", re.IGNORECASE)
_LIST_MARK = re.compile(r"(?:[-*+•>]\s+|#+\s+|\(?\d{1,2}[.)]\s+)+(?=\S)")
_NAMED = re.compile(r"\b(?:passages?|sources?)(?:\s*(?:,|and|or)?\s*\d{1,2}\b)+", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__|[`|]|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that a model wrote, without its markers, and the numbers in these. `gap` stood before it."""

    text: str
    marked: tuple[int, ...]
    gap: str

    @property
    def words(self) -> str:
        """The same as `spoken`."""
        return spoken(self.text)


def spoken(text: str) -> str:
    """A sentence without passages' numbers, and without Markdown's marks of lists, emphasis and tables."""
    text = _NAMED.sub("the passage", text)
    return " ".join(_EMPHASIS.sub(" " if "|" in text else "", _LIST_MARK.sub("", text, count=1)).split())


@dataclass(slots=True)
class SentenceStream:
    """Takes text as it comes and gives out each sentence as soon as it must be whole.

    Markers are understood before the full stop and after it, as `[1]`, `[1][2]`, `[1], [2]`, `[1, 2]`,
    `[1-3]`, `([1])`, `[[1]]` and `【1】`. One that begins a line belongs to what follows in it, if anything
    does.
    """

    _held: str = ""
    _text: str = ""
    _gap: str = ""
    _open: int = 0  # up to where no sentence ends
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
        gap = _gap(self._gap + self._text[: len(self._text) - len(text)])
        end = _END.search(self._text, max(len(self._text) - len(text), self._open))
        until = end.start() if end else len(self._text)
        if self._marks and _JOINING.fullmatch(self._text, self._marks[-1][0], until):
            until = self._marks[-1][0]
        sure = self._text[len(self._text) - len(text) : until]
        return gap, _parenthesized(sure[:-_LONGEST_MARKER] + _UNSURE.sub("", sure[-_LONGEST_MARKER:]))

    def _take(self, final: bool) -> None:
        """Move what is held into the text, its markers out of it."""
        while found := _OPENING.search(self._held):
            self._append(self._held[: found.start()])
            self._held = self._held[found.start() :]
            near = self._held[:_LONGEST_MARKER]
            if marker := _MARKER.match(near):
                self._mark(_numbers(marker[2]))
                self._held = self._held[marker.end() :]
            elif not final and len(near) < _LONGEST_MARKER and len(_CLOSING.findall(near)) < _nested(near):
                return
            else:
                self._append(self._held[0])
                self._held = self._held[1:]
        self._append(self._held)
        self._held = ""

    def _mark(self, numbers: tuple[int, ...]) -> None:
        if self._marks and _BETWEEN.fullmatch(self._text, self._marks[-1][0]):
            self._text = self._text[: self._marks[-1][0]]
            self._open = min(self._open, len(self._text))
        self._marks.append((self._place, numbers))

    @property
    def _place(self) -> int:
        """Where a marker stands: right behind the last word, or at the beginning of a line."""
        return len(self._text.rstrip(" \t"))

    def _append(self, text: str) -> None:
        """Close the hole that a marker left: in parentheses, before a full stop, and between two spaces."""
        if text and self._marks and self._marks[-1][0] == self._place:
            if text[0] == ")" and self._text.endswith("("):
                self._text, text = self._text[:-1].rstrip(" "), text[1:]
                self._marks[-1] = (len(self._text), self._marks[-1][1])
            spaced = " " * (" " in (self._text[-1:], text[:1]))
            self._text, text = self._text[: self._place], text.lstrip(" ")
            joined = text.startswith(_CLOSES) or self._text.endswith("\n") or not self._text
            text = text if joined else spaced + text
        self._open = min(self._open, len(self._text))
        self._text += text

    def _ready(self, final: bool) -> Iterator[Said]:
        while (end := self._boundary(final)) is not None:
            text, rest = self._text[:end], self._text[end:]
            mine = [at <= end or self._stands_alone(at, end) for at, _ in self._marks]
            marked = [numbers for (_, numbers), here in zip(self._marks, mine, strict=True) if here]
            self._marks = [
                (at - end, numbers) for (at, numbers), here in zip(self._marks, mine, strict=True) if not here
            ]
            gap = self._gap + text[: len(text) - len(text.lstrip())]
            self._text, self._gap, self._open = rest, text[len(text.rstrip()) :], 0
            if sentence := text.strip():
                yield Said(_parenthesized(sentence), _flat(marked), _gap(gap))

    def _stands_alone(self, at: int, end: int) -> bool:
        """Whether a marker is the next thing after the end of a sentence, and the only one in its line."""
        line = self._text[at:].partition("\n")[0]
        return not line.strip() and not self._text[end:at].strip()

    def _boundary(self, final: bool) -> int | None:
        """Where the first sentence of the text ends, None while that is open."""
        lead = len(self._text) - len(self._text.lstrip())
        for found in _END.finditer(self._text, max(lead, self._open)):
            rest = self._text[found.end() :]
            line, *more = rest.split("\n", 1)
            ahead = line.split()[: _AHEAD + 1]
            needed = 1 if found[0][0] in "\n" + _UNSPACED else _AHEAD + 1
            if not final and ((len(ahead) < needed and not more) or not rest.strip()):
                return None
            if found[0] == "\n" or self._ends(lead, found.end(), " ".join(ahead)):
                return found.end()
            self._open = found.end()
        self._open = len(self._text)
        return len(self._text) if final and self._text.strip() else None

    def _ends(self, start: int, end: int, ahead: str) -> bool:
        """Whether a sentence ends where a full stop stands: not after "Dr.", nor after a bare "Yes."."""
        text = self._text[start:end]
        if ahead and _BARE.fullmatch(text):
            return False
        spans = sentence_spans(f"{text} {ahead}")
        return not spans or spans[0][1] <= end - start


def _nested(text: str) -> int:
    """How many brackets close a marker that begins so."""
    return 2 if text.startswith("[[") else 1


def _parenthesized(text: str) -> str:
    """A number that is in brackets still, as of brackets within brackets, is no marker."""
    return _NUMBERED.sub(r"(\1)", text)


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
