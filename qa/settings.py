"""How questions are answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from index_store import IndexSettings, SettingsError

QUESTION_LIMIT = 2000  # characters; more is a document, not a question


@dataclass(frozen=True, slots=True)
class Settings:
    """`k` passages are looked at for an answer, and the best of them read.

    When the probability that the documents answer is below `threshold`, they don't say. 0.5 takes a wrong
    answer to be as bad as a missed one; where it is c times as bad, set c / (1 + c).
    """

    k: int = 8
    threshold: float = 0.5
    index: IndexSettings = field(default_factory=IndexSettings.from_environment)

    def __post_init__(self) -> None:
        if self.k < 1:
            raise SettingsError(f"k is {self.k}; give the number of passages to read, 1 or more.")
        if not 0 <= self.threshold <= 1:
            raise SettingsError(f"threshold is {self.threshold}; give a number from 0 to 1.")
