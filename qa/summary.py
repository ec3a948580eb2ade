"""Extractive summaries: the sentences that stand for the documents in question, word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt

from index_store import Embedder, Hit, Snapshot, UnknownSourceError, sentence_spans
from qa.citations import Evidence
from qa.wording import FILE, THIS_FILE
from qa.words import content_words, specifics

_SAMPLED = 512  # passages, spread evenly over the documents, that say what these are about
_READ = 16  # passages whose sentences are candidates
_FEWEST, _MOST = 3, 6  # sentences
_VARIETY = 0.35  # the weight of being unlike what is chosen already
_SAME = 0.8  # cosine from which on two sentences say the same
_FIRST = 0.08  # for the sentence that a document begins with; less for each one after it
_ANOTHER_DOCUMENT = 0.1
_LENGTHS = range(20, 500)  # characters of a sentence that can stand in a summary
_TELLING = 40  # characters; shorter sentences only where there are not enough others

_LEANS = re.compile(
    r"(?i:[\"“]?(?:he|she|it|they|this|that|these|those|his|her|their|its|but|however|also|and|so|then"
    r"|such|there|here|moreover|meanwhile|therefore|for example|in addition|as a result)\b"
    r"|[\"“](?:i|we|you|my|our)\b)|[a-z(–—-]",
)
_NO_LETTERS = re.compile(r"[\W\d_]+")
_REQUEST = content_words(
    """
    summarize summarise summary summarized sum gist overview recap condense outline synopsis abstract
    key main important central major point points idea ideas finding findings takeaway takeaways message
    facts topic topics theme themes conclusion conclusions document documents file files report article
    paper text page pdf story e-mail notes letter content contents corpus folder collection chapter
    slides presentation book transcript material brief short quick concise describe everything attached
    uploaded whole entire cover deal contain looking reading mainly mostly really talk discuss
    section part parts paragraph passage passages information regarding concerning details
    """
)

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Summary:
    """The sentences of a summary in the order of the documents, and the passages that they stand in."""

    evidence: tuple[Evidence, ...]
    hits: tuple[Hit, ...]


class Summarizer:
    """Chooses sentences by their nearness to what all the passages say on average, each unlike the others.

    The centroid method (Radev et al., "Centroid-based summarization of multiple documents", 2004) over the
    stored vectors, with maximal marginal relevance (Carbonell & Goldstein, 1998) for variety. The work is
    bounded, however long the documents are.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def summarize(self, snapshot: Snapshot, request: str, sources: Sequence[str] | None = None) -> Summary:
        """Three to six sentences: of the file that the request names, else of `sources`, else of all.

        A request with a subject ("summarise the fighting in Bakhmut") is about that alone, and comes to
        nothing where the passages lack its names or do not have most of its words. "The library report" names
        library-report.txt. Raises UnknownSourceError for a file or source that the index does not hold.
        """
        within = snapshot.sources() if sources is None else snapshot.matching(sources)
        named = _named(request, within)
        _require_files(request, named, "the index" if sources is None else "those that were chosen")
        named = named or _named_in_words(request, within)
        chosen = named or (None if sources is None else within)
        subject = frozenset() if named else content_words(request) - _REQUEST
        about = self._embedder.embed_query(request) if subject else None
        passages = (
            snapshot.sample(_SAMPLED, chosen)
            if about is None
            else tuple(hit.passage for hit in snapshot.dense(about, _READ, chosen))
        )
        stored = snapshot.vectors([each.id for each in passages])
        passages = tuple(each for each in passages if each.id in stored)
        if not passages:
            return Summary((), ())
        vectors = np.stack([stored[each.id] for each in passages])
        centre = _unit(vectors.mean(axis=0) if about is None else vectors.mean(axis=0) + about)
        worth = vectors @ centre + np.array([_early(each.start) for each in passages], dtype=np.float32)
        read = _varied(worth, vectors, [each.source for each in passages], _READ)
        hits = tuple(Hit(passages[at], float(vectors[at] @ centre), rank) for rank, at in enumerate(read, 1))
        missing = subject.difference(*(content_words(each.text) for each in passages))
        is_told = not missing or (2 * len(missing) < len(subject) and not missing & specifics(request))
        return Summary(self._sentences(hits, centre) if is_told else (), hits)

    def _sentences(self, hits: Sequence[Hit], centre: Vectors) -> tuple[Evidence, ...]:
        """The sentences of these passages nearest to the centre, in the order of the documents."""
        candidates = [each for hit in hits for each in _candidates(hit)]
        telling = [each for each in candidates if each.end - each.start >= _TELLING]
        if len(telling) >= _FEWEST:
            candidates = telling
        if not candidates:
            candidates = [Evidence(hit, hit.passage.start, hit.passage.end) for hit in hits]
        texts = [_text(each) for each in candidates]
        vectors = np.asarray(self._embedder.embed(texts), dtype=np.float32)
        worth = vectors @ centre + np.array([_early(each.start) for each in candidates], dtype=np.float32)
        wanted = min(_MOST, max(_FEWEST, len(candidates) // 3))
        found = _varied(worth, vectors, [each.hit.passage.source for each in candidates], wanted, _SAME)
        return tuple(
            sorted((candidates[at] for at in found), key=lambda each: (each.hit.passage.source, each.start))
        )


def without_names(request: str, sources: Sequence[str]) -> str:
    """The request with "this file" for each of the sources that it names."""
    for each in _named(request, sources):
        for name in (each, _file_name(each)):
            request = _naming(name).sub(THIS_FILE, request)
    return request


def _require_files(request: str, named: Sequence[str], where: str) -> None:
    """Raise UnknownSourceError for a file in the request that is not among the documents it names."""
    for missing in FILE.findall(request):
        if not any(missing.lower() in each.lower() for each in named):
            raise UnknownSourceError(f"No document of {where} matches {missing!r}. See: qa status")


def _named(request: str, sources: Sequence[str]) -> tuple[str, ...]:
    """The sources whose whole path the request names, else those whose file name it does."""
    plain = request.lower()
    told = [each for each in sources if _file_name(each).lower() in plain]  # few of what may be many
    for name in (str, _file_name):
        found = tuple(each for each in told if _naming(name(each)).search(request))
        if found:  # "annual report.pdf" names no report.pdf
            return tuple(
                each for each in found if not any(name(other).endswith(f" {name(each)}") for other in found)
            )
    return ()


def _named_in_words(request: str, sources: Sequence[str]) -> tuple[str, ...]:
    """The sources whose name stands in words in the request: "the library report" is library-report.txt."""
    told = " ".join(request.lower().split())
    names = {
        each: _NO_LETTERS.sub(" ", PurePosixPath(_file_name(each)).stem).strip().lower() for each in sources
    }
    return tuple(
        each
        for each, name in names.items()
        if name in told and re.search(rf"\b(?:the|this|that|my|our|your) {name}\b(?! \w)", told)
    )


def _file_name(source: str) -> str:
    return source.rpartition("/")[2]


def _naming(name: str) -> re.Pattern[str]:
    """Where a request names a file: not as the end of another's name or path."""
    return re.compile(rf"(?<![\w./-]){re.escape(name)}(?![\w-]|\.\w)", re.IGNORECASE)


def _varied(
    worth: Vectors, vectors: Vectors, documents: Sequence[str], wanted: int, same: float = 1.1
) -> list[int]:
    """The places of up to `wanted` candidates: worth much, unlike each other, from several documents."""
    nearest = np.zeros(len(worth), dtype=np.float32)
    told: set[str] = set()
    chosen: list[int] = []
    while len(chosen) < wanted:
        repeated = np.array([each in told for each in documents])
        score = worth - _VARIETY * nearest - _ANOTHER_DOCUMENT * repeated
        score[chosen] = -np.inf
        score[nearest >= same] = -np.inf
        best = int(score.argmax())
        if not np.isfinite(score[best]):
            break
        chosen.append(best)
        told.add(documents[best])
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return chosen


def _candidates(hit: Hit) -> list[Evidence]:
    """The sentences of a passage that can stand by themselves."""
    passage = hit.passage
    return [
        Evidence(hit, passage.start + start, passage.start + end)
        for start, end in sentence_spans(passage.text)
        if end - start in _LENGTHS
        and passage.text[end - 1] in '.!?”"’)'
        and not _LEANS.match(passage.text[start:end])
    ]


def _early(start: int) -> float:
    """What standing early in its document adds to the worth of a text: it halves every 500 characters."""
    return float(_FIRST * 0.5 ** (start / 500))


def _unit(vector: Vectors) -> Vectors:
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length if length else vector, dtype=np.float32)


def _text(evidence: Evidence) -> str:
    passage = evidence.hit.passage
    return passage.text[evidence.start - passage.start : evidence.end - passage.start]
