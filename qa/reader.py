"""The built-in answerer: quotes the sentences that answer, word for word. No language model."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index_store import Document, sentence_spans
from qa.agreement import Agreement, ShortAnswer, disagreement, group
from qa.attribution import source_of_figure
from qa.calibration import Calibration, answer_values
from qa.citations import Evidence, said
from qa.crossencoder import CrossEncoder, Span
from qa.lists import list_at
from qa.numerals import quantities
from qa.question import (
    Kind,
    asks_for_steps,
    asks_who_claims,
    asks_who_said,
    asks_who_speaks,
    kind,
    saying,
)
from qa.retriever import Found
from qa.rows import is_figures
from qa.selection import selection
from qa.speaker import claim_span, speaker, speaker_spans
from qa.supplement import ANSWERS, further, telling
from qa.testimony import said_by, word_for_word
from qa.window import Window
from qa.words import content_words, unnamed

_SENTENCES = 3  # the most of an answer to a question that may take several
_STEPS = 6  # the same of one that asks how to do something
_SPAN_MARGIN = 8.0  # logits: how much worse than a pronoun the name may be that it stands for
_NAMED = 0.6  # the least probability of what the question asks for by name: chosen, not calibrated
_SURE, _RIVALRY = 0.5, 0.3  # how probable a contradicting passage is, and how near to the best one
_AGREEING = 3  # the most passages that are cited for one sentence
_NEARBY = 3000  # characters before and after a quotation, among which its speaker is looked for
_LEAD_WORDS = 8
_PRONOUNS = frozenset("i we you he she it they me us him her them this that these those who".split())
_MARKS = '"“”'
_CLOSING = re.compile(r"[.,!?]?[\"”]")
_REST_OF_WORD = re.compile(r"(?<=[^\W_])(?:[^\W_]|/(?=[^\W_])|%)+")  # "/h" of "130km/h"
_SHORT = (Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.PLACE)
_LEADS = (*_SHORT, Kind.THING)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the documents say to a question.

    `statements` are the sentences that answer, best first; the first piece of evidence of each is quoted,
    the others say the same elsewhere. `lead` is the short answer where one stands alone, or the answers that
    contradict each other. `probability` is the calibrated probability that the documents answer, or `_NAMED`
    where that is lower and they have what the question asks for by name.
    """

    statements: tuple[tuple[Evidence, ...], ...] = ()
    probability: float = 0.0
    lead: str = ""
    disagreement: bool = False


class Reader:
    """Chooses what to quote from what the retriever has found and read."""

    def __init__(self, calibration: Calibration, encoder: CrossEncoder) -> None:
        self._calibration = calibration
        self._encoder = encoder

    def read(self, question: str, found: Sequence[Found], document: Callable[[str], Document]) -> Reading:
        """The sentences that answer best.

        Passages that give the same short answer are cited together; where two contradict each other, both
        are quoted. Where one sentence may be too little, others follow that answer by themselves or go on.
        What the question asks for by its name in the documents goes before an answer less probable than that.
        """
        read = [each for each in found if each.spans]
        sought, probability = kind(question), self.probability(question, read)
        told = self._quoted(question, sought, read, document) if read else Reading()
        if probability < _NAMED or sought.may_take_several:
            named = _named(question, sought, found, functools.cache(document))
            if named.statements and (probability < _NAMED or _meet(told, named)):
                told = told if _says_shorter(told, named, sought) else named
                probability = max(probability, _NAMED)
        return dataclasses.replace(told, probability=probability)

    def _quoted(
        self, question: str, sought: Kind, read: Sequence[Found], document: Callable[[str], Document]
    ) -> Reading:
        """What the reader has found, with the lists, claims and speakers that belong to it."""
        chosen = self._chosen(question, sought, read)
        statements = list(chosen.statements)
        if not chosen.disagreement:  # whose lead counts the statements
            statements = _in_lists(statements, sought.may_take_several, document)
            if sought is Kind.PERSON and asks_who_said(question):
                statements = _with_claim(question, statements, document)
        told = [piece for pieces in statements for piece in pieces]
        speakers = [each for pieces in statements for each in _speakers(pieces[0], document)]
        statements += [(each,) for each in speakers if not any(each.overlaps(piece) for piece in told)]
        return dataclasses.replace(chosen, statements=tuple(statements))

    def _chosen(self, question: str, sought: Kind, read: Sequence[Found]) -> Reading:
        """One sentence, or several where the question may take them and there are."""
        asked = saying(question)
        if not asked and not sought.may_take_several:
            return _short(question, sought, read)
        spans = [(read[0].spans[0], read[0]), *further(self._encoder, question, read)]
        told = [(_evidence(found, span), found) for span, found in spans]
        most = _STEPS if asks_for_steps(question) else _SENTENCES
        his = said_by(asked, told, read) if asked and asked.whole else []
        chosen = _once(his or told)[:most]
        if his or asks_for_steps(question):
            places = [each.hit.passage.source for each in read]
            chosen.sort(key=lambda pieces: (places.index(pieces[0].hit.passage.source), pieces[0].start))
        is_best = len(chosen) < 2 and all(told[0][0].overlaps(pieces[0]) for pieces in chosen)
        if is_best and not sought.may_take_several:
            return _short(question, sought, read)
        return Reading(tuple(chosen))

    def probability(self, question: str, found: Sequence[Found]) -> float:
        """The calibrated probability, from 0 to 1, that the documents answer."""
        if not found:
            return 0.0
        best = found[0]
        values = answer_values(best.signals, unnamed(question, [_context(best)]), self._calibration.passage)
        return self._calibration.answer.probability(values)


