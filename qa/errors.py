"""Everything that can go wrong with a question. Each message ends in what to do next."""

from __future__ import annotations


class QAError(Exception):
    """The root of every error that `qa` raises on purpose (index errors come from `index_store`)."""


class QuestionError(QAError, ValueError):
    """The question is empty or too long to be one."""


class ModelError(QAError):
    """The model named by `--llm` or `QA_LLM` is not known, cannot be used, or failed.

    `partial` is what it had written of its answer to `question` when it failed.
    """

    def __init__(self, message: str, *, question: str = "", partial: str = "") -> None:
        super().__init__(message)
        self.question = question
        self.partial = partial


class EvaluationError(QAError):
    """A file of questions or of a run cannot be used, or nothing could be measured."""
