"""Trains the reader: starts, resumes, or anneals a run folder made by `prepare.py`."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

import torch

from training.batches import Batch
from training.checkpoint import latest_checkpoint, load_checkpoint, save_checkpoint
from training.journal import Journal
from training.mixes import COURSES
from training.probe import Probe
from training.shipped import shipped_weights
from training.stream import Place, batch_stream, load_drawer
from training.trainer import Settings, Trainer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds between checkpoints and between probes, and steps between log lines."""

    save_every: float
    probe_every: float
    log_every: int = 20


class Stop:
    """Set by SIGTERM or SIGINT, so that a stopped run saves its last step before it ends."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, number: int, _: object) -> None:
        self.asked = True
        log.info("signal %d: saving after this step", number)


def run(trainer: Trainer, source: Path, out: Path, probe: Probe, rhythm: Rhythm, steps: int | None) -> None:
    """Learns until `steps` is reached (None: until killed), saving, logging and probing into `out`."""
    drawer = load_drawer(source, trainer.settings.negatives, trainer.settings.mix)
    journal = Journal(out / "log.jsonl", rhythm.log_every)
    saved = probed = time.monotonic()
    stop = Stop()
    stream = batch_stream(drawer, trainer.settings.seed, trainer.place)
    for parts, following in _stepwise(stream, trainer.settings.parts):
        if stop.asked or (steps is not None and trainer.step >= steps):
            break
        losses = trainer.learn(parts)
        trainer.place = following
        journal.add(trainer, losses, sum(len(part.input_ids) for part in parts))
        if time.monotonic() - saved > rhythm.save_every:
            save_checkpoint(out, trainer.step, trainer.state())
            saved = time.monotonic()
        if time.monotonic() - probed > rhythm.probe_every:
            journal.write({"step": trainer.step, "probe": probe.measure(trainer.averaged())})
            probed = time.monotonic()
    save_checkpoint(out, trainer.step, trainer.state())
    if not stop.asked:
        journal.write({"step": trainer.step, "probe": probe.measure(trainer.averaged())})


def _stepwise(stream: Iterator[tuple[Batch, Place]], parts: int) -> Iterator[tuple[list[Batch], Place]]:
    """The batches of each step, and the place that follows the last of them."""
    while True:
        taken = list(islice(stream, parts))
        yield [batch for batch, _ in taken], taken[-1][1]


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("training/runs"))
    parser.add_argument("--negatives", choices=("bm25", "dense"), default="dense")
    parser.add_argument("--mix", choices=COURSES, default="passages", help="what is drawn (mixes.py)")
    parser.add_argument("--decay", type=int, metavar="STEPS", help="anneal the newest checkpoint to 0")
    parser.add_argument("--begin", type=Path, metavar="FILE", help="start from an exported reader's weights")
    parser.add_argument("--rate", type=float, default=1.5e-4, help="the plateau's learning rate")
    parser.add_argument("--seed", type=int, default=20261123, help="another draws other questions")
    parser.add_argument("--steps", type=int, help="stop at this step; else run until killed")
    parser.add_argument("--save-every", type=float, default=600.0)
    parser.add_argument("--probe-every", type=float, default=1800.0)
    return parser.parse_args()


def main() -> None:
    """Command line: starts or resumes the run in `--out`; `--decay N` anneals it in a folder beside."""
    given = arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    trainer, folder, steps = opened(given)
    if given.begin and trainer.step == 0:
        trainer.begin(shipped_weights(given.begin))
    torch.set_num_threads(1)  # the parts of a step are the threads; OpenMP's would wait on one another
    folder.mkdir(parents=True, exist_ok=True)
    record(trainer, folder)
    log.info("step %d, %d examples, %s", trainer.step, trainer.examples, trainer.place)
    rhythm = Rhythm(given.save_every, given.probe_every)
    run(trainer, given.out, folder, Probe(given.data / "dev"), rhythm, steps)


def record(trainer: Trainer, folder: Path) -> None:
    """Adds the step and the settings that a run starts or resumes with to `history.jsonl`."""
    entry = {"step": trainer.step, "place": asdict(trainer.place), "settings": asdict(trainer.settings)}
    with (folder / "history.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(entry) + "\n")


def opened(given: argparse.Namespace) -> tuple[Trainer, Path, int | None]:
    """The trainer to run, the folder it writes to, and the step at which it stops."""
    newest = latest_checkpoint(given.out)
    state = load_checkpoint(newest) if newest else None
    mix = COURSES[given.mix].plateau
    settings = Settings(seed=given.seed, negatives=given.negatives, rate=given.rate, mix=mix)
    folder, steps = given.out, given.steps
    if given.decay:
        if state is None:
            raise SystemExit(f"nothing to anneal: no checkpoint in {given.out}")
        folder = given.out / f"decay-{state['step']:07d}"
        begun = latest_checkpoint(folder)
        settings = replace(
            settings,
            decay_from=state["step"],
            decay_steps=given.decay,
            mix=COURSES[given.mix].anneal,
            answerable_weight=1.0,
            average=0.99,
            rounded=True,
        )
        steps = settings.decay_from + given.decay
        state = load_checkpoint(begun) if begun else state
    trainer = Trainer(settings)
    if state:
        trainer.restore(state)
    return trainer, folder, steps


if __name__ == "__main__":
    main()
