"""The parts of the page one by one: what HTML, and what text, comes of what values."""

from __future__ import annotations

import dataclasses
import itertools
import re
import threading
from collections.abc import Generator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_fixtures.browsing import free_port

from index_store import Document, Hit, IndexStatus, OriginalMissingError, PageRenderer, Passage
from index_store.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, UnknownSourceError
from qa import Answer, AnswerSentence, Citation, Event, ModelError
from qa.web import assets, chat, citation, notice, server, sources, transcript, welcome
from qa.web.library import UNEXPECTED, EmptyIndexError, Library, Shelf, stocked
from qa.web.port import Port
from qa.web.request import Request, legible
from qa.web.turn import Turn
from qa.web.viewer import Viewer

TEXT = "The mill burned in 1802. It was rebuilt by Ada Bell. Nobody lives there now."
QUOTE = "It was rebuilt by Ada Bell."
DOCUMENT = Document("farm/mill.txt", "The mill", TEXT, "5ha", "text/plain")
CITED = Citation(1, "farm/mill.txt", "The mill", QUOTE, 25, 52, None, 0.9, "5ha")
PASSAGE = Passage("p1", "farm/mill.txt", "The mill", TEXT, 0, len(TEXT))
ANSWER = Answer(
    question="Who rebuilt the mill?",
    text=f"{QUOTE} [1]",
    status="answered",
    probability=None,
    sentences=(AnswerSentence(QUOTE, (1,), "supported"),),
    citations=(CITED,),
    hits=(Hit(PASSAGE, 0.9, 1),),
    model="builtin",
    index_version="v1",
    timings={"total": 0.25},
)
STATUS = IndexStatus("/i", "/c", 2, 9, (), (), "model", "v1", "now")


def text_of(html: object) -> str:
    """What a reader would read, without regard to layout."""
    return unescape(re.sub(r"<[^>]*>", "", str(html)))


def marked(html: object) -> str:
    return "".join(text_of(each) for each in re.findall(r"<mark[^>]*>(.*?)</mark>", str(html), re.S))


class Fake:
    """An assistant over one document, whose stream is given."""

    model = None

    def __init__(self, *events: Event, status: IndexStatus = STATUS, document: Document = DOCUMENT) -> None:
        self.events, self.shelf, self.held = events, status, document
        self.closed = self.statuses = 0

    def status(self) -> IndexStatus:
        self.statuses += 1
        return self.shelf

    def search(self, _query: str, *, k: int) -> tuple[Hit, ...]:
        return ANSWER.hits[:k]

    def close(self) -> None:
        self.closed += 1

    def stream(self, _question: str, /, **_options: Any) -> Any:
        yield from self.events

    def document(self, source: str, *, boxes: bool = False) -> Document:
        if source != self.held.source:
            raise UnknownSourceError(f"No document of the index matches {source!r}. See: qa status")
        return self.held if boxes else dataclasses.replace(self.held, boxes=())

    def original(self, source: str) -> Path:
        raise OriginalMissingError(source)


def library(assistant: Any) -> Library:
    return Library(lambda: assistant)


# Markers and chips


def test_known_markers_become_links_and_all_other_text_stays_as_it_is() -> None:
    html = citation.with_chips("As said [1], and in note [12] <b>.", (CITED,), 3)
    assert text_of(html) == "As said [1], and in note [12] <b>."
    assert re.findall(r'href="([^"]*)"', str(html)) == ["#cite-3-1"]
    assert 'data-source="farm/mill.txt" data-start="25" data-end="52" data-sha256="5ha"' in str(html)
    assert 'data-quote="It was rebuilt by Ada Bell."' in str(html)
    assert 'aria-label="Source 1: farm/mill.txt, characters 25–52"' in str(html)


def test_a_marker_still_being_written_has_no_link() -> None:
    html = citation.with_pending_chips("So it is. [1] And")
    assert text_of(html) == "So it is. [1] And"
    assert "href" not in html and 'class="fn-cite"' in html


