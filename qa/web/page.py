"""The page: which panels there are, where they stand, and what happens between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from index_store.errors import IndexStoreError
from qa.errors import QAError
from qa.web import chat, documents, rail, sources, transcript, viewer, welcome
from qa.web.library import Library
from qa.web.panel import JOINED, panel
from qa.web.turn import Turns

if TYPE_CHECKING:
    from qa import Assistant

ASKERS = 8
"""How many questions are answered at the same time; further ones wait in Gradio's queue."""

VIEWER = (
    '<nav class="fn-viewer-bar"><button type="button" class="fn-back">← Sources</button>'
    '<bdi class="fn-here"></bdi></nav>'
    '<div class="fn-opened" tabindex="-1" aria-live="polite"></div>'
)
CLOSE = '<button type="button" class="fn-close" aria-label="Close the sources">×</button>'


def build_page(open_assistant: Callable[[], Assistant]) -> gr.Blocks:
    """The page over the assistant that `open_assistant` opens, with the API endpoint `/ask`."""
    return Page(Library(open_assistant)).blocks


class Page:
    """The panels of the page and the events between them. `blocks` is what Gradio serves."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.blocks: gr.Blocks
        self.runs: dict[str | None, chat.Run] = {}  # by session: what Stop stops
        with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as self.blocks:
            self.turns = gr.State(())
            with gr.Row(elem_id="fn-shell"):
                with gr.Column(elem_id="fn-rail"):
                    rail.lay()
                with gr.Column(elem_id="fn-middle"):
                    with gr.Column(elem_id="fn-chat"):
                        self._lay_chat()
                    documents.lay()
                with gr.Column(elem_id="fn-pane"):
                    self._lay_pane()
            self._wire()
            api(self.answer, api_name="ask")
        self.blocks.queue(default_concurrency_limit=ASKERS)

    def _lay_chat(self) -> None:
        self.shelf = panel("fn-masthead", str(welcome.OPENING), str(welcome.MASTHEAD))
        with gr.Column(elem_id="fn-scroll"):
            self.start = panel(
                "fn-start", welcome.LOADING, script="Footnote.chat.starters(element, trigger, 'ask')"
            )
            self.transcript = panel(
                "fn-transcript", [], JOINED, "Footnote.chat.transcript(element, trigger, watch, 'ask')"
            )
        with gr.Row(elem_id="fn-composer"):
            self.box = gr.Textbox(
                label="Your question",
                placeholder="Ask a question about your documents",
                show_label=False,
                container=False,
                max_lines=6,
                elem_id="fn-box",
            )
            self.ask = gr.Button("Ask", elem_id="fn-ask", variant="primary")
            self.stop = gr.Button("Stop", elem_id="fn-stop")

    def _lay_pane(self) -> None:
        panel("fn-pane-bar", "", CLOSE, "Footnote.shell.evidence(element)")
        self.sources = panel(
            "fn-cards", [str(sources.EMPTY)], JOINED, "Footnote.sources.panel(element, watch)"
        )
        panel("fn-viewer", "", VIEWER, "Footnote.viewer.panel(element, server)", [self._opener()])

    def _wire(self) -> None:
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        panels = [self.transcript, self.sources, self.turns, self.box, self.shelf]
        gr.on([self.box.submit, self.ask.click], self.respond, [self.box, self.turns], panels, **quiet)
        for asking in (self.start, self.transcript):
            asking.ask(self.respond_to_pick, [self.turns], panels, **quiet)
        self.stop.click(self.halt, None, None, queue=False, **quiet)
        self.blocks.load(self.arrive, None, [self.start, self.shelf], **quiet)

    def arrive(self) -> tuple[str, str]:
        """What a reader who opens the page finds: where to start, and the line about the index."""
        shelf = self.library.shelf()
        return welcome.welcome(self.library, shelf), welcome.masthead(shelf)

    def respond(self, question: str, turns: Turns, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """The panels at each step of the answer to a typed question."""
        session = request.session_hash
        run = self.runs[session] = chat.Run(self.library, question, len(turns) + 1)
        try:
            yield from self._panels(run, turns)
        finally:  # also when the reader has left and Gradio closes this iterator
            if self.runs.get(session) is run:  # else a later question of this reader's is on its way
                del self.runs[session]

    def _panels(self, run: chat.Run, turns: Turns) -> Iterator[tuple[Any, ...]]:
        articles, sections = _articles(turns), _sections(turns)
        box: Any = ""
        for turn in run.turns():
            now = [*articles, *_articles((turn,))], [*sections, *_sections((turn,))], (*turns, turn)
            running = turn.state == "running"
            yield (*now, box, gr.skip() if running else welcome.masthead(run.shelf or self.library.shelf()))
            box = gr.skip()  # the reader may be typing the next question by now

    def respond_to_pick(
        self, turns: Turns, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """The same for a question that stood on the page as a button; what is typed stays."""
        for *now, _, shelf in self.respond(str(event.question), turns, request):
            yield (*now, gr.skip(), shelf)

    def halt(self, request: gr.Request) -> None:
        """Stop the answer that this reader is waiting for, if there is one; it then ends by itself."""
        if run := self.runs.get(request.session_hash):
            run.stop()

    def _opener(self) -> Callable[[dict[str, Any]], str]:
        """What footnote.js calls, by its name, to open a document at the place that a link names."""

        def open_document(place: dict[str, Any]) -> str:  # gradio marks it, which no bound method allows
            return viewer.opened(self.library, place)

        return open_document

    def answer(self, question: str) -> dict[str, Any]:
        """Ask the documents; the answer with its citations, as `Answer.to_dict()`."""
        try:
            return chat.answered(self.library, question).to_dict()
        except (QAError, IndexStoreError) as error:
            raise gr.Error(self.library.explain(error)) from error


def _articles(turns: Turns) -> list[str]:
    return [str(transcript.article(turn)) for turn in turns]


def _sections(turns: Turns) -> list[str]:
    return [str(sources.section(turn)) for turn in turns]
