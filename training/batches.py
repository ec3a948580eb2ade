"""The order of training: which questions, with which passages, in which batches.

Everything is a function of the seed and the place in the run, so that a resumed run sees exactly
the batches that an uninterrupted one would have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.data import SOURCES
from training.store import Store
from training.windows import Ints, Window, answer_window, topic_window, without_answer

CLS, SEP, QUESTION_MARK = 101, 102, 1029
LONGEST_QUESTION, LONGEST_TITLE, LONGEST = 48, 16, 384
CHUNK = 2048
SPARE = 8
UNLABELLED = -1.0
Shares = tuple[tuple[str, float], ...]
PER_EPOCH: Shares = (
    ("squad1_train_reconstructed", 1.0),
    ("squad2_devhalf_train", 3.0),
    ("squad2_devhalf2_reconstructed", 3.0),
    ("tydiqa_goldp_en_train", 3.0),
    ("timeqa_human_train", 1.0),
    ("qamr", 0.2),
    ("policyqa", 0.2),
    ("fairytaleqa_train", 0.5),
    ("statements", 0.5),
)


@dataclass(frozen=True, slots=True)
class Mix:
    """How inputs are drawn: window lengths in pieces, the rates of each kind of negative, and how often a
    source's questions come in an epoch.
    """

    shortest: int = 40
    longest: int = 144
    full: int = 256
    full_rate: float = 0.12
    negative_rate: float = 0.45
    second_rate: float = 0.15
    removed_rate: float = 0.12
    twisted_rate: float = 0.25
    title_rate: float = 0.5
    unmarked_rate: float = 0.4
    pieces_per_batch: int = 1920
    per_epoch: Shares = PER_EPOCH


@dataclass(frozen=True, slots=True)
class Row:
    """One input; labels are 0 or 1, `UNLABELLED` where the loss leaves it out.

    Rows of one group are the same question against several passages.
    """

    question: Ints
    title: Ints
    window: Window
    group: int
    answerable: float
    relevant: float

    @property
    def length(self) -> int:
        return len(self.question) + len(self.title) + len(self.window.pieces) + 3


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of one step; `group` numbers the rows' groups from 0 without gaps."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    starts: Tensor
    ends: Tensor
    group: Tensor
    answerable: Tensor
    relevant: Tensor


def epoch_order(drawer: Drawer, seed: int, epoch: int) -> Ints:
    """The question numbers of one epoch, shuffled; sources come as often as the mix says.

    Questions held out do not come at all.
    """
    shares = dict(drawer.mix.per_epoch)
    rng = np.random.default_rng([seed, epoch])
    chosen: list[Ints] = []
    for number, source in enumerate(SOURCES):
        members = np.flatnonzero((drawer.store.source.flat == number) & ~drawer.held_out).astype(np.int32)
        whole, part = divmod(shares[source], 1.0)
        chosen += [members] * int(whole)
        chosen.append(rng.permutation(members)[: int(len(members) * part)])
    return rng.permutation(np.concatenate(chosen))


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws the rows of a question: the passage that answers it, and some that do not."""

    store: Store
    held_out: npt.NDArray[np.bool_]
    negatives: npt.NDArray[np.int32]
    mix: Mix

    def rows(self, number: int, group: int, rng: np.random.Generator) -> list[Row]:
        """One group of rows, the answering passage first when there is one."""
        mix, store = self.mix, self.store
        budget = int(rng.integers(mix.shortest, mix.longest))
        budget = mix.full if rng.random() < mix.full_rate else budget
        titled = rng.random() < mix.title_rate
        question = self._question(store.questions[number], rng)
        passage, spans = int(store.passage_of.flat[number]), self._spans(number)
        pieces, starts = store.passages[passage], store.sentences[passage]
        title = self._title(passage, titled)
        if not spans:
            window = topic_window(pieces, starts, question, budget, rng)
            return [Row(question, title, window, group, 0.0, UNLABELLED)]
        window = answer_window(pieces, starts, spans, budget, rng)
        rows = [Row(question, title, window, group, 1.0, 1.0)]
        budget = len(window.pieces) + SPARE
        if rng.random() < mix.removed_rate:
            rest = without_answer(pieces, starts, spans)
            if rest:
                window = topic_window(*rest, question, budget, rng)
                rows.append(Row(question, title, window, group, 0.0, 0.0))
        return rows + self._mined(number, question, group, budget, titled, rng)

    def twisted(self, number: int, group: int, rng: np.random.Generator) -> list[Row]:
        """The twisted question against the passage that answers the straight one, if drawn."""
        store, spans = self.store, self._spans(number)
        if not spans or rng.random() >= self.mix.twisted_rate or not len(store.twisted[number]):
            return []
        passage = int(store.passage_of.flat[number])
        question = self._question(store.twisted[number], rng)
        budget = int(rng.integers(self.mix.shortest, self.mix.longest))
        window = answer_window(store.passages[passage], store.sentences[passage], spans, budget, rng)
        title = self._title(passage, rng.random() < self.mix.title_rate)
        return [Row(question, title, Window(window.pieces, ()), group, 0.0, UNLABELLED)]

    def _mined(
        self, number: int, question: Ints, group: int, budget: int, titled: bool,
        rng: np.random.Generator,
    ) -> list[Row]:  # fmt: skip
        ranked = self.negatives[number]
        ranked = ranked[ranked >= 0]
        wanted = int(rng.random() < self.mix.negative_rate) + int(rng.random() < self.mix.second_rate)
        places = rng.permutation(len(ranked))[:wanted]
        rows: list[Row] = []
        for passage in ranked[places].tolist():
            pieces, starts = self.store.passages[passage], self.store.sentences[passage]
            if len(pieces):
                window = topic_window(pieces, starts, question, budget, rng)
                rows.append(Row(question, self._title(passage, titled), window, group, 0.0, 0.0))
        return rows

    def _question(self, pieces: Ints, rng: np.random.Generator) -> Ints:
        unmarked = rng.random() < self.mix.unmarked_rate and len(pieces) and pieces[-1] == QUESTION_MARK
        return pieces[: -1 if unmarked else None][:LONGEST_QUESTION]

    def _title(self, passage: int, titled: bool) -> Ints:
        return self.store.titles[passage][: LONGEST_TITLE if titled else 0]

    def _spans(self, number: int) -> tuple[tuple[int, int], ...]:
        pairs = self.store.spans[number].reshape(-1, 2).tolist()
        return tuple((low, high) for low, high in pairs)


