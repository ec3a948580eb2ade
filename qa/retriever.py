"""The passages that answer a question best: by meaning and by words, fused, then read and ranked again."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index_store import Embedder, Hit, Passage, Snapshot
from qa.aptness import apt, is_phrase
from qa.attribution import source_of_figure, told_by
from qa.calibration import Calibration, Signals
from qa.crossencoder import CrossEncoder, PassageReading, Span, likeliest
from qa.fusion import Candidate, fuse
from qa.lists import Listing, list_at
from qa.question import Kind, kind
from qa.rows import Lookup, in_fitting_rows, looked_up, rows
from qa.window import Window, widened
from qa.words import content_words, respelt, spelt_out

CANDIDATES = 50
SENTENCES = 2  # of the best passage that are looked at again
RIVAL = 4.0  # logits: how much worse than the best a short answer may be, to have its sentence looked at
APT_RIVAL = 5.0  # and to take the place of words that cannot answer
PHRASE_RIVAL = 9.5  # the same for a query that is no sentence
SOURCE_RIVAL = 9.5  # and to be taken instead, where it is the figure of whom the question names
FIRST = 0.25  # the probability from which on a passage that gives such a figure is put first
READ = 8  # passages, or `k` if that is more: a question takes less time than embedding 16 passages
_QUESTION = re.compile(r"\?[*_\s]*$")
_ASKER = re.compile(r"[^?\n]{1,60}: ")  # when it is asked in a chat, and by whom
_ANSWER = re.compile(r"[*_]*(?:A|Answer)[*_]*[:.][*_]*\s*")


@dataclass(frozen=True, slots=True)
class Found:
    """A hit and what was read around it; `spans` are short answers, best first, by the document's offsets."""

    hit: Hit
    signals: Signals
    window: Window
    spans: tuple[Span, ...]
    reading: PassageReading


