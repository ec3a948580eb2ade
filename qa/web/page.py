"""The page: which panels there are, where they stand, and what happens between them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from index_store import PageRenderer
from index_store.errors import IndexStoreError
from qa.errors import QAError
from qa.web import (
    chat,
    composer,
    conversation,
    documents,
    rail,
    settings_panel,
    shortcuts,
    sources,
    transcript,
    viewer,
    welcome,
)
from qa.web.library import Library, Shelf
from qa.web.panel import panel
from qa.web.record import record
from qa.web.request import Request
from qa.web.suggestions import Suggestions
from qa.web.turn import Turn
from qa.web.visitor import may_change_corpus, visitor

if TYPE_CHECKING:
    from qa import Assistant

ASKERS = 8
"""How many questions are answered at the same time; further ones wait in Gradio's queue."""

START = """Footnote.starters.start(element);
watch("value", () => { Footnote.starters.follow(); Footnote.arrivals.draw(); Footnote.work.redraw(); });"""
CLOSE = '<button type="button" class="fn-close" aria-label="Close the sources">×</button>'


def build_page(open_assistant: Callable[[], Assistant]) -> gr.Blocks:
    """The page over the assistant that `open_assistant` opens, with the API endpoint `/ask`."""
    return Page(Library(open_assistant)).blocks


class Page:
    """The panels of the page and the events between them. `blocks` is what Gradio serves.

    Conversations live in the browser. A question comes with the answers before it, and its turn goes
    back as HTML to show and as a record to keep; nothing of it stays here.
    """

    def __init__(self, library: Library) -> None:
        # Not telemetry, which index_store.silence switches off: after every call Gradio sums up all calls so
        # far, for a dashboard that we don't serve.
        os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(sys.maxsize))
        self.library = library
        self.renderer = PageRenderer()
        self.suggestions = Suggestions(library)
        self.blocks: gr.Blocks
        self.runs: dict[str | None, chat.Run] = {}  # by session: what Stop stops
        with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as self.blocks:
            with gr.Row(elem_id="fn-shell"):
                with gr.Column(elem_id="fn-rail"):
                    rail.lay()
                with gr.Column(elem_id="fn-middle"):
                    with gr.Column(elem_id="fn-chat"):
                        self._lay_chat()
                    documents.lay()
                    settings_panel.lay(library)
                    shortcuts.lay()
                with gr.Column(elem_id="fn-pane"):
                    self._lay_pane()
            self._wire()
            api(self.answer, api_name="ask")
        self.blocks.queue(default_concurrency_limit=ASKERS)

    def _lay_chat(self) -> None:
        self.shelf = panel("fn-masthead", str(welcome.OPENING), str(welcome.MASTHEAD))
        with gr.Column(elem_id="fn-scroll"):
            self.start = panel("fn-start", welcome.LOADING, script=START)
            panel("fn-transcript", "", transcript.EMPTY, "Footnote.chat.transcript(element)")
        composer.lay()
        self.live = conversation.lay(self.library)

    def _lay_pane(self) -> None:
        panel("fn-pane-bar", "", CLOSE, "Footnote.shell.evidence(element)")
        panel("fn-cards", "", str(sources.EMPTY), "Footnote.sources.panel(element)")
        viewer.lay(self.library, self.renderer)

    def _wire(self) -> None:
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        self.live.ask(self.respond, None, [self.live, self.shelf], trigger_mode="multiple", **quiet)
        self.live.halt(self.halt, None, None, queue=False, **quiet)
        arriving = [self.live, self.start, self.shelf]
        self.blocks.load(self.arrive, None, arriving, queue=False, **quiet)  # the page is empty until then
        self.live.arrive(self.arrive, None, arriving, queue=False, **quiet)

    def arrive(self, request: gr.Request) -> tuple[dict[str, Any], str, str]:
        """What a reader who opens the page finds: whose conversations to show, where to start, the index."""
        shelf = self.library.shelf()
        name = visitor(request).name
        here = {"library": conversation.library_key(shelf, name), "reader": name}
        may_add = shelf.empty and may_change_corpus(request) and self.library.folder() is not None
        return here, welcome.welcome(self.suggestions, shelf, may_add), welcome.masthead(shelf)

    def respond(self, event: gr.EventData, request: gr.Request) -> Iterator[tuple[Any, Any]]:
        """The turn that the browser asks for at each step of its answer, and the line about the index."""
        asked = Request.parse(event._data)
        session = request.session_hash
        run = self.runs[session] = chat.Run(self.library, asked)
        try:
            for turn in run.turns():
                yield shown(turn, event._data.get("ticket")), self._shelf_after(turn, run.shelf)
        finally:  # also when the reader has left and Gradio closes this iterator
            if self.runs.get(session) is run:  # else a later question of this reader's is on its way
                del self.runs[session]

    def _shelf_after(self, turn: Turn, shelf: Shelf | None) -> Any:
        return gr.skip() if turn.state == "running" else welcome.masthead(shelf or self.library.shelf())

    def halt(self, request: gr.Request) -> None:
        """Stop the answer that this reader is waiting for, if there is one; it then ends by itself."""
        if run := self.runs.get(request.session_hash):
            run.stop()

    def answer(self, question: str) -> dict[str, Any]:
        """Ask the documents; the answer with its citations, as `Answer.to_dict()`."""
        try:
            return chat.answered(self.library, question).to_dict()
        except (QAError, IndexStoreError) as error:
            raise gr.Error(self.library.explain(error)) from error


def shown(turn: Turn, ticket: object) -> dict[str, Any]:
    """A turn for the browser: its HTML, its sources', and what to keep of it once it has ended."""
    return {
        "ticket": ticket,  # the browser's own, by which it knows the question
        "number": turn.number,
        "article": str(transcript.article(turn)),
        "sources": str(sources.section(turn)),
        "record": None if turn.state == "running" else record(turn),
    }
