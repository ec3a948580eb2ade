"""The conversation as HTML: each question, its answer with markers, and a line about how it went."""

from __future__ import annotations

from markupsafe import Markup

from qa.types import Answer, AnswerSentence
from qa.web.actions import actions
from qa.web.citation import MARKER, answering, with_chips, with_pending_chips
from qa.web.extras import extras
from qa.web.notice import notice
from qa.web.suggestions import offer
from qa.web.turn import Turn
from qa.web.wording import next_questions

SHOWN = 600
"""How much of a long question is shown."""

LONG = 160
"""From how many characters on a question is set as a paragraph, not as a heading."""

STAGES = {
    "rewriting": "Understanding the question",
    "searching": "Searching the documents",
    "reading": "Reading the passages",
    "writing": "Writing the answer",
}
DOUBTS = {
    "weak": "The quoted words support this sentence only in part.",
    "unsupported": "No quoted words support this sentence.",
}
MODELS = {"builtin": "built-in reader"}
SURENESS = ((0.9, "sure"), (0.7, "fairly sure"), (0.0, "not sure"))
"""From which probability on the answer is called so."""

NAMED = 3
"""How many of the documents that a question is restricted to are named."""

EMPTY = '<div class="fn-turns" role="log" aria-label="Questions and answers"></div>'

_TURN = Markup(
    '<article class="fn-turn" data-turn="{}" data-state="{}" aria-busy="{}">'
    '<h2 class="fn-question" dir="auto"{}>{}</h2>{}{}<div class="fn-answer" dir="auto">{}</div>'
    '{}<div class="fn-foot">{}</div>{}</article>'
)
_STAGE = Markup('<span class="fn-stage" role="status">{}<i></i><i></i><i></i></span>')
_SOURCES = Markup('<button type="button" class="fn-evidence" data-turn="{}">{}</button><span>{}</span>')
_ASKED_AS = Markup(
    '<p class="fn-asked-as">Asked as “<span>{}</span>” '
    '<button type="button" class="fn-link" data-action="edit-asked">Change</button></p>'
)
_SHORT = Markup('<p class="fn-short">{}</p>')
_DIFFER = Markup(
    '<p class="fn-differ" role="note">The sources differ. Compare their words before you rely on one.</p>'
)
_SENTENCE = Markup('<span class="fn-sentence" data-verdict="{}">{}</span>')
_DOUBT = Markup(
    '<span class="fn-doubt-place">'
    '<button type="button" class="fn-doubt" data-explain="{0}" aria-label="{0}">?</button></span>'
)
_NEXT = Markup('<div class="fn-next">{}</div>')
_REFUSED = Markup('<p class="fn-refusal">The documents don’t say.</p><p class="fn-quiet">{}</p>')
_REFUSED_BY_CHOSEN = Markup(
    '<p class="fn-refusal">The chosen documents don’t say.</p><p class="fn-quiet">Only {} asked. '
    '<button type="button" class="fn-link" data-action="all">Ask all documents</button></p>'
)


def article(turn: Turn) -> Markup:
    """One turn of the conversation, in whatever state it is."""
    busy = "true" if turn.state == "running" else "false"
    long = Markup(" data-long") if len(turn.question) > LONG else ""
    head = _question(turn), _asked_as(turn), short(turn)
    return _TURN.format(turn.number, turn.state, busy, long, *head, _body(turn), *_below(turn))


def _below(turn: Turn) -> tuple[Markup, Markup, Markup]:
    return extras(turn.answer) if turn.answer else Markup(""), _foot(turn), _next(turn)


def _asked_as(turn: Turn) -> Markup:
    """A follow-up as it was understood, if it had to be rewritten to stand alone."""
    rewritten = turn.answer.rewritten_question if turn.answer else turn.rewritten
    return _ASKED_AS.format(rewritten) if rewritten else Markup("")


def _question(turn: Turn) -> str:
    if len(turn.question) <= SHOWN:
        return turn.question
    return f"{turn.question[:SHOWN]} … ({len(turn.question):,} characters)"


def _body(turn: Turn) -> Markup:
    if turn.answer is not None and turn.answer.status == "answered":
        differ = _DIFFER if turn.answer.disagreement else Markup("")
        return prose(turn.answer, turn.number) + differ
    if turn.answer is not None:
        return _refusal(turn.answer, turn.sources)
    if turn.error:
        return notice("This question could not be answered", turn.error)
    return with_pending_chips(turn.text)


def _refusal(answer: Answer, asked: tuple[str, ...]) -> Markup:
    if asked:
        named = [Markup("<bdi>{}</bdi>").format(each) for each in asked[:NAMED]]
        named += [Markup("{} more").format(len(asked) - NAMED)] if len(asked) > NAMED else []
        names = Markup(" and ").join(filter(None, [Markup(", ").join(named[:-1]), named[-1]]))
        return _REFUSED_BY_CHOSEN.format(names + (" was" if len(asked) == 1 else " were"))
    note = (
        "Nothing in them answers this question."
        if answer.hits
        else "Nothing in them comes near this question."
    )
    return _REFUSED.format(note)


def short(turn: Turn) -> Markup:
    """The short answer in the documents' own words, if one stands by itself."""
    if turn.answer is None or not turn.answer.lead:
        return Markup("")
    return _SHORT.format(with_chips(turn.answer.lead, turn.answer.citations, turn.number))


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
        parts.append(_judged(sentence, _worded(answer, sentence, answer.text[start:end], turn)))
        cursor = end
    parts.append(with_chips(answer.text[cursor:], answer.citations, turn))
    return Markup("").join(parts)


def _worded(answer: Answer, sentence: AnswerSentence, text: str, turn: int) -> Markup:
    """The sentence with its markers as chips, the words in it that answer by themselves in bold."""
    for citation in answer.citations:
        words = answering(citation) if citation.number in sentence.citations else ""
        at = text.find(words) if words else -1
        if at >= 0:
            pieces = text[:at], words, text[at + len(words) :]
            before, _, after = (with_chips(piece, answer.citations, turn) for piece in pieces)
            return before + Markup("<b>{}</b>").format(words) + after
    return with_chips(text, answer.citations, turn)


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
        return label + actions(turn)
    if answer.status == "answered":
        evidence = _count(len(answer.citations), "source", "sources")
    else:
        evidence = _count(len(answer.hits), "nearest passage", "nearest passages")
    return _SOURCES.format(turn.number, evidence, _how(answer)) + actions(turn)


def _next(turn: Turn) -> Markup:
    """What one could go on to ask."""
    if turn.answer is None or turn.answer.status != "answered":
        return Markup("")
    questions = next_questions(turn.answer)
    return _NEXT.format(offer("Ask next", questions)) if questions else Markup("")


def _how(answer: Answer) -> str:
    said = [MODELS.get(answer.model, answer.model)]
    if (seconds := answer.timings.get("total")) is not None:
        said.append(f"{seconds:.1f} s")
    said.append(reliance(answer))
    return ", ".join(filter(None, said))


def reliance(answer: Answer) -> str:
    """How far one can rely on it: how much of what a model wrote is supported, else the probability."""
    if answer.status == "answered" and answer.model not in MODELS and answer.sentences:
        supported = sum(each.verdict == "supported" for each in answer.sentences)
        return f"{supported} of {_count(len(answer.sentences), 'sentence', 'sentences')} supported"
    if answer.probability is None:
        return ""
    if answer.status != "answered":
        percent = int(100 * answer.probability)  # rounded up, it could reach the threshold
        return f"answer {percent or 'under 1'} % likely"
    return next(word for least, word in SURENESS if answer.probability >= least)


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
