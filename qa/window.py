"""A passage with the sentence before and after it: what is read, so that an answer may cross its edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index_store import Passage, sentence_spans

Neighbours = Mapping[str, tuple[Passage | None, Passage | None]]
LONGEST = 300  # characters of a sentence that is read along


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a document: `text` begins at the offset `start`, and so do the spans of `sentences`.

    `text` is the document's, but for white space, also in place of a list's mark, between passages.
    """

    text: str
    start: int
    sentences: tuple[tuple[int, int], ...]

    @property
    def offsets(self) -> tuple[tuple[int, int], ...]:
        """The sentences by the offsets of `text`."""
        return tuple((start - self.start, end - self.start) for start, end in self.sentences)

    def between(self, start: int, end: int) -> str:
        """What is read of the document's characters from `start` to `end`."""
        return self.text[start - self.start : end - self.start]

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """The sentence that holds the document's character at `offset`, or follows the mark it is in."""
        whole = (self.start, self.start + len(self.text))
        return next((span for span in self.sentences if offset < span[1]), (self.sentences or [whole])[-1])

    def sentences_at(self, start: int, end: int) -> tuple[int, int]:
        """The sentence, or the run of them, that holds the document's characters from `start` to `end`."""
        return self.sentence_at(start)[0], self.sentence_at(end - 1)[1]

    def around(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """The sentences that hold the characters of `text` from `start` to `end`, and these with the one
        before, which they may refer to, by the offsets of `text`; without what is all of it.
        """
        sentences = self.offsets
        held = [at for at, (a, b) in enumerate(sentences) if a < end and start < b]
        if not held:
            return ()
        last, size = sentences[held[-1]][1], len(self.text.strip())
        begins = dict.fromkeys(sentences[at][0] for at in (held[0], max(0, held[0] - 1)))
        return tuple((begin, last) for begin in begins if last - begin < size)


def widened(passage: Passage, neighbours: Neighbours) -> Window:
    """The passage's window, within its section. `neighbours` holds the passages before and after each."""
    before, after = (
        each if each and each.heading == passage.heading else None
        for each in neighbours.get(passage.id, (None, None))
    )
    spans = [(passage.start + start, passage.start + end) for start, end in sentence_spans(passage.text)]
    text, begin = passage.text, passage.start
    if before and (last := _edge(before, -1)):
        spans.insert(0, last)
        head = before.text[last[0] - before.start : last[1] - before.start]
        text, begin = head + " " * (passage.start - last[1]) + text, last[0]
    if after and (first := _edge(after, 0)):
        spans.append(first)
        text += " " * (first[0] - passage.end) + after.text[first[0] - after.start : first[1] - after.start]
    return Window(text, begin, tuple(spans))


def _edge(passage: Passage, which: int) -> tuple[int, int] | None:
    spans = sentence_spans(passage.text)
    if not spans or spans[which][1] - spans[which][0] > LONGEST:
        return None
    return passage.start + spans[which][0], passage.start + spans[which][1]