class Retriever:
    """Dense and BM25 retrieval over a snapshot of the index; the reader ranks the best of it again."""

    def __init__(self, embedder: Embedder, encoder: CrossEncoder, calibration: Calibration) -> None:
        self._embedder = embedder
        self._encoder = encoder
        self._calibration = calibration

    def retrieve(
        self, snapshot: Snapshot, query: str, k: int, sources: Sequence[str] | None = None
    ) -> tuple[Hit, ...]:
        """The `k` best passages, best first; with `sources` (paths, folders or globs) from these alone.

        A hit's score, from 0 to 1, is the probability that its passage answers. Scores fall with the
        rank, except where somebody's figure is asked for: the passage that gives it comes first at any score.
        Raises UnknownSourceError for a source that matches nothing.
        """
        return tuple(found.hit for found in self._ranked(snapshot, query, k, sources)[1])

    def find(
        self, snapshot: Snapshot, query: str, k: int, sources: Sequence[str] | None = None
    ) -> tuple[Found, ...]:
        """The same hits, each with what was read around it, the best one after a closer look."""
        query, ranked = self._ranked(snapshot, query, k, sources)
        return (self.closer(query, ranked[0]), *ranked[1:]) if ranked else ()

    def _ranked(
        self, snapshot: Snapshot, query: str, k: int, sources: Sequence[str] | None
    ) -> tuple[str, tuple[Found, ...]]:
        """The query as it was understood, and what was found for it, best first.

        A query whose abbreviation only stands in full in what it finds, or with a word misspelt, is searched
        for again, in full and as the documents spell it.
        """
        candidates = self.candidates(snapshot, query, max(k, READ), sources)
        texts = [f"{each.passage.title} {each.passage.text}" for each in candidates]
        full = respelt(spelt_out(query, texts), texts, self._encoder.knows)
        if full != query:
            query, candidates = full, self.candidates(snapshot, full, max(k, READ), sources)
        found = self.read(snapshot, query, candidates)
        ranked = _by_source(query, sorted(found, key=lambda each: (-each.hit.score, each.hit.passage.id)))
        return query, tuple(
            dataclasses.replace(each, hit=dataclasses.replace(each.hit, rank=rank))
            for rank, each in enumerate(ranked[:k], 1)
        )

    def closer(self, query: str, found: Found) -> Found:
        """What was found, after a closer look at the likeliest sentences: alone, and after the one before.

        The reader was trained on short stretches, and what it says of the same words in three settings is
        steadier than what it says in one. Rows of a table are left alone, and an item of a list has no rival:
        what they mean is told by their header or introduction.
        """
        window, whole = found.window, found.reading
        if whole.marks is None or not found.spans or rows(window):
            return found
        likely = [each for each in whole.spans if each.score >= whole.spans[0].score - RIVAL]
        if listing := list_at(window.text, whole.spans[0].start):
            likely = _in_items(query, window, whole.spans, listing)[:1]
        every = dict.fromkeys(window.around(each.start, each.end) for each in likely)
        sentences = [around for around in every if around][:SENTENCES]
        stretches = list(dict.fromkeys(itertools.chain(*sentences)))
        read = self._encoder.look(query, title_read(found.hit.passage), window.text, stretches)
        looks = dict(zip(stretches, read, strict=True))
        reading = likeliest(whole, [[looks[each] for each in around] for around in sentences])
        reading = _apt(
            query, window.text, _from_source(query, window, _past_questions(query, window, reading))
        )
        signals = Signals.of(found.signals.cosine, found.signals.lexical, reading)
        return dataclasses.replace(
            found, signals=signals, spans=_moved(reading.spans, window.start), reading=reading
        )

    def read(self, snapshot: Snapshot, query: str, candidates: Sequence[Candidate]) -> tuple[Found, ...]:
        """What the reader makes of each candidate, in order."""
        neighbours = snapshot.neighbours([each.passage.id for each in candidates])
        windows = [widened(each.passage, neighbours) for each in candidates]
        titles = [title_read(each.passage) for each in candidates]
        texts = [window.text for window in windows]
        readings = self._encoder.read(query, tuple(zip(titles, texts, strict=True)))
        readings = self._looked_up(query, windows, readings)
        return tuple(self._found(query, *each) for each in zip(candidates, windows, readings, strict=True))

    def _looked_up(
        self, query: str, windows: Sequence[Window], readings: Sequence[PassageReading]
    ) -> tuple[PassageReading, ...]:
        """The readings, but for a table's cell that the query names: it is read by itself, in words.

        The reader was trained on prose, and in a row of many cells it often takes the wrong one.
        """
        cells = {at: cell for at, window in enumerate(windows) if (cell := looked_up(query, window))}
        again = self._encoder.read(query, [("", each.words) for each in cells.values()])
        read = list(readings)
        for (at, lookup), reading in zip(cells.items(), again, strict=True):
            read[at] = _of_cell(lookup, windows[at], max(reading, read[at], key=lambda each: each.answerable))
        return tuple(read)

    def _found(self, query: str, candidate: Candidate, window: Window, reading: PassageReading) -> Found:
        if not rows(window):  # whose units are in the header
            reading = _apt(
                query, window.text, _from_source(query, window, _past_questions(query, window, reading))
            )
        signals = Signals.of(candidate.cosine, candidate.lexical, reading)
        score = self._calibration.passage.probability(signals.values())
        spans = in_fitting_rows(query, window, _moved(reading.spans, window.start))
        return Found(Hit(candidate.passage, score, 0), signals, window, spans, reading)

    def candidates(
        self, snapshot: Snapshot, query: str, count: int, sources: Sequence[str] | None = None
    ) -> tuple[Candidate, ...]:
        """The `count` best passages by the fused score alone.

        A passage that only one of the two searches found gets its true cosine all the same.
        """
        chosen = None if sources is None else snapshot.matching(sources)
        depth = max(count, CANDIDATES)
        vector = self._embedder.embed_query(query)
        dense = snapshot.dense(vector, depth, chosen)
        lexical = snapshot.lexical(query, depth, chosen)
        cosines = {hit.passage.id: hit.score for hit in dense}
        missing = [hit.passage.id for hit in lexical if hit.passage.id not in cosines]
        found = snapshot.vectors(missing) if missing else {}
        cosines |= {id: float(vector @ found[id]) for id in found}
        return fuse({hit.passage.id: hit.passage for hit in (*dense, *lexical)}, cosines, lexical)[:count]


def title_read(passage: Passage) -> str:
    """The title that is read along; one made from a file's name is not."""
    return passage.title if passage.titled else ""


def _moved(spans: Sequence[Span], by: int) -> tuple[Span, ...]:
    return tuple(Span(by + span.start, by + span.end, span.score) for span in spans)


