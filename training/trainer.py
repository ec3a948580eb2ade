"""The trainer: a model, its running average and its optimizer, one step at a time."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from training.batches import Batch, Mix
from training.losses import Losses, reader_losses
from training.model import Reader
from training.prepare import encoder_folder
from training.stream import Place


def cpu_multiplies_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 (AVX-512 or AMX), which trains faster than float32."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the weights, apart from the data; recorded in the run folder."""

    seed: int = 20261123
    rate: float = 1.5e-4
    head_factor: float = 3.3
    warmup: int = 250
    weight_decay: float = 0.01
    clip: float = 1.0
    examples: float = 55.0
    average: float = 0.999
    answerable_weight: float = 0.5
    threads: int = 2
    parts: int = 4
    negatives: str = "dense"
    bfloat16: bool = field(default_factory=cpu_multiplies_bfloat16)
    rounded: bool = False
    decay_from: int = -1
    decay_steps: int = 0
    mix: Mix = field(default_factory=Mix)


def _as_int8(weight: Tensor) -> Tensor:
    """A matrix as `export.py` quantizes it: a scale for each output, 64 steps to either side of zero."""
    scale = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 64
    return (weight / scale).round() * scale


class Trainer:
    """A model, its running average and its optimizer at one place in the stream of batches."""

    def __init__(self, settings: Settings) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        self.reader = Reader.from_encoder(encoder_folder())
        self.reader.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        self.trained = {n: p for n, p in self.reader.named_parameters() if p.requires_grad}
        self.average = {n: p.detach().clone() for n, p in self.trained.items()}
        self.working = self._working_copy()
        self.differentiated = [p for p in self.working.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self._groups(), betas=(0.9, 0.98), fused=True)
        self.workers = ThreadPoolExecutor(settings.threads, initializer=torch.set_num_threads, initargs=(1,))
        self.step, self.examples, self.place = 0, 0, Place()

    def _working_copy(self) -> Reader:
        """The reader that runs forward and backward; the optimizer keeps its own weights in float32."""
        working = copy.deepcopy(self.reader)
        if self.settings.bfloat16:
            nn.Module.to(working.encoder, torch.bfloat16)
        return working

    def _groups(self) -> list[dict[str, Any]]:
        groups: dict[tuple[bool, bool], list[Tensor]] = {}
        for name, parameter in self.trained.items():
            key = (name.startswith("encoder."), parameter.dim() > 1)
            groups.setdefault(key, []).append(parameter)
        s = self.settings
        return [
            {
                "params": members,
                "base": s.rate * (1.0 if encoder else s.head_factor),
                "lr": 0.0,
                "weight_decay": s.weight_decay if matrix else 0.0,
            }
            for (encoder, matrix), members in groups.items()
        ]

    def schedule(self) -> float:
        """The factor on the learning rates: a warm-up, a plateau, and an anneal if one is set."""
        s = self.settings
        if s.decay_from >= 0:
            return max(0.0, 1.0 - (self.step - s.decay_from) / s.decay_steps)
        return min(1.0, (self.step + 1) / s.warmup)

    def learn(self, parts: Sequence[Batch]) -> Losses:
        """One optimizer step on the parts together; returns their mean losses.

        Parts run a thread each: on a busy machine no core waits for another within a layer, and
        gradients are summed in the order of the parts, so that the result is the same every time.
        """
        factor = self.schedule()
        for group in self.optimizer.param_groups:
            group["lr"] = group["base"] * factor
        gradients, losses = zip(*self.workers.map(self._gradients, parts), strict=True)
        for parameter, members in zip(self.trained.values(), zip(*gradients, strict=True), strict=True):
            parameter.grad = torch.stack(members).float().sum(0)
        torch.nn.utils.clip_grad_norm_(self.trained.values(), self.settings.clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self._hand_over()
        self.step += 1
        self.examples += sum(len(part.input_ids) for part in parts)
        self._follow()
        return Losses(*(torch.stack(values).mean() for values in zip(*losses, strict=True)))

    def _gradients(self, part: Batch) -> tuple[tuple[Tensor, ...], Losses]:
        scores = self.working(part.input_ids, part.attention_mask, part.token_type_ids)
        s = self.settings
        losses = reader_losses(scores, part, s.examples, s.answerable_weight)
        gradients = torch.autograd.grad(losses.total, self.differentiated)
        return gradients, losses._replace(total=losses.total.detach() * self.settings.parts)

    @torch.no_grad()
    def _hand_over(self) -> None:
        """Rounds the optimizer's weights into those that run.

        Where the settings say so, to what int8 will leave of them, so that training makes up for it; the
        gradient passes straight through (Jacob et al., "Quantization and Training of Neural Networks", 2018).
        """
        running = [
            _as_int8(each) if self.settings.rounded and each.dim() == 2 and "embeddings" not in name else each
            for name, each in self.trained.items()
        ]
        torch._foreach_copy_(tuple(self.differentiated), running)

    @torch.no_grad()
    def _follow(self) -> None:
        """Moves the average towards the weights, faster while the run is young."""
        share = max(1.0 - self.settings.average, 1.0 / (self.step + 10) * 4)
        torch._foreach_lerp_(list(self.average.values()), list(self.trained.values()), min(1.0, share))

    def averaged(self) -> Reader:
        """A reader with the averaged weights, set to evaluate."""
        reader = Reader(self.reader.encoder.config)
        reader.load_state_dict(self.reader.state_dict() | self.average)
        return reader.eval()

    def state(self) -> dict[str, Any]:
        """Everything that the next step depends on."""
        return {
            "model": self.reader.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "random": torch.get_rng_state(),
            "step": self.step,
            "examples": self.examples,
            "place": asdict(self.place),
            "settings": asdict(self.settings),
        }

    @torch.no_grad()
    def begin(self, weights: Mapping[str, Tensor]) -> None:
        """Starts from these values of everything that is trained."""
        for name, parameter in self.trained.items():
            parameter.copy_(weights[name])
            self.average[name].copy_(weights[name])
        self._hand_over()

    def restore(self, state: dict[str, Any]) -> None:
        """Takes up exactly where `state` was taken."""
        self.reader.load_state_dict(state["model"])
        self._hand_over()
        for name, value in state["average"].items():
            self.average[name].copy_(value)
        bases = [group["base"] for group in self.optimizer.param_groups]
        self.optimizer.load_state_dict(state["optimizer"])
        for group, base in zip(self.optimizer.param_groups, bases, strict=True):
            group["base"] = base
        torch.set_rng_state(state["random"])
        self.step, self.examples = state["step"], state["examples"]
        self.place = Place(**state["place"])