@given(st.text())
def test_chips_never_change_what_is_read(text: str) -> None:
    assert text_of(citation.with_chips(text, (CITED,), 1)) == text
    assert text_of(citation.with_pending_chips(text)) == text


def test_a_position_is_a_page_where_there_are_pages() -> None:
    assert citation.position(CITED) == "characters 25–52"
    assert citation.position(dataclasses.replace(CITED, page=7)) == "page 7"


# The transcript


def test_doubtful_sentences_say_why_after_their_marker() -> None:
    doubtful = dataclasses.replace(
        ANSWER,
        text=f"{QUOTE} [1]\n\nIt is large.",
        sentences=(AnswerSentence(QUOTE, (1,), "weak"), AnswerSentence("It is large.", (), "unsupported")),
    )
    html = str(transcript.prose(doubtful, 1))
    assert text_of(html) == f"{QUOTE} [1]?\n\nIt is large.?"
    assert re.findall(r'data-verdict="(\w+)"', html) == ["weak", "unsupported"]
    assert [html.count(f'data-explain="{why}"') for why in transcript.DOUBTS.values()] == [1, 1]


def test_an_answer_shows_its_whole_text_whatever_its_sentences_are() -> None:
    strange = dataclasses.replace(ANSWER, sentences=(AnswerSentence("not in the text", (), "supported"),))
    assert text_of(transcript.prose(strange, 1)) == f"{QUOTE} [1]"


def test_the_foot_names_the_evidence_the_model_and_the_time() -> None:
    html = transcript.article(Turn(1, "Who?", answer=ANSWER))
    assert text_of(html).endswith("1 sourcebuilt-in reader, 0.2 s")
    other = dataclasses.replace(ANSWER, model="ollama/x", timings={}, citations=(CITED, CITED))
    html = transcript.article(Turn(1, "Who?", answer=other))
    assert text_of(html).endswith("2 sourcesollama/x, 1 of 1 sentence supported")


def test_a_stopped_turn_keeps_its_text_and_can_be_asked_again() -> None:
    html = transcript.article(Turn(1, "Who?", text="It was", stopped=True))
    assert text_of(html) == "Who?It wasStopped."
    assert re.findall(r'data-action="([^"]*)"', str(html)) == ["again", "edit", "delete"]
    assert 'data-state="stopped" aria-busy="false"' in html


def test_an_unknown_stage_is_shown_by_its_name() -> None:
    assert "Searching the documents" in transcript.article(Turn(1, "Who?"))
    assert "weighing" in transcript.article(Turn(1, "Who?", stage="weighing"))


# The cards


def test_a_card_cuts_a_long_passage_at_words_around_the_quote() -> None:
    before, after = "word " * 200, " more" * 200
    passage = dataclasses.replace(PASSAGE, text=before + QUOTE + after, start=100, end=3000)
    cited = dataclasses.replace(CITED, start=100 + len(before), end=100 + len(before) + len(QUOTE))
    left, right = sources.surroundings(cited, passage)
    assert re.fullmatch(r"… (word ){40,48}", left)
    assert re.fullmatch(r"( more){40,48} …", right)
    answer = dataclasses.replace(ANSWER, citations=(cited,), hits=(Hit(passage, 1.0, 1),))
    html = str(sources.section(Turn(1, "Who?", answer=answer)))
    assert marked(html) == QUOTE
    assert f"{left}{QUOTE}{right}" in text_of(html)


def test_a_quote_from_no_known_passage_stands_alone() -> None:
    elsewhere = dataclasses.replace(PASSAGE, source="other.txt")
    answer = dataclasses.replace(ANSWER, hits=(Hit(elsewhere, 1.0, 1),))
    assert text_of(sources.section(Turn(1, "Who?", answer=answer))).endswith(
        f"characters 25–52The mill · very close to the question{QUOTE}"
    )


