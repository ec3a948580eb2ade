"""What is asked is checked before anything is searched."""

from __future__ import annotations

from collections.abc import Sequence

from index_store import CorpusPath, IndexMismatchError, IndexStore, corpus_name, corpus_paths
from qa.errors import QuestionError
from qa.settings import QUESTION_LIMIT


def passage_count(k: int) -> int:
    """The number of passages to look at. Raises QuestionError for less than one."""
    if k < 1:
        raise QuestionError(f"k is {k}; ask for 1 passage or more.")
    return k


def chosen_sources(sources: Sequence[str] | None) -> Sequence[str] | None:
    """The sources to ask, None for all. Raises QuestionError when none is named."""
    if sources is None:
        return None
    chosen = [sources] if isinstance(sources, str) else sources
    if not chosen:
        raise QuestionError("sources names no document; leave it out to ask all of them. See: qa status")
    return chosen


def checked_question(question: str) -> str:
    """The question without what surrounds it, and without halves of characters, which no model can read."""
    if not isinstance(question, str):  # callers need not be type-checked
        raise QuestionError(f"The question is {question!r}; give it as a string.")
    stripped = question.strip().encode("utf-8", "replace").decode()
    if not stripped:
        raise QuestionError('The question is empty. Ask something, for example: qa ask "Who is …?"')
    if len(stripped) > QUESTION_LIMIT:
        raise QuestionError(
            f"The question has {len(stripped):,} characters, more than {QUESTION_LIMIT:,}. Ask a shorter one."
        )
    return stripped


def require_corpus(store: IndexStore, corpus: CorpusPath) -> None:
    """An index must not answer for another corpus; one whose files are elsewhere may."""
    name, built_from = corpus_name(corpus), store.status().corpus
    if any(path.exists() for path in corpus_paths(corpus)) and name != built_from:
        raise IndexMismatchError(
            f"The index at {store.folder} was built from {built_from}, not from {name}. "
            f"Run: qa rebuild {name} --index {store.folder}"
        )
