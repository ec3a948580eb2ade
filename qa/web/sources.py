"""The Sources panel: for each turn, the cards of what its answer quotes."""

from __future__ import annotations

import math
import re
from pathlib import Path

from markupsafe import Markup

from index_store.readers import title_of
from index_store.types import Hit, Passage
from qa.types import Answer, Citation
from qa.web.citation import anchor, answering, filename, opens, position
from qa.web.turn import Turn

REACH = 240
"""How many characters of the passage stand on each side of the quote in a card."""

CLOSENESS = (
    (0.5, "very close to the question"),
    (0.15, "close to the question"),
    (-math.inf, "loosely related"),
)
"""What the probability that a passage answers means, from it on."""

EMPTY = Markup(
    '<div class="fn-all-sources"></div>'
    '<section class="fn-sources fn-no-sources"><h2 class="fn-panel-title">Sources</h2>'
    '<p class="fn-quiet">The exact words behind each answer appear here, numbered as its markers are. '
    "Choose one to read it in its document.</p></section>"
)

_SECTION = Markup(
    '<section class="fn-sources" data-turn="{}" data-state="{}">'
    '<h2 class="fn-panel-title">{}</h2>{}{}</section>'
)
_WAITING = Markup('<div class="fn-skeleton" aria-hidden="true"><i></i><i></i><i></i></div>') * 2
_NOTE = Markup('<p class="fn-quiet">{}</p>')
_CARDS = Markup('<ol class="fn-cards">{}</ol>')
_CARD = Markup(
    '<li class="fn-card" {}><a class="fn-card-head" href="#{}" {}>'
    '<span class="fn-number">{}</span><span class="fn-place">{}<span class="fn-where">{}</span></span></a>'
    '<p class="fn-facts">{}</p><blockquote class="fn-passage" dir="auto">{}</blockquote></li>'
)
_TITLE = Markup('<cite class="fn-card-title" dir="auto">{}</cite>')
_DATE = Markup("<time>{}</time>")
_CLOSENESS = Markup('<span title="{}">{}</span>')
_SAYS = Markup(' · <span class="fn-says">says “{}”</span>')
_QUOTED = Markup("{}<mark>{}</mark>{}")


def section(turn: Turn) -> Markup:
    """The panel's contents for one turn, in whatever state it is."""
    answer = turn.answer
    if answer is not None and answer.status == "answered":
        return _section(
            turn, "Sources", agreement(answer), [_quote_card(turn, answer, c) for c in answer.citations]
        )
    if answer is not None:
        note = "The passages that come closest to the question. None of them answers it."
        cards = [_nearest_card(turn, hit) for hit in answer.hits]
        asked = "chosen documents" if turn.sources else "documents"
        return _section(
            turn, "Nearest passages", note if cards else f"Nothing in the {asked} comes close.", cards
        )
    if turn.state == "running":
        return _SECTION.format(turn.number, turn.state, "Sources", "", _WAITING)
    return _section(turn, "Sources", "This question has no answer yet, so there is nothing to show.", [])


def _section(turn: Turn, title: str, note: str, cards: list[Markup]) -> Markup:
    body = _CARDS.format(Markup("").join(cards)) if cards else Markup("")
    return _SECTION.format(turn.number, turn.state, title, _NOTE.format(note) if note else "", body)


def _quote_card(turn: Turn, answer: Answer, citation: Citation) -> Markup:
    home = anchor(turn.number, citation.number)
    before, after = surroundings(citation, _passage_of(citation, answer.hits))
    quoted = _QUOTED.format(before, citation.quote, after)
    return _CARD.format(
        Markup('id="{}"').format(home),
        home,
        opens(citation),
        citation.number,
        filename(citation.source),
        position(citation),
        facts(citation.source, citation.title, citation.published, citation.score) + _says(answer, citation),
        quoted,
    )


def _nearest_card(turn: Turn, hit: Hit) -> Markup:
    passage = hit.passage
    home = f"near-{turn.number}-{hit.rank}"
    return _CARD.format(
        Markup('id="{}"').format(home),
        home,
        opens(passage),
        "",
        filename(passage.source),
        position(passage),
        facts(passage.source, passage.title, None, hit.score),
        _until(passage.text, 2 * REACH),
    )


def agreement(answer: Answer) -> str:
    """Whether the sources that answer in a few words say the same; "" where fewer than two do."""
    if answer.disagreement:
        return "The sources differ. Each says below what it answers."
    return "The sources agree." if sum(bool(answering(each)) for each in answer.citations) > 1 else ""


def _says(answer: Answer, citation: Citation) -> Markup:
    said = answering(citation)
    return _SAYS.format(said) if said and answer.disagreement else Markup("")


def facts(source: str, title: str, published: str | None, score: float) -> Markup:
    """The title that stands in the document, its date, and how close its words are to the question."""
    parts = [] if title == title_of(Path(source)) else [_TITLE.format(title)]
    parts += [_DATE.format(published)] if published else []
    closeness = next(words for least, words in CLOSENESS if score >= least)
    return Markup(" · ").join([*parts, _CLOSENESS.format(f"Score {score:.2f}", closeness)])


def _passage_of(citation: Citation, hits: tuple[Hit, ...]) -> Passage | None:
    """The passage that the quote was taken from, if it is among the answer's hits."""
    for hit in hits:
        passage = hit.passage
        inside = passage.start <= citation.start and citation.end <= passage.end
        if passage.source == citation.source and inside:
            return passage
    return None


def surroundings(citation: Citation, passage: Passage | None) -> tuple[str, str]:
    """The words of the passage before and after the quote, cut at a word with an ellipsis."""
    if passage is None:
        return "", ""
    before = passage.text[: citation.start - passage.start]
    after = passage.text[citation.end - passage.start :]
    return _since(before, REACH), _until(after, REACH)


def _until(text: str, reach: int) -> str:
    """The first `reach` characters of `text`, whole words, with an ellipsis if more follow."""
    if len(text) <= reach:
        return text
    return re.sub(r"\S*$", "", text[:reach]).rstrip() + " …"


def _since(text: str, reach: int) -> str:
    """The last `reach` characters of `text`, whole words, with an ellipsis if more precede."""
    if len(text) <= reach:
        return text
    return "… " + re.sub(r"^\S*", "", text[-reach:]).lstrip()