def test_nothing_near_is_said_to_be_so() -> None:
    nothing = dataclasses.replace(ANSWER, status="insufficient", citations=(), sentences=(), hits=())
    assert "Nothing in the documents comes close." in sources.section(Turn(1, "Who?", answer=nothing))
    assert "Nothing in them comes near this question." in transcript.article(Turn(1, "Who?", answer=nothing))


# A question's way


def test_a_turn_follows_the_stream_to_its_end() -> None:
    events = (
        Event("stage", "reading"),
        Event("token", "It"),
        Event("token", " was"),
        Event("answer", "", ANSWER),
    )
    turns = chat.Run(library(Fake(*events)), Request("Who?")).turns()
    states = [(turn.state, turn.stage, turn.text) for turn in turns]
    assert states[:2] == [("running", "searching", ""), ("running", "reading", "")]
    assert set(states[2:-1]) <= {
        ("running", "reading", "It"),  # words that come faster than they are shown are shown together
        ("running", "reading", "It was"),
    }
    assert states[-1] == ("answered", "reading", "It was")


def test_a_stream_that_ends_without_an_answer_is_a_failure() -> None:
    *_, last = chat.Run(library(Fake(Event("token", "It"))), Request("Who?")).turns()
    assert (last.state, last.error) == ("failed", UNEXPECTED)


def test_stop_ends_the_turn_while_the_assistant_is_still_busy() -> None:
    begun, go_on, closed = threading.Event(), threading.Event(), threading.Event()

    class Busy(Fake):
        def stream(self, _question: str, /, **_options: Any) -> Any:
            try:
                yield Event("token", "It")
                begun.set()
                go_on.wait(60)
                yield Event("token", " was")
            finally:
                closed.set()

    run = chat.Run(library(Busy()), Request("Who?"))
    turns = run.turns()
    assert [next(turns).text, next(turns).text] == ["", "It"]
    assert begun.wait(60)
    run.stop()
    (last,) = turns
    assert (last.state, last.text) == ("stopped", "It")
    go_on.set()
    assert closed.wait(60)


def test_the_stream_is_closed_when_the_reader_leaves() -> None:
    closed = threading.Event()

    class Endless(Fake):
        def stream(self, _question: str, /, **_options: Any) -> Any:
            try:
                yield from (Event("token", "on ") for _ in itertools.count())
            finally:
                closed.set()

    turns = chat.Run(library(Endless()), Request("Who?")).turns()
    assert [next(turns).state for _ in range(3)] == ["running"] * 3
    assert isinstance(turns, Generator)
    turns.close()
    assert closed.wait(60)


def test_a_question_that_no_encoding_can_carry_is_made_legible() -> None:
    assert legible(" Who \ud800? ") == "Who ??"


def test_stopping_ends_only_what_still_runs() -> None:
    assert Turn(1, "Who?").halted().state == "stopped"
    assert Turn(1, "Who?", answer=ANSWER).halted().state == "answered"
    assert Turn(1, "Who?", error="No.").halted().state == "failed"


# The library


@pytest.mark.parametrize("lost", [IndexMissingError, IndexMismatchError, IndexDamagedError])
def test_an_assistant_whose_index_is_lost_is_closed_and_the_next_one_opened_afresh(lost: Any) -> None:
    held = Library(lambda: cast(Any, Fake()))
    with held.lent() as first:
        assert held.assistant() is first
    with pytest.raises(lost), held.lent():
        raise lost("Gone. Run: qa rebuild")
    assert cast(Fake, first).closed == 1
    assert held.assistant() is held.assistant() is not first


def test_an_assistant_lost_twice_does_not_take_the_next_one_with_it() -> None:
    held = Library(lambda: cast(Any, Fake()))
    with pytest.raises(IndexDamagedError), held.lent() as first:
        with pytest.raises(IndexMissingError), held.lent():
            raise IndexMissingError("Gone. Run: qa rebuild")
        second = held.assistant()
        raise IndexDamagedError("Broken. Run: qa rebuild")
    assert held.assistant() is second is not first
    assert cast(Fake, second).closed == 0


