"""Hard negatives: passages that rank high for a question but lack its answer, and twisted questions."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qa.evaluation.metrics import normalize
from training.data import Collection, Question

Ranking = npt.NDArray[np.int32]

NAME = re.compile(r"(?<=[\w,'\"] )[A-Z][\w-]+(?: (?:of |the |de )?[A-Z][\w-]+)*")
CALENDAR = re.compile(
    r"(January|February|March|April|May|June|July|August|September|October|November|December)$"
)
NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
ANTONYMS = {
    "first": "last", "last": "first", "largest": "smallest", "smallest": "largest",
    "most": "least", "least": "most", "before": "after", "after": "before",
    "highest": "lowest", "lowest": "highest", "north": "south", "south": "north",
    "east": "west", "west": "east", "northern": "southern", "southern": "northern",
    "eastern": "western", "western": "eastern", "begin": "end", "end": "begin",
    "began": "ended", "ended": "began", "start": "end", "started": "ended",
    "more": "less", "less": "more", "won": "lost", "lost": "won", "lose": "win", "win": "lose",
    "above": "below", "below": "above", "increase": "decrease", "decrease": "increase",
    "oldest": "newest", "newest": "oldest", "earliest": "latest", "latest": "earliest",
    "maximum": "minimum", "minimum": "maximum", "born": "buried", "male": "female",
    "female": "male", "minority": "majority", "majority": "minority", "with": "without",
    "can": "cannot", "did": "didn't", "does": "doesn't", "is": "isn't", "was": "wasn't",
    "are": "aren't", "were": "weren't", "won't": "will",
}  # fmt: skip
NEGATIONS = frozenset({"did", "does", "is", "was", "are", "were", "can", "with"})
NEGATION_RATE = 0.1


def bm25_ranking(collection: Collection, depth: int) -> Ranking:
    """For every question, the `depth` passages that BM25 ranks highest."""
    import bm25s

    texts = [f"{p.title} {p.text}" for p in collection.passages]
    retriever = bm25s.BM25(k1=1.2, b=0.75)
    retriever.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    asked = bm25s.tokenize([q.text for q in collection.questions], stopwords="en", show_progress=False)
    found, _ = retriever.retrieve(asked, k=depth, show_progress=False, n_threads=2)
    return np.asarray(found, dtype=np.int32)


def dense_ranking(
    questions: npt.NDArray[np.float32], passages: npt.NDArray[np.float32], depth: int
) -> Ranking:
    """For every question vector, the `depth` passages of highest cosine; vectors have length one."""
    blocks: list[Ranking] = []
    for start in range(0, len(questions), 1024):
        scores = questions[start : start + 1024] @ passages.T
        top = np.argpartition(-scores, depth, axis=1)[:, :depth]
        order = np.argsort(-np.take_along_axis(scores, top, axis=1), axis=1)
        blocks.append(np.take_along_axis(top, order, axis=1).astype(np.int32))
    return np.concatenate(blocks)


def lacking_answer(collection: Collection, ranking: Ranking, keep: int) -> Ranking:
    """The first `keep` ranked passages of each question that do not hold its answer, -1 for none.

    A passage that holds a gold answer's normalized words is no safe negative, whatever its topic.
    """
    texts = [f" {normalize(p.title + ' ' + p.text)} " for p in collection.passages]
    negatives = np.full((len(ranking), keep), -1, dtype=np.int32)
    for number, question in enumerate(collection.questions):
        answers = [f" {a} " for a in map(normalize, question.answers) if a]
        chosen = [
            int(p)
            for p in ranking[number]
            if 0 <= p != question.passage and not any(a in texts[p] for a in answers)
        ][:keep]
        negatives[number, : len(chosen)] = chosen
    return negatives


def interleaved(first: Ranking, second: Ranking) -> Ranking:
    """Two rankings of the same questions woven together, repeats set to -1 and moved to the end."""
    woven = np.stack([first, second], axis=2).reshape(len(first), -1)
    for row in woven:
        kept = list(dict.fromkeys(int(p) for p in row if p >= 0))
        row[:] = -1
        row[: len(kept)] = kept
    return woven


def twisted_questions(collection: Collection, seed: int) -> list[str]:
    """For every question, a variant its passage should no longer answer, or "" where none was found.

    Names and numbers are swapped for others of the same article, as often as can be for ones
    that the passage itself holds, so that a strange word alone gives nothing away.
    """
    rng = random.Random(seed)
    names = _names_by_topic(collection)
    return [_twisted(collection, question, names, rng) for question in collection.questions]


def _topic(collection: Collection, question: Question) -> str:
    passage = collection.passages[question.passage]
    return passage.title or f"{passage.source} {question.passage // 20}"


def _names_by_topic(collection: Collection) -> dict[str, list[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for question in collection.questions:
        found = (n for n in NAME.findall(question.text) if not CALENDAR.match(n))
        names[_topic(collection, question)].update(found)
    return {topic: sorted(found) for topic, found in names.items()}


def _twisted(
    collection: Collection, question: Question, names: dict[str, list[str]], rng: random.Random
) -> str:
    if not question.spans:
        return ""
    text = collection.passages[question.passage].text
    variants = [
        _other_number(question.text, text, rng),
        _other_name(question.text, text, names[_topic(collection, question)], rng),
        _antonym(question.text, rng),
    ]
    variants = [v for v in variants if v and v != question.text]
    return rng.choice(variants) if variants else ""


def _other_number(question: str, text: str, rng: random.Random) -> str:
    found = list(NUMBER.finditer(question))
    if not found:
        return ""
    target = rng.choice(found)
    near = [n for n in NUMBER.findall(text) if n not in question and len(n) == len(target.group())]
    other = rng.choice(near) if near else _shifted_number(target.group(), rng)
    return question[: target.start()] + other + question[target.end() :]


def _shifted_number(number: str, rng: random.Random) -> str:
    """A number of the same form with its last digits changed."""
    digits = [i for i, c in enumerate(number) if c.isdigit()][-2:]
    changed = list(number)
    for i in digits:
        changed[i] = str((int(number[i]) + rng.randint(1, 8)) % 10)
    return "".join(changed)


def _other_name(question: str, text: str, names: Sequence[str], rng: random.Random) -> str:
    found = list(NAME.finditer(question))
    if not found:
        return ""
    target = rng.choice(found)
    words = set(normalize(question).split())
    width = len(target.group().split())
    others = [n for n in names if len(n.split()) == width and not words & set(normalize(n).split())]
    near = [n for n in others if n in text]
    pool = near if near and rng.random() < 0.6 else others
    if not pool:
        return ""
    return question[: target.start()] + rng.choice(pool) + question[target.end() :]


def _antonym(question: str, rng: random.Random) -> str:
    words = question.split(" ")
    places = [
        i
        for i, word in enumerate(words)
        if word.lower().rstrip("?,") in ANTONYMS
        and (word.lower() not in NEGATIONS or rng.random() < NEGATION_RATE)
    ]
    if not places:
        return ""
    i = rng.choice(places)
    bare = words[i].rstrip("?,")
    words[i] = ANTONYMS[bare.lower()] + words[i][len(bare) :]
    return " ".join(words)
