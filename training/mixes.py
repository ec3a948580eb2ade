"""What a run draws: windows of passages, or mostly single sentences, as the closer look reads them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from training.batches import Mix


@dataclass(frozen=True, slots=True)
class Course:
    """The mix on the plateau and the one of the anneal, which decides most about what the weights end as."""

    plateau: Mix
    anneal: Mix


_SENTENCES = Mix(
    shortest=12,
    longest=110,
    full=220,
    negative_rate=0.25,
    second_rate=0.05,
    twisted_rate=0.15,
    per_epoch=(
        ("squad1_train_reconstructed", 1.0),
        ("squad2_devhalf_train", 2.0),
        ("squad2_devhalf2_reconstructed", 2.0),
        ("tydiqa_goldp_en_train", 1.0),
        ("timeqa_human_train", 0.5),
        ("qamr", 0.4),
        ("policyqa", 0.1),
        ("fairytaleqa_train", 0.4),
        ("statements", 0.3),
    ),
)

COURSES = {
    # The anneal has longer windows, as at run time, and more of the questions written to have no answer.
    "passages": Course(
        Mix(),
        Mix(
            shortest=48,
            longest=160,
            full_rate=0.25,
            negative_rate=0.35,
            second_rate=0.15,
            per_epoch=(
                ("squad1_train_reconstructed", 0.7),
                ("squad2_devhalf_train", 4.0),
                ("squad2_devhalf2_reconstructed", 4.0),
                ("tydiqa_goldp_en_train", 4.0),
                ("timeqa_human_train", 1.0),
                ("qamr", 0.1),
                ("policyqa", 0.1),
                ("fairytaleqa_train", 0.25),
                ("statements", 0.25),
            ),
        ),
    ),
    "sentences": Course(
        _SENTENCES,
        replace(
            _SENTENCES,
            longest=130,
            full_rate=0.16,
            per_epoch=(
                ("squad1_train_reconstructed", 1.0),
                ("squad2_devhalf_train", 3.0),
                ("squad2_devhalf2_reconstructed", 3.0),
                ("tydiqa_goldp_en_train", 1.0),
                ("timeqa_human_train", 0.5),
                ("qamr", 0.3),
                ("policyqa", 0.1),
                ("fairytaleqa_train", 0.3),
                ("statements", 0.3),
            ),
        ),
    ),
}