def _named(
    question: str, sought: Kind, found: Sequence[Found], document: Callable[[str], Document]
) -> Reading:
    """What the question asks for by its name in the documents; what one line says may stand alone."""
    most = _STEPS if asks_for_steps(question) else _SENTENCES
    alike: dict[str, list[Evidence]] = {}
    for each in selection(question, sought, found, document, most):
        quote = document(each.hit.passage.source).text[each.start : each.end]
        alike.setdefault(" ".join(quote.split()).lower(), []).append(each)
    statements = tuple(tuple(pieces[:_AGREEING]) for pieces in alike.values())
    lead = ""
    if len(statements) == 1 and (value := statements[0][0].answer) and sought in _LEADS:
        lead = _lead(document(statements[0][0].hit.passage.source).text[slice(*value)], sought)
    return Reading(statements, lead=lead)


def _meet(one: Reading, other: Reading) -> bool:
    """Whether two readings quote some of the same words."""
    quoted, others = ([piece for pieces in each.statements for piece in pieces] for each in (one, other))
    return any(piece.overlaps(each) for piece in quoted for each in others)


def _says_shorter(told: Reading, named: Reading, sought: Kind) -> bool:
    """Whether what the reader has found stands in what is asked for by name, and says it shorter."""
    if sought not in _SHORT or not told.statements or told.disagreement:
        return False
    best = told.statements[0][0]
    held = (piece for pieces in named.statements for piece in pieces if piece.overlaps(best))
    return any(best.answer and (each.answer or (each.start, 0))[0] <= best.answer[0] for each in held)


def _evidence(found: Found, span: Span) -> Evidence:
    """The sentence, or the run of them, around a short answer."""
    start, end = found.window.sentences_at(span.start, span.end)
    return Evidence(found.hit, start, end, (min(max(span.start, start), end), min(span.end, end)))


def _text(found: Found, piece: Evidence) -> str:
    return found.window.between(piece.start, piece.end)


def _once(told: Sequence[tuple[Evidence, Found]]) -> list[tuple[Evidence, ...]]:
    """The evidence without what overlaps; the same words elsewhere are cited with the first that has them."""
    kept: list[Evidence] = []
    chosen: dict[str, list[Evidence]] = {}
    for piece, found in told:
        if any(piece.overlaps(each) for each in kept):
            continue
        pieces = chosen.setdefault(" ".join(_text(found, piece).split()).lower(), [])
        if len(pieces) < _AGREEING:
            pieces.append(piece)
            kept.append(piece)
    return [tuple(pieces) for pieces in chosen.values()]


