"""The reader: a small cross-encoder with span, answerable and relevance heads."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

BLOCKED = -1e4


class Scores(NamedTuple):
    """Logits of one batch: the spans' `[batch, seq]`, the others `[batch]`.

    Start and end logits are `BLOCKED` outside the passage (and its title); they are not normalized.
    """

    start_logits: Tensor
    end_logits: Tensor
    answerable: Tensor
    relevance: Tensor


def load_encoder(folder: Path) -> BertModel:
    """The BERT encoder of a model folder, without dropout, with the attention that ONNX Runtime can fuse.

    Two passes over so little data do not overfit, and dropout costs a tenth of the time.
    """
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    config = BertConfig.from_pretrained(folder, attn_implementation="eager")
    config.hidden_dropout_prob = 0.0
    config.attention_probs_dropout_prob = 0.0
    encoder: BertModel = BertModel.from_pretrained(
        folder, config=config, add_pooling_layer=False, attn_implementation="eager"
    )
    return encoder


def _head(width: int, parts: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width * parts, width), nn.GELU(), nn.Linear(width, 1))


def _pooled(hidden: Tensor, logits: Tensor) -> Tensor:
    """The hidden states averaged by the softmax of `logits`, which get no gradient from it."""
    weights = logits.detach().softmax(dim=1)
    return torch.matmul(weights.unsqueeze(1), hidden).squeeze(1)


class Reader(nn.Module):
    """Reads `[CLS] question [SEP] (title. )passage [SEP]`.

    Whether the passage answers is judged from [CLS] and from the states at the likeliest span,
    so that the verdict looks at what would be quoted; relevance from [CLS] and the mean, the
    pooling that the embedding model was trained with.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        width = config.hidden_size
        self.span = nn.Linear(width, 2)
        self.answerable = _head(width, 3)
        self.relevance = _head(width, 2)

    @staticmethod
    def from_encoder(folder: Path) -> Reader:
        """A reader with the encoder weights of `folder` and new heads."""
        encoder = load_encoder(folder)
        reader = Reader(encoder.config)
        reader.encoder = encoder
        return reader

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Scores:
        return self.read(self.encoder.embeddings.word_embeddings(input_ids), attention_mask, token_type_ids)

    def read(self, word_vectors: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Scores:
        """The scores of inputs given as the vectors of their words, `[batch, seq, width]`."""
        hidden = self.encoder(
            inputs_embeds=word_vectors, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state.float()  # the encoder may run in bfloat16; the heads do not
        followed = torch.cat([attention_mask[:, 1:], torch.zeros_like(attention_mask[:, :1])], dim=1)
        inside = (token_type_ids * followed).to(hidden.dtype)  # all of the second segment but its [SEP]
        spans = self.span(hidden) + (1.0 - inside).unsqueeze(2) * BLOCKED
        start, end = spans[..., 0], spans[..., 1]
        mask = attention_mask.to(hidden.dtype).unsqueeze(2)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        first = hidden[:, 0]
        found = torch.cat([first, _pooled(hidden, start), _pooled(hidden, end)], dim=1)
        return Scores(
            start,
            end,
            self.answerable(found).squeeze(1),
            self.relevance(torch.cat([first, mean], dim=1)).squeeze(1),
        )
