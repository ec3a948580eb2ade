"""The reader's losses, each a sum over its examples."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from training.batches import Batch
from training.model import Scores

RELEVANCE_WEIGHT = 0.5


class Losses(NamedTuple):
    """Mean losses of a batch, for the log; `total` is the weighted sum that is minimized."""

    total: Tensor
    span: Tensor
    answerable: Tensor
    relevance: Tensor
    ranking: Tensor


def grouped_logsumexp(values: Tensor, group: Tensor, groups: int) -> Tensor:
    """The log of the summed exponentials of each group's values, `[groups]`.

    A group without values, or with blocked ones alone, gets a very low, finite number.
    """
    highest = torch.full((groups,), -1e4).scatter_reduce(0, group, values.detach(), "amax")
    sums = torch.zeros(groups).index_add(0, group, torch.exp(values - highest[group]))
    return highest + torch.log(sums + 1e-30)


def _span_loss(logits: Tensor, gold: Tensor, group: Tensor, groups: int) -> Tensor:
    """Per group, the loss of all gold places among all places of all of the group's passages.

    One softmax over the passages of a question makes span logits comparable between passages.
    """
    every = grouped_logsumexp(logits.logsumexp(1), group, groups)
    held = logits.masked_fill(~gold, -1e4).logsumexp(1)
    has_gold = torch.zeros(groups).index_add(0, group, gold.any(1).float()) > 0
    correct = grouped_logsumexp(held, group, groups)
    return torch.where(has_gold, every - correct, torch.zeros(groups))


def _labelled(logits: Tensor, labels: Tensor) -> Tensor:
    known = labels >= 0
    return binary_cross_entropy_with_logits(logits[known], labels[known], reduction="sum")


def reader_losses(scores: Scores, batch: Batch, examples: float, answerable_weight: float) -> Losses:
    """The losses of a batch, summed and divided by the constant `examples`.

    A constant, so that an example weighs the same in a batch of few long rows and of many short ones.
    """
    groups = int(batch.group.max()) + 1
    span = 0.5 * (
        _span_loss(scores.start_logits, batch.starts, batch.group, groups)
        + _span_loss(scores.end_logits, batch.ends, batch.group, groups)
    )
    answerable = _labelled(scores.answerable, batch.answerable)
    relevance = _labelled(scores.relevance, batch.relevant)
    ranking = _ranking_loss(scores.relevance, batch, groups)
    total = span.sum() + answerable_weight * answerable
    total = (total + RELEVANCE_WEIGHT * (ranking.sum() + 0.5 * relevance)) / examples
    spans = max(1, int((span > 0).sum()))
    return Losses(
        total,
        span.sum().detach() / spans,
        answerable.detach() / max(1, int((batch.answerable >= 0).sum())),
        relevance.detach() / max(1, int((batch.relevant >= 0).sum())),
        ranking.sum().detach() / max(1, int((ranking > 0).sum())),
    )


def _ranking_loss(relevance: Tensor, batch: Batch, groups: int) -> Tensor:
    """Per group that has an answering passage, its loss among all the group's passages."""
    ranked = relevance.masked_fill(batch.relevant < 0, -1e4)
    right = relevance.masked_fill(batch.relevant < 1, -1e4)
    has_right = torch.zeros(groups).index_add(0, batch.group, (batch.relevant == 1).float()) > 0
    loss = grouped_logsumexp(ranked, batch.group, groups) - grouped_logsumexp(right, batch.group, groups)
    return torch.where(has_right, loss, torch.zeros(groups))