def _short(question: str, sought: Kind, read: Sequence[Found]) -> Reading:
    """The best sentence with the passages that agree, and the best one that contradicts it."""
    if sought not in _LEADS:
        return Reading(((_evidence(read[0], read[0].spans[0]),),))
    told = _spoken if sought is Kind.PERSON and asks_who_speaks(question) else _told
    read = [dataclasses.replace(each, spans=told(each, sought)) for each in read]
    claim = word_for_word(question, read) if sought is Kind.PERSON and asks_who_claims(question) else None
    if claim and claim.name:
        words = Span(claim.start, claim.end, claim.found.spans[0].score)
        claimed = dataclasses.replace(claim.found, spans=_by_name(claim.found, claim.name, words))
        read = [claimed, *(each for each in read if each is not claim.found)]
    others = () if source_of_figure(question) else read[1:]  # another's figure neither agrees nor contradicts
    sure = telling([read[0], *others])
    groups = group([ShortAnswer(_words(each), each.hit.score, each) for each in sure], sought)
    rivals = _rivals(question, sought, groups)
    if rivals is None or unnamed(question, [_context(rivals[1].answers[0].place)]):
        best = groups[0].answers[0]
        pointing = tuple((_evidence(best.place, span),) for span in best.place.spans[1:])
        return Reading((_cited_together(groups[0]), *pointing), lead=_lead(best.text, sought))
    statements = tuple(_cited_together(each) for each in rivals)
    first, second = (said(each.answers[0].text) for each in rivals)
    lead = f"[1] says {first}; [{1 + len(statements[0])}] says {second}"
    return Reading(statements, lead=lead, disagreement=True)


def _told(found: Found, sought: Kind) -> tuple[Span, ...]:
    """The likeliest short answer of a passage, as it can stand alone.

    Where a person is asked for and that is a pronoun, the likeliest other one in the same sentence or the
    one before or after comes first; the pronoun follows where it is of another sentence.
    """
    best = found.spans[0]
    named = (
        each
        for each in found.spans
        if not _is_pronoun(_said_at(found, each))
        and abs(_place(found, each) - _place(found, best)) <= 1
        and each.score >= best.score - _SPAN_MARGIN
    )
    if sought is Kind.PERSON and _is_pronoun(_said_at(found, best)) and (name := _speaker(found)):
        return _by_name(found, name, best)
    first = next(named, best) if sought is Kind.PERSON else best
    told = (first,) if _place(found, first) == _place(found, best) else (first, best)
    return tuple(_alone(found.window, each) for each in told)


def _spoken(found: Found, sought: Kind) -> tuple[Span, ...]:
    """The same where it is asked who says something: first whoever says the likeliest short answer."""
    name = _speaker(found)
    return _by_name(found, name, found.spans[0]) if name else _told(found, sought)


def _speaker(found: Found) -> tuple[int, int] | None:
    """The name of who says the likeliest short answer, by the offsets of the window's text."""
    best, start = found.spans[0], found.window.start
    return speaker(found.window.text, found.window.offsets, (best.start - start, best.end - start))


def _by_name(found: Found, name: tuple[int, int], words: Span) -> tuple[Span, ...]:
    """A name, by the offsets of the window's text, before the words that it stands for, if it is of another
    sentence; as the reader has it, without "engineer" or the like, where it is one of its short answers.
    """
    start, end = (found.window.start + each for each in name)
    own = (each for each in found.spans if start <= each.start and each.end <= end)
    first = next(own, Span(start, end, words.score))
    return (first,) if _place(found, first) == _place(found, words) else (first, _alone(found.window, words))


def _place(found: Found, span: Span) -> int:
    """How many sentences end before a short answer."""
    return sum(end <= span.start for _, end in found.window.sentences)


def _alone(window: Window, span: Span) -> Span:
    """The span as it can stand alone: to the end of its last word, and of a quotation in it that ends right
    behind it, without a mark of half a quotation.
    """
    start, end = span.start - window.start, span.end - window.start
    if rest := _REST_OF_WORD.match(window.text, end):
        end = rest.end()
    if _lacks_a_mark(window.text[start + 1 : end]) and (closing := _CLOSING.match(window.text, end)):
        end = closing.end()
    while end - start > 1 and _lacks_a_mark(words := window.text[start:end]):
        if words[-1] in _MARKS:
            end -= 1 + len(words[:-1]) - len(words[:-1].rstrip(", "))
        elif words[0] in _MARKS:
            start += 1
        else:
            break
    return dataclasses.replace(span, start=start + window.start, end=end + window.start)


def _lacks_a_mark(words: str) -> bool:
    return words.count('"') % 2 == 1 or words.count("“") != words.count("”")