def chunk_batches(drawer: Drawer, order: Ints, seed: int, epoch: int, chunk: int) -> list[list[Row]]:
    """The batches of one chunk of an epoch's order: rows of like length together, then shuffled."""
    rng = np.random.default_rng([seed, epoch, chunk, 1])
    groups: list[list[Row]] = []
    for number in order[chunk * CHUNK : (chunk + 1) * CHUNK].tolist():
        groups.append(drawer.rows(number, len(groups), rng))
        twisted = drawer.twisted(number, len(groups), rng)
        groups += [twisted] if twisted else []
    groups.sort(key=lambda rows: max(row.length for row in rows))
    batches = list(_filled(groups, drawer.mix.pieces_per_batch))
    return [batches[i] for i in rng.permutation(len(batches))]


def _filled(groups: list[list[Row]], pieces: int) -> Iterator[list[Row]]:
    """Consecutive groups, as many as keep rows times longest row within `pieces`."""
    rows: list[Row] = []
    for group in groups:
        longest = max(row.length for row in group)
        if rows and (len(rows) + len(group)) * longest > pieces:
            yield rows
            rows = []
        rows = [*rows, *group]
    if rows:
        yield rows


def collate(rows: list[Row]) -> Batch:
    """The padded tensors of the rows; inputs over `LONGEST` pieces are cut at the end."""
    width = min(LONGEST, max(row.length for row in rows))
    ids, mask, types = (np.zeros((len(rows), width), dtype=np.int64) for _ in range(3))
    starts, ends = (np.zeros((len(rows), width), dtype=bool) for _ in range(2))
    for i, row in enumerate(rows):
        head = [CLS, *row.question, SEP]
        whole = [*[*head, *row.title, *row.window.pieces][: width - 1], SEP]
        ids[i, : len(whole)], mask[i, : len(whole)] = whole, 1
        types[i, len(head) : len(whole)] = 1
        shift = len(head) + len(row.title)
        for low, high in row.window.spans:
            if high + shift < width - 1:
                starts[i, low + shift] = ends[i, high + shift] = True
    _, group = np.unique([row.group for row in rows], return_inverse=True)
    return Batch(
        input_ids=torch.from_numpy(ids),
        attention_mask=torch.from_numpy(mask),
        token_type_ids=torch.from_numpy(types),
        starts=torch.from_numpy(starts),
        ends=torch.from_numpy(ends),
        group=torch.from_numpy(group),
        answerable=torch.tensor([row.answerable for row in rows]),
        relevant=torch.tensor([row.relevant for row in rows]),
    )
