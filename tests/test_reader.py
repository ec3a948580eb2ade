"""The trained reader: short answers, passages that agree or contradict each other, and who said it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from answering import answered

from index_store import Document, Hit, Passage
from qa import Assistant
from qa.calibration import Calibration, Signals
from qa.crossencoder import CrossEncoder, Look, Marks, PassageReading, Span, best_spans, joined, likeliest
from qa.reader import Reader, Reading
from qa.retriever import Found
from qa.window import widened
from qa.words import respelt, spelt_out

GAMES = {
    "review.txt": "The final of the Harbour Cup was played in Tampa. Riverside won it by two goals.",
    "notes.txt": "The final of the Harbour Cup was played in Glendale. The weather was fine.",
    "diary.txt": "We drove to Tampa, where the final of the Harbour Cup was played. It was hot.",
    "garden.txt": "Tomatoes need six hours of sun a day. Water them in the morning.",
}
SPEECH = (
    "Maria Lopez, the mayor of Brentwick, opened the session on Monday.\n\n"
    "“The old bridge will be closed for nine months,” she said. The council applauded.\n"
)


def test_the_words_that_answer_are_told_apart_from_their_sentence(assistant: Assistant) -> None:
    answer = assistant.ask("How many Russian attacks were reported on Wednesday?")
    citation = answer.citations[0]
    assert answer.lead == "57"
    text = assistant.document(citation.source).text
    assert text[citation.answer_start : citation.answer_end] == "57"
    assert "Only **57** Russian attacks" in answer.to_markdown()
    assert "Only <b>57</b> Russian attacks" in answer._repr_html_()


def test_a_sentence_that_is_no_short_answer_has_no_lead(assistant: Assistant) -> None:
    assert assistant.ask("Why does Moscow want Bakhmut?").lead == ""


def test_passages_that_agree_are_cited_for_one_sentence(tmp_path: Path) -> None:
    files = {name: text for name, text in GAMES.items() if name != "notes.txt"}
    _, answer = answered(tmp_path, files, "Where was the final of the Harbour Cup played?")
    assert (answer.lead, answer.disagreement) == ("Tampa", False)
    assert len(answer.sentences) == 1 and answer.sentences[0].citations == (1, 2)
    assert {each.source for each in answer.citations} == {"review.txt", "diary.txt"}


def test_passages_that_contradict_each_other_are_both_shown(tmp_path: Path) -> None:
    _, answer = answered(tmp_path, GAMES, "Where was the final of the Harbour Cup played?")
    assert answer.disagreement
    says = {answer.citations[0].source, answer.citations[answer.sentences[0].citations[-1]].source}
    assert "notes.txt" in {each.source for each in answer.citations} and len(says) == 2
    assert "says Tampa" in answer.lead and "says Glendale" in answer.lead


def test_a_quotation_brings_the_sentence_that_names_the_speaker(tmp_path: Path) -> None:
    _, answer = answered(tmp_path, {"council.txt": SPEECH}, "How long will the old bridge be closed?")
    assert "nine months" in answer.citations[0].quote
    assert any("Maria Lopez" in each.quote for each in answer.citations)


def test_an_answer_that_leans_on_the_last_sentence_of_the_passage_before_is_found(tmp_path: Path) -> None:
    filler = " ".join(
        f"The {n}th paragraph of the report treats of drains and pipes at length." for n in range(12)
    )
    named, told = "The engineer of the Dornford tunnel was Anselm Grieve.", "He was born in Leith in 1811."
    files = {"report.txt": f"{filler} {named} {told} {filler}"}
    _, answer = answered(tmp_path, files, "Where was the engineer of the Dornford tunnel born?")
    first, second = sorted((hit.passage for hit in answer.hits), key=lambda each: each.start)
    assert first.text.endswith(named) and second.text.startswith(told)
    assert answer.lead == "Leith"
    assert [each.quote for each in answer.citations] == [told]


STAFF = (
    "name,role,email,start\nAnna Roth,Director,anna@orsay.example,2015\n"
    "Ben Holt,Harbour master,ben@orsay.example,2018\nMary Finch,Keeper,mary@orsay.example,1990\n"
)


@pytest.mark.parametrize(
    ("question", "row"),
    [("When did Mary Finch start?", "Mary Finch"), ("what is the email of ben holt?", "Ben Holt")],
)
def test_what_is_asked_about_a_row_is_not_answered_from_another(
    tmp_path: Path, question: str, row: str
) -> None:
    _, answer = answered(tmp_path, {"staff.csv": STAFF}, question)
    assert answer.citations[0].quote.startswith(f"name: {row};")


def test_a_bracketed_number_of_the_document_is_no_marker_in_the_short_answer(tmp_path: Path) -> None:
    _, answer = answered(
        tmp_path, {"a.txt": "The bridge was built by Thomas Hale [12] in 1842."}, "Who built the bridge?"
    )
    assert "Thomas Hale" in answer.lead and "[12]" not in answer.lead + answer.text


def told(question: str, text: str, *words: str) -> Reading:
    """The reading of a document in which the words, the likeliest first, seem to answer."""
    at = [re.search(rf"(?<!\w){re.escape(each)}", text) for each in words]
    spans = tuple(Span(*each.span(), 9.0 - worse) for worse, each in enumerate(at) if each)
    whole = passage(text, 0)
    found = Found(
        hit=Hit(whole, 0.9, 1),
        signals=Signals(0.8, 1.0, 7.0, 3.0, 18.0),
        window=widened(whole, {}),
        spans=spans,
        reading=PassageReading(spans, 3.0, 7.0),
    )
    document = Document("a.txt", "a", text, "", "text/plain")
    return Reader(Calibration.shipped(), CrossEncoder()).read(question, [found], lambda _: document)


@pytest.mark.parametrize(
    ("question", "text", "words", "lead"),
    [
        ("How fast is the wind?", "The wind blows at 90km/h there.", "90km", "90km/h"),
        ("How many came?", "Some 40% came.", "40", "40%"),
        ("How many came?", "About 40 / 50 came.", "40", "40"),
        ("What did they hit?", 'They hit "a store of guns, not bread".', 'a store of guns, not bread"',
         "a store of guns, not bread"),
        ("What did they hit?", "They hit “a store,” he said.", "a store,”", "a store"),
        ("What did they hit?", 'They hit "the store" of guns.', '"the store', "the store"),
        ("What did they hit?", 'They hit "the store" of guns.', '"the store" of guns', '"the store" of guns'),
        ("What did he say?", 'He said it was "too late".', 'it was "too late', 'it was "too late"'),
        ("What did he say?", "He said it was “too late.” It was.", "it was “too late", "it was “too late.”"),
        ("What did he say?", 'He said it was "too late to go".', 'it was "too late', 'it was "too late'),
    ],
)  # fmt: skip
def test_a_short_answer_is_of_whole_words_and_whole_quotations(
    question: str, text: str, words: str, lead: str
) -> None:
    reading = told(question, text, words)
    assert reading.lead == lead
    answer = reading.statements[0][0].answer
    assert answer and text[slice(*answer)] == lead


def test_a_pronoun_is_no_short_answer(tmp_path: Path) -> None:
    text = '"The light has never failed," said Mary Finch, the keeper. "We are proud of it."\n'
    _, answer = answered(tmp_path, {"light.txt": text}, "Who is proud of the light?")
    assert answer.lead.lower() not in ("we", "it")
    assert "Mary Finch" in answer.text


LIGHT = (
    "Bob Smith sailed. Zoran Petric, the keeper, was glad. “The light is lit,” he said. It was late."
    " When Hall came, he left."
)


@pytest.mark.parametrize(
    ("question", "words", "lead", "quoted"),
    [
        ("Who said the light is lit?", ("he", "Bob Smith", "It", "Zoran Petric"), "Zoran Petric",
         ["Zoran Petric, the keeper, was glad.", "“The light is lit,” he said."]),
        ("Who said the light is lit?", ("he", "Bob Smith"), "Zoran Petric",
         ["Zoran Petric, the keeper, was glad.", "“The light is lit,” he said."]),
        ("Who left?", ("he left", "Hall"), "he left", ["When Hall came, he left."]),
        ("Who came late?", ("It", "Hall"), "Hall", ["When Hall came, he left.", "It was late."]),
        ("What is lit?", ("he", "Zoran Petric"), "",
         ["“The light is lit,” he said.", "Zoran Petric, the keeper, was glad."]),
    ],
)  # fmt: skip
def test_a_person_asked_for_is_told_by_the_name_that_stands_near_the_pronoun(
    question: str, words: tuple[str, ...], lead: str, quoted: list[str]
) -> None:
    reading = told(question, LIGHT, *words)
    assert reading.lead == lead
    assert [LIGHT[pieces[0].start : pieces[0].end] for pieces in reading.statements] == quoted


def test_a_number_names_nobody(tmp_path: Path) -> None:
    trees = "Street,Species,Planted\nCanal Street,White willow,1979\nChurch Square,Copper beech,1898\n"
    _, answer = answered(tmp_path, {"trees.csv": trees}, "Who planted the copper beech?")
    assert answer.lead == ""


@pytest.mark.parametrize("question", ["灯台" * 900, "1 2 3 4 5 " * 190, "lighthouse " * 170])
def test_a_question_longer_than_the_reader_can_take_is_still_asked(tmp_path: Path, question: str) -> None:
    _, answer = answered(tmp_path, {"light.txt": "The lighthouse was built in 1842."}, question)
    assert answer.hits and answer.question == question.strip()


def test_the_same_words_in_two_files_are_quoted_once_and_cited_twice(tmp_path: Path) -> None:
    told = "The bridge was closed because the piers were cracked."
    files = {"minutes.txt": told, "letter.txt": f"{told} Please use the ferry."}
    answer = answered(tmp_path, files, "Why was the bridge closed?")[1]
    assert [each.text for each in answer.sentences] == [told]
    assert {answer.citations[n - 1].source for n in answer.sentences[0].citations} == set(files)


def test_a_passage_that_is_ruled_out_makes_no_other_one_probable(tmp_path: Path) -> None:
    """The table is about what is asked, but has no row of that year."""
    files = {
        "counts.csv": "Year,Salmon counted\n2019,412\n2020,530\n2021,611",
        "visit.txt": "Salmon are watched by many visitors at the ladder near Brekke. It is open on Sundays.",
    }
    assert answered(tmp_path, files, "How many salmon were counted in 2018?")[1].status == "insufficient"


def test_a_title_as_long_as_a_page_leaves_the_passage_room(tmp_path: Path) -> None:
    title = " ".join(f"Chapter {n} of the guide." for n in range(200))
    page = f"<html><title>{title}</title><body><p>Thomas Hale built the lighthouse.</p></body></html>"
    _, answer = answered(tmp_path, {"light.html": page}, "Who built the lighthouse?")
    assert answer.lead == "Thomas Hale"


def passage(text: str, start: int, heading: str = "") -> Passage:
    return Passage(str(start), "a.txt", "a", text, start, start + len(text), heading=heading)


def test_a_window_keeps_the_offsets_of_its_document() -> None:
    document = "One. Two two.\n\nThree. Two two.  Four. Five."
    before, middle, after = (
        passage(document[:13], 0),
        passage(document[15:30], 15),
        passage(document[32:], 32),
    )
    window = widened(middle, {middle.id: (before, after)})
    for start, end in window.sentences:
        assert window.text[start - window.start : end - window.start] == document[start:end]
    assert [document[start:end] for start, end in window.sentences] == [
        "Two two.",
        "Three.",
        "Two two.",
        "Four.",
    ]
    assert window.sentence_at(document.index("Four")) == (32, 37)


def test_a_window_ends_with_its_section() -> None:
    before, middle = passage("One.", 0, "Other"), passage("Two.", 5, "Own")
    assert widened(middle, {middle.id: (before, None)}).text == "Two."


def test_spans_do_not_overlap_and_stay_in_their_sentence() -> None:
    start, end = np.array([1, 5, 0], np.float32), np.array([2, 0, 6], np.float32)
    spans = best_spans(start, end, np.zeros(3, np.int64))
    assert spans == [(1, 2, 11.0), (0, 0, 3.0)]
    assert best_spans(start, end, np.array([0, 0, 1]))[:2] == [(2, 2, 6.0), (1, 1, 5.0)]
    assert best_spans(start[:0], end[:0], np.zeros(0, np.int64)) == []


def test_an_answer_does_not_run_from_a_headline_into_the_text(tmp_path: Path) -> None:
    """One that holds a line break does not count as the short answer."""
    files = {
        "obituary.txt": "Rosalind Achterberg, singer, dies at 88\n\nCulture\n\nShe died of heart failure."
    }
    answer = answered(tmp_path, files, "What did Rosalind Achterberg die of?")[1]
    assert "\n" not in answer.lead
    assert all("\n" not in each.quote for each in answer.citations)


def reading(begins: list[int], start: list[float], end: list[float]) -> PassageReading:
    """Of words three letters long."""
    at = np.array(begins, np.int64)
    sentence = np.zeros(len(at), np.int64)
    marks = Marks(at, at + 3, sentence, np.array(start, np.float32), np.array(end, np.float32))
    found = best_spans(marks.start, marks.end, sentence)
    spans = tuple(Span(begins[low], begins[high] + 3, score) for low, high, score in found)
    return PassageReading(spans, 0.0, 0.0, marks)


def look(begins: list[int], start: list[float], end: list[float], answerable: float = 0.0) -> Look:
    marks = reading(begins, start, end).marks
    assert marks is not None
    return Look(marks, answerable)


def test_readings_of_the_same_words_choose_the_answer_together() -> None:
    whole = reading([0, 4, 8, 12], [0, 5, 4, 3], [0, 5, 4, 3])
    part = look([4, 8], [0, 4], [0, 4])
    assert whole.spans[0].start == 4
    both = joined(whole, [part])
    assert [(each.start, each.end) for each in both.spans] == [(8, 11), (4, 7), (12, 15), (0, 3)]
    assert both.spans[0].score >= max(each.score for each in both.spans[1:])
    assert joined(whole, [look([5, 9], [0, 4], [0, 4])]) == whole  # other words than were read at first
    assert joined(whole, [look([12, 16], [0, 4], [0, 4])]) == whole  # words that it did not come to
    three = joined(whole, [part, look([0, 4, 8], [0, 6, 0], [0, 6, 0], answerable=3.0)])  # sure of 4
    assert [(each.start, each.end) for each in three.spans] == [(4, 7), (12, 15), (8, 11), (0, 3)]
    assert three.answerable == 1.0


def test_a_sentence_that_answers_by_itself_is_taken_before_one_a_little_likelier_among_others() -> None:
    whole = reading([0, 4, 8, 12], [5, 0, 4, 0], [0, 5, 0, 4])
    first = look([0, 4], [1, 0], [0, 1], answerable=-2.0)
    other = look([8, 12], [1, 0], [0, 1], answerable=2.0)
    assert likeliest(whole, [[first], [other]]).spans[0].start == 8
    assert likeliest(whole, [[first], [other._replace(answerable=-2.0)]]).spans[0].start == 0
    assert likeliest(whole, []) == whole


def test_a_passage_that_answers_is_told_from_one_that_does_not() -> None:
    passages = [("", GAMES["garden.txt"]), ("", "Onions keep for months in a dry cellar.")]
    answering, other = CrossEncoder().read("How much sun do tomatoes need?", passages)
    assert answering.relevance > other.relevance and answering.answerable > other.answerable
    span = answering.spans[0]
    assert "six hours" in GAMES["garden.txt"][span.start : span.end]


@pytest.mark.parametrize(
    ("question", "text", "full"),
    [
        ("The IAEA?", "International Atomic Energy Agency", "The International Atomic Energy Agency?"),
        ("Is the IAEA in it?", "the IAEA, or International Atomic Energy Agency", "Is the IAEA in it?"),
        ("Is the IAEA in it?", "an Agency of Energy", "Is the IAEA in it?"),
        ("Who is the CEO?", "Chief Engineer Olsen left.", "Who is the CEO?"),
        ("Who is the CEO?", "the Chief Executive Officer", "Who is the Chief Executive Officer?"),
        ("Is the MAC open?", "Mary Anne Carter is.", "Is the MAC open?"),
        ("The GDPR?", "General Data Protection Regulation", "The General Data Protection Regulation?"),
        ("IS THE IAEA IN IT?", "the International Atomic Energy Agency", "IS THE IAEA IN IT?"),
    ],
)  # fmt: skip
def test_abbreviations_are_spelt_out_as_the_documents_do(question: str, text: str, full: str) -> None:
    assert spelt_out(question, [text]) == full


@pytest.mark.parametrize(
    ("question", "spelt"),
    [
        ("Where is the feild ofice?", "Where is the field office?"),
        ("When did the musuem oppen?", "When did the museum open?"),
        ("What does the organiser want?", "What does the organizer want?"),
        ("Who is the mayor?", "Who is the mayor?"),
        ("Who likes jello?", "Who likes jello?"),
        ("Is it a phosphite?", "Is it a phosphite?"),
        ("Who is martna?", "Who is martna?"),
        ("Who is Fielde?", "Who is Fielde?"),
    ],
)
def test_misspelt_words_are_read_as_the_documents_have_them(question: str, spelt: str) -> None:
    text = "The field office and the museum open, sell jelly and phosphate in towns; the organizer is Martna."
    assert respelt(question, [text], CrossEncoder().knows) == spelt


def test_a_misspelt_question_is_answered(tmp_path: Path) -> None:
    files = {"society.txt": "The field office of the society is in Halden. Its museum is in Moss."}
    answer = answered(tmp_path, files, "Where is the feild ofice of the society?")[1]
    assert answer.status == "answered"
    assert answer.citations[0].quote == "The field office of the society is in Halden."