def _rivals(
    question: str, sought: Kind, groups: Sequence[Agreement[Found]]
) -> tuple[Agreement[Found], Agreement[Found]] | None:
    """The best answer and the one that contradicts it.

    Either both are sure and stand in different documents, or both sentences have every telling word of the
    question.
    """
    told = groups[0].answers[0].place.hit.passage.source
    others = [each for each in groups[1:] if each.answers[0].place.hit.passage.source != told]
    asked = content_words(question)
    saying = [
        each for each in (groups[0], *others) if asked <= content_words(_sentence(each.answers[0].place))
    ]
    return disagreement([groups[0], *others], sought, sure=_SURE, margin=_RIVALRY) or disagreement(
        saying if groups[0] in saying else [], sought, sure=ANSWERS, margin=1.0
    )


def _sentence(found: Found) -> str:
    """The sentence that holds the likeliest short answer of a passage."""
    return _text(found, _evidence(found, found.spans[0]))


def _cited_together(agreement: Agreement[Found]) -> tuple[Evidence, ...]:
    """The evidence of the answers that agree, no sentence twice."""
    pieces: list[Evidence] = []
    for answer in agreement.answers:
        piece = _evidence(answer.place, answer.place.spans[0])
        if not any(piece.overlaps(each) for each in pieces):
            pieces.append(piece)
    return tuple(pieces[:_AGREEING])


def _in_lists(
    statements: Sequence[tuple[Evidence, ...]], several: bool, document: Callable[[str], Document]
) -> list[tuple[Evidence, ...]]:
    """The statements, but for items of a list: those come with the line that introduces them.

    Where `several` are asked for and the best is in a list, that list is the answer, whole.
    """
    told: list[tuple[Evidence, ...]] = []
    for pieces in statements:
        first = pieces[0]
        listing = list_at(document(first.hit.passage.source).text, first.end - 1)
        made = [Evidence(first.hit, *span) for span in listing.spans] if listing else []
        if made and several and not told:
            return [(each,) for each in made]
        if listing and listing.introduction:
            touched = [each for each in made[1:] if each.overlaps(first)]
            told += [] if any(made[0].overlaps(each[0]) for each in told) else [(made[0],)]
            told += [(each,) for each in touched] if len(touched) > 1 else [pieces]
        else:
            told.append(pieces)
    return told


def _speakers(piece: Evidence, document: Callable[[str], Document]) -> list[Evidence]:
    """The sentences that name who says what the piece quotes, where it does not name him itself."""
    text, span, begin = _around(piece, document)
    found = speaker_spans(text, sentence_spans(text), span)
    return [Evidence(piece.hit, begin + start, begin + end) for start, end in found]


def _with_claim(
    question: str, statements: Sequence[tuple[Evidence, ...]], document: Callable[[str], Document]
) -> list[tuple[Evidence, ...]]:
    """The statements; after the first, which names who says something, the sentence that says it."""
    first = statements[0][0]
    text, _, begin = _around(first, document)
    name = first.answer and (first.answer[0] - begin, first.answer[1] - begin)
    claim = name and claim_span(text, sentence_spans(text), name, content_words(question))
    if not claim:
        return list(statements)
    made = Evidence(first.hit, begin + claim[0], begin + claim[1])
    is_told = any(made.overlaps(piece) for pieces in statements for piece in pieces)
    return [*statements] if is_told else [statements[0], (made,), *statements[1:]]


def _around(piece: Evidence, document: Callable[[str], Document]) -> tuple[str, tuple[int, int], int]:
    """The text of whole lines around a piece of evidence, the piece's span in it, and where it begins."""
    text = document(piece.hit.passage.source).text
    begin = text.rfind("\n", 0, max(0, piece.start - _NEARBY)) + 1
    return text[begin : piece.end + _NEARBY], (piece.start - begin, piece.end - begin), begin


def _words(found: Found) -> str:
    """The words of a passage's likeliest short answer."""
    return _said_at(found, found.spans[0])


def _said_at(found: Found, span: Span) -> str:
    return " ".join(found.window.between(span.start, span.end).split())


def _is_pronoun(words: str) -> bool:
    return _PRONOUNS.issuperset(words.lower().split())


def _context(found: Found) -> str:
    passage = found.hit.passage
    return f"{passage.title} {passage.heading} {found.window.text}"


def _lead(words: str, sought: Kind) -> str:
    is_number = bool(quantities(words)) or any(map(str.isdigit, words))
    if is_figures(words) or (sought is Kind.NUMBER and not is_number):
        return ""
    if sought is Kind.PERSON and is_number and not any(map(str.isalpha, words)):  # nobody is called 1898
        return ""
    return said(words) if len(words.split()) <= _LEAD_WORDS and not _is_pronoun(words) else ""
