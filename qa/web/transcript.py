"""The conversation as HTML: each question, its answer with markers, and a line about how it went."""

from __future__ import annotations

from markupsafe import Markup

from qa.types import Answer, AnswerSentence
from qa.web.citation import MARKER, with_chips, with_pending_chips
from qa.web.notice import notice
from qa.web.turn import Turn

SHOWN = 600
"""How much of a long question is shown."""

LONG = 160
"""From how many characters on a question is set as a paragraph, not as a heading."""

STAGES = {
    "searching": "Searching the documents",
    "reading": "Reading the passages",
    "writing": "Writing the answer",
}
DOUBTS = {
    "weak": "The quoted words support this sentence only in part.",
    "unsupported": "No quoted words support this sentence.",
}
MODELS = {"builtin": "built-in reader"}
REFUSAL = "The documents don’t say."

_TURN = Markup(
    '<article class="fn-turn" data-turn="{}" data-state="{}" aria-busy="{}">'
    '<h2 class="fn-question" dir="auto"{}>{}</h2><div class="fn-answer" dir="auto">{}</div>'
    '<div class="fn-foot">{}</div></article>'
)
_STAGE = Markup('<span class="fn-stage" role="status">{}<i></i><i></i><i></i></span>')
_SOURCES = Markup('<button type="button" class="fn-evidence" data-turn="{}">{}</button><span>{}</span>')
_AGAIN = Markup('<button type="button" class="fn-ask" data-question="{}">Ask again</button>')
_SENTENCE = Markup('<span class="fn-sentence" data-verdict="{}">{}</span>')
_DOUBT = Markup('<span class="fn-doubt" role="img" tabindex="0" title="{0}" aria-label="{0}">?</span>')
_REFUSED = Markup('<p class="fn-refusal">{}</p><p class="fn-quiet">{}</p>')


def article(turn: Turn) -> Markup:
    """One turn of the conversation, in whatever state it is."""
    busy = "true" if turn.state == "running" else "false"
    long = Markup(" data-long") if len(turn.question) > LONG else ""
    return _TURN.format(turn.number, turn.state, busy, long, _question(turn), _body(turn), _foot(turn))


def _question(turn: Turn) -> str:
    if len(turn.question) <= SHOWN:
        return turn.question
    return f"{turn.question[:SHOWN]} … ({len(turn.question):,} characters)"


def _body(turn: Turn) -> Markup:
    if turn.answer is not None and turn.answer.status == "answered":
        return prose(turn.answer, turn.number)
    if turn.answer is not None:
        return _refusal(turn.answer)
    if turn.error:
        return notice("This question could not be answered", turn.error)
    return with_pending_chips(turn.text)


def _refusal(answer: Answer) -> Markup:
    note = (
        "Nothing in them answers this question."
        if answer.hits
        else "Nothing in them comes near this question."
    )
    return _REFUSED.format(REFUSAL, note)


def prose(answer: Answer, turn: int) -> Markup:
    """The answer's text, whole, its markers as chips and its doubtful sentences marked as such."""
    parts: list[Markup] = []
    cursor = 0
    for sentence in answer.sentences:
        start = answer.text.find(sentence.text, cursor)
        if start < 0:  # not a stretch of the text: leave it in the plain text around it
            continue
        end = _past_markers(answer.text, start + len(sentence.text))
        parts.append(with_chips(answer.text[cursor:start], answer.citations, turn))
        parts.append(_judged(sentence, with_chips(answer.text[start:end], answer.citations, turn)))
        cursor = end
    parts.append(with_chips(answer.text[cursor:], answer.citations, turn))
    return Markup("").join(parts)


def _past_markers(text: str, end: int) -> int:
    """Where the markers that follow a sentence's `end` end: they belong to it."""
    while match := MARKER.match(text, end):
        end = match.end()
    return end


def _judged(sentence: AnswerSentence, content: Markup) -> Markup:
    doubt = DOUBTS.get(sentence.verdict)
    return _SENTENCE.format(sentence.verdict, content + (_DOUBT.format(doubt) if doubt else Markup("")))


def _foot(turn: Turn) -> Markup:
    answer = turn.answer
    if turn.state == "running":
        return _STAGE.format(STAGES.get(turn.stage, turn.stage))
    if answer is None:
        label = Markup("<span>Stopped.</span>") if turn.stopped else Markup("")
        return label + (_AGAIN.format(turn.question) if len(turn.question) <= SHOWN else Markup(""))
    if answer.status == "answered":
        evidence = _count(len(answer.citations), "source", "sources")
    else:
        evidence = _count(len(answer.hits), "nearest passage", "nearest passages")
    return _SOURCES.format(turn.number, evidence, _how(answer))


def _how(answer: Answer) -> str:
    model = MODELS.get(answer.model, answer.model)
    seconds = answer.timings.get("total")
    return model if seconds is None else f"{model}, {seconds:.1f} s"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