def _apt(query: str, text: str, reading: PassageReading) -> PassageReading:
    """The reading; without short answers that can be none where one is the likeliest, if nearly as likely
    ones remain.
    """
    spans = reading.spans
    if not spans or apt(query, text[spans[0].start : spans[0].end], text[spans[0].end :]):
        return reading
    kept = tuple(each for each in spans if apt(query, text[each.start : each.end], text[each.end :]))
    margin = PHRASE_RIVAL if is_phrase(query) else APT_RIVAL
    if not kept or kept[0].score < spans[0].score - margin:
        return reading
    return dataclasses.replace(reading, spans=kept)


def _past_questions(query: str, window: Window, reading: PassageReading) -> PassageReading:
    """The reading; with what follows a question of the document in the place of that question's own words.

    In a list of questions and answers, or a chat, the question that is like the one asked seems to answer it.
    """
    spans = dict.fromkeys(_behind(query, window, each, reading.spans) for each in reading.spans)
    return dataclasses.replace(reading, spans=tuple(spans))


def _behind(query: str, window: Window, span: Span, others: Sequence[Span]) -> Span:
    """The likeliest short answer in the sentence behind the question that a span is in, else all of that.

    The span itself if it is in no question, or another question follows; also if it says what the query does
    not, except where something is to be confirmed.
    """
    sentences, text = window.offsets, window.text
    at = next((at for at, (_, end) in enumerate(sentences) if span.start < end), len(sentences))
    if not (at < len(sentences) and _QUESTION.search(text[slice(*sentences[at])])):
        return span
    asker = _ASKER.match(text, sentences[at][0])
    is_asker = asker is not None and span.end <= asker.end()
    says_more = not is_asker and content_words(text[span.start : span.end]) - content_words(query)
    if says_more and kind(query) is not Kind.YES_NO:
        return span
    for start, end in sentences[at + 1 : at + 3]:
        mark = _ANSWER.match(text, start, end)
        start = mark.end() if mark else start
        if start < end:
            if _QUESTION.search(text[start:end]):
                break
            own = next((each for each in others if start <= each.end - 1 and each.end <= end), None)
            return Span(max(start, own.start), own.end, span.score) if own else Span(start, end, span.score)
    return span


def _from_source(query: str, window: Window, reading: PassageReading) -> PassageReading:
    """The reading; with the sentence alone that gives the figure of whom the query names, if the best one
    is another's.
    """
    source, spans = source_of_figure(query), reading.spans
    if not source:
        return reading
    told = [_told(window, each) for each in spans if each.score >= spans[0].score - SOURCE_RIVAL]
    at = told_by(source, told)
    if at is None:
        return reading
    kept = tuple(each for each in spans if _told(window, each)[1] == told[at][1])
    return dataclasses.replace(reading, spans=kept)


def _by_source(query: str, ranked: Sequence[Found]) -> Sequence[Found]:
    """The same order, with the passage first that gives the figure of whom the query names."""
    source = source_of_figure(query)
    if not source:
        return ranked
    may = [each for each in ranked if each.spans and each.hit.score >= FIRST and not rows(each.window)]
    at = told_by(source, [_told(each.window, each.reading.spans[0]) for each in may])
    return ranked if at is None else [may[at], *(each for each in ranked if each is not may[at])]


def _told(window: Window, span: Span) -> tuple[str, str]:
    """The words of a short answer, by the offsets of the window's text, and the sentence that holds them."""
    start, end = window.sentence_at(window.start + span.start)
    return window.text[span.start : span.end], window.between(start, end)


def _in_items(query: str, window: Window, spans: Sequence[Span], listing: Listing) -> list[Span]:
    """The short answers that are not in the line that introduces a list.

    Where something is to be confirmed, those in the item that has most of the question's words come first.
    """
    introduced = listing.introduction[1] if listing.introduction else 0
    items = [each for each in spans if each.start >= introduced]
    if kind(query) is Kind.YES_NO:
        asked = content_words(query)
        items.sort(key=lambda each: -len(asked & content_words(_told(window, each)[1])))
    return items


def _of_cell(lookup: Lookup, window: Window, reading: PassageReading) -> PassageReading:
    start, end = lookup.cell.start - window.start, lookup.cell.end - window.start
    score = reading.spans[0].score if reading.spans else 0.0
    return dataclasses.replace(reading, spans=(Span(start, end, score),), marks=None)
