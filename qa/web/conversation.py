"""The conversation as the browser keeps it: what it asks the server to draw, export and note."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from qa.web import sources, transcript
from qa.web.feedback import Rating, Ratings, file_beside, line
from qa.web.library import Library, Shelf
from qa.web.panel import panel
from qa.web.record import answer_of, turn_of
from qa.web.turn import Turn

MOST_TURNS = 1000


def lay(library: Library) -> gr.HTML:
    """Put the panel on the page that is being built. It shows nothing itself: its value is the live turn."""
    functions: list[Callable[..., Any]] = [draw_turns, export_markdown, _rater(library)]
    events = "'ask', 'halt', 'arrive'"  # Gradio lets those be listened to whose names it finds in the script
    script = f"Footnote.chat.live(props, trigger, watch, server); /* triggers {events} */"
    return panel("fn-live", None, "", script, functions)


def library_key(shelf: Shelf, username: str) -> str:
    """Under what the browser keeps conversations about this corpus, and this user's apart from others'."""
    if shelf.status is None:
        return ""
    return hashlib.sha256(f"{shelf.status.corpus}\0{username}".encode()).hexdigest()[:16]


def draw_turns(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The turns that the browser has kept, as HTML; those it can make nothing of are left out."""
    drawn = []
    for each in kept[:MOST_TURNS]:
        try:
            turn = turn_of(each)
            html = {"article": str(transcript.article(turn)), "sources": str(sources.section(turn))}
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        drawn.append({"number": turn.number, **html})
    return drawn


def export_markdown(asked: dict[str, Any]) -> str:
    """The conversation `name` with these `turns` as Markdown."""
    return markdown(str(asked.get("name") or ""), [turn_of(each) for each in asked["turns"]])


def markdown(name: str, turns: Sequence[Turn]) -> str:
    """The conversation as Markdown: each question, its answer, and the quotes with file, place and hash."""
    heading = [f"# {' '.join(name.split())}\n"] if name else []
    return "\n".join([*heading, *(_section(turn) for turn in turns)])


def _section(turn: Turn) -> str:
    parts = [f"## {' '.join(turn.question.split())}\n"]
    if turn.answer is None:
        return "\n".join([*parts, f"{turn.error or turn.text or 'Stopped before an answer.'}\n"])
    made = f"*Answered by {turn.answer.model} from index version {turn.answer.index_version}.*\n"
    return "\n".join([*parts, turn.answer.to_markdown(), made])


def _rater(library: Library) -> Callable[[dict[str, Any]], str]:
    ratings = Ratings()

    def rate_answer(rated: dict[str, Any]) -> str:
        """Note a rating; the file it stands in, or "" when it could not be noted."""
        try:
            answer = answer_of(rated["answer"])
            rating: Rating = "down" if rated.get("rating") == "down" else "up"
            with library.lent() as assistant:
                path = file_beside(assistant.status().index)
            reason, id = str(rated.get("reason") or ""), str(rated.get("id") or "")
            ratings.save(path, line(answer, rating, reason, id))
        except Exception as error:
            library.explain(error)
            return ""
        return str(path)

    return rate_answer
