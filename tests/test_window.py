"""What is read around a passage counts in the document's own offsets."""

from index_store import Passage
from qa.crossencoder import Span
from qa.rows import in_fitting_rows
from qa.window import widened

TEXT = "- One. Two.\n- Three.\n\n---\n\n* Four is here.\n\n| Five | six |"


def passage(text: str) -> Passage:
    start = TEXT.index(text)
    return Passage(text, "a.md", "a", text, start, start + len(text))


def test_a_window_holds_the_sentences_on_both_sides_at_their_offsets() -> None:
    middle, before, after = passage("- Three."), passage("- One. Two."), passage("* Four is here.")
    window = widened(middle, {middle.id: (before, after)})
    assert [TEXT[start:end] for start, end in window.sentences] == ["Two.", "Three.", "Four is here."]
    for start, end in window.sentences:
        assert window.text[start - window.start : end - window.start] == TEXT[start:end]
    assert window.sentence_at(TEXT.index("hree")) == window.sentences[1]
    assert window.sentence_at(TEXT.index("- Three")) == window.sentences[1]


def test_what_ends_in_a_bar_or_has_no_sentence_is_still_a_window() -> None:
    row, rule = passage("| Five | six |"), passage("---")
    window = widened(row, {row.id: (rule, None)})
    assert TEXT[slice(*window.sentence_at(len(TEXT) - 1))] == "Five | six"
    assert (window.start, window.text) == (row.start, row.text)
    assert widened(rule, {}).sentence_at(rule.start) == (rule.start, rule.end)


def test_the_header_of_a_table_is_no_row_that_answers() -> None:
    rows = ("name | role | start", "Ben Holt | harbour master | 2018", "Mary Finch | keeper | 1990")
    text = "\n".join(f"| {row} |" for row in rows)
    window = widened(Passage("t", "t.md", "t", text, 0, len(text)), {})
    spans = [Span(text.index(year), text.index(year) + 4, 1.0) for year in ("2018", "1990")]
    assert in_fitting_rows("What is the role and start of Mary Finch?", window, spans) == (spans[1],)
    assert in_fitting_rows("what role and start are there?", window, spans) == tuple(spans)
    (row,) = in_fitting_rows("When did Mary Finch start?", window, spans[:1])
    assert text[row.start : row.end] == "Mary Finch | keeper | 1990"


def test_the_sentences_around_words_are_theirs_alone_and_with_the_one_before() -> None:
    text = "First. Second holds. Third holds too. Fourth. Fifth."
    window = widened(Passage("t", "t.txt", "t", text, 30, 30 + len(text)), {})
    alone, after = window.around(text.index("holds"), text.index("Third") + 5)
    assert text[slice(*alone)] == "Second holds. Third holds too."
    assert text[slice(*after)] == "First. Second holds. Third holds too."
    assert [text[slice(*each)] for each in window.around(0, 5)] == ["First."]
    assert [text[slice(*each)] for each in window.around(text.index("Second"), len(text))] == [text[7:]]
    assert window.around(0, len(text)) == ()  # all of it has been read