def test_a_document_that_is_not_there_leaves_the_assistant_open() -> None:
    held = library(Fake())
    open_now = held.assistant()
    Viewer(held, PageRenderer()).opened({"source": "gone.txt", "start": 0, "end": 1})
    assert held._assistant is open_now
    assert held.explain(UnknownSourceError("Unknown. See: qa status")) == "Unknown. See: qa status"
    assert held.explain(IndexMissingError("Gone. Run: qa rebuild")) == "Gone. Run: qa rebuild"
    assert held._assistant is open_now
    assert cast(Fake, open_now).closed == 0


def test_what_keeps_the_models_from_loading_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def missing() -> Any:
        raise ModelError("No model. Use: --llm builtin")

    Library(missing).warm()
    assert caplog.messages == ["not ready for questions yet: No model. Use: --llm builtin"]
    caplog.clear()
    library(SimpleNamespace(model=None, status=lambda: 1 / 0)).warm()
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()
    library(Fake()).warm()
    assert caplog.messages == []


def test_an_index_without_documents_is_an_error_that_says_what_to_run() -> None:
    empty = library(Fake(status=dataclasses.replace(STATUS, documents=0)))
    with pytest.raises(EmptyIndexError, match=r"Add some on the page. Or .* Run: qa rebuild /c --index /i$"):
        stocked(empty.assistant())
    assert empty.shelf().status is None
    empty.warm()


# Before the first question


@pytest.mark.parametrize(("documents", "line"), [(1, "1 document"), (2048, "2,048 documents")])
def test_the_masthead_counts_documents(documents: int, line: str) -> None:
    shelf = Shelf(dataclasses.replace(STATUS, documents=documents))
    assert text_of(welcome.masthead(shelf)) == line


def test_the_masthead_names_what_could_not_be_read() -> None:
    shelf = Shelf(dataclasses.replace(STATUS, failed=(("a.txt", "not <text>"),)))
    assert text_of(welcome.masthead(shelf)) == "2 documents · 1 could not be read"
    assert 'title="a.txt: not &lt;text&gt;"' in welcome.masthead(shelf)


def test_a_command_at_the_end_of_a_message_is_set_as_code() -> None:
    assert notice.sentence("No <index>. Run: qa rebuild a&b") == (
        "No &lt;index&gt;. Run: <code>qa rebuild a&amp;b</code>"
    )
    assert notice.sentence("Shorter, please.") == "Shorter, please."


# Serving


def interrupt(_seconds: float) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("missing", [False, True])
def test_serving_prints_the_address_and_ends_when_interrupted(
    missing: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def open_assistant() -> Any:
        if missing:
            raise IndexMissingError("There is no index at /i yet. Run: qa rebuild")
        return Fake()

    port = free_port()
    monkeypatch.setattr(server, "time", SimpleNamespace(sleep=interrupt))
    server.serve(open_assistant, host="127.0.0.1", port=port)
    printed = capsys.readouterr()
    assert printed.out == f"Footnote is at http://127.0.0.1:{port}/ (Ctrl+C stops it)\n"
    assert printed.err == ("There is no index at /i yet. Run: qa rebuild\n" if missing else "")
    Port("127.0.0.1", port).close()  # it was let go of


def test_a_wrong_model_ends_serving_before_it_begins() -> None:
    def open_assistant() -> Any:
        raise ModelError("There is no model 'x'. Use: --llm builtin")

    with pytest.raises(ModelError, match="Use: --llm builtin"):
        server.serve(open_assistant, host="127.0.0.1", port=free_port())


def test_what_the_page_is_made_of_closes_no_tag_early() -> None:
    css, js = re.fullmatch(r"<style>(.*)</style><script>(.*)</script>", assets.head(), re.S).groups()  # type: ignore[union-attr]
    assert "</" not in css and "</script" not in js
    assert "url(" not in css and "@import" not in css and "http" not in css + js
