"""Summaries: verbatim sentences that stand for the documents in question."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index_store import UnknownSourceError
from qa import Answer, Assistant

BEES = """Honey bees live in colonies of up to fifty thousand workers and a single queen.
Bees collect nectar from flowers and turn it into honey inside the hive.
Honey bees live in colonies of up to fifty thousand workers and one single queen.
They also carry pollen.
Beekeepers harvest the honey in late summer and leave enough for the winter.
A mite called varroa has killed many bee colonies since the 1980s.
"""
BRIDGE = """The Sydney Harbour Bridge was opened in March 1932 after eight years of building.
Its steel arch spans 503 metres and carries trains, cars and people on foot.
Engineers tested the bridge with ninety-six steam locomotives before the opening.
"""
FILLER = "The committee met on day {} and heard a report about the water level of the river near the mill."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    corpus = tmp_path_factory.mktemp("library")
    (corpus / "bees.txt").write_text(BEES)
    (corpus / "notes").mkdir()
    (corpus / "notes" / "Bridge.txt").write_text(BRIDGE)
    (corpus / "minutes.txt").write_text("\n".join(FILLER.format(day) for day in range(1, 120)))
    (corpus / "list.txt").write_text("milk\nbread\neggs\n")
    index = tmp_path_factory.mktemp("index") / "index"
    with Assistant.open(corpus, index=index) as assistant:
        yield assistant


def assert_summary(answer: Answer, assistant: Assistant) -> None:
    """Exact quotes, one a sentence, in the order of their document."""
    assert answer.status == "answered" and 1 <= len(answer.citations) <= 6
    assert [each.citations for each in answer.sentences] == [(each.number,) for each in answer.citations]
    places = [(each.source, each.start) for each in answer.citations]
    assert places == sorted(places)
    for each in answer.citations:
        assert assistant.document(each.source).text[each.start : each.end] == each.quote


@pytest.mark.parametrize("request_", ["Summarise bees.txt", "What is bees.txt about?", "gist of Bees.txt?"])
def test_the_file_that_is_named_is_summarised(library: Assistant, request_: str) -> None:
    answer = library.ask(request_)
    assert_summary(answer, library)
    assert {each.source for each in answer.citations} == {"bees.txt"}
    assert {each.passage.source for each in answer.hits} == {"bees.txt"}


@pytest.mark.parametrize("request_", ["Give me a summary of the minutes", "Summarise the minutes"])
def test_a_file_may_be_named_in_words(library: Assistant, request_: str) -> None:
    answer = library.ask(request_)
    assert_summary(answer, library)
    assert {each.passage.source for each in answer.hits} == {"minutes.txt"}


def test_a_subject_is_no_file_of_that_name(library: Assistant) -> None:
    answer = library.ask("Summarise what the documents say about bees")
    assert {each.passage.source for each in answer.hits} > {"bees.txt"}


def test_nothing_is_told_twice_and_no_sentence_leans_on_another(library: Assistant) -> None:
    quotes = [each.quote for each in library.ask("Key points?", sources=["bees.txt"]).citations]
    assert sum("in colonies of up to" in quote for quote in quotes) == 1
    assert not any(quote.startswith("They") for quote in quotes)
    assert len(library.ask("Summarise minutes.txt").citations) == 1  # a hundred times the same


def test_chosen_sources_are_summarised_and_a_folder_too(library: Assistant) -> None:
    answer = library.ask("What is this about?", sources=["notes/"])
    assert_summary(answer, library)
    assert {each.source for each in answer.citations} == {"notes/Bridge.txt"}
    assert "was opened in March 1932" in answer.citations[0].quote


def test_a_summary_of_everything_takes_from_several_documents(library: Assistant) -> None:
    answer = library.ask("Summarize the documents")
    assert_summary(answer, library)
    assert {"bees.txt", "notes/Bridge.txt", "minutes.txt"} <= {each.source for each in answer.citations}


def test_a_subject_is_summarised_alone_and_one_that_is_not_there_is_insufficient(library: Assistant) -> None:
    answer = library.ask("Summarise what is said about honey")
    assert_summary(answer, library)
    assert any("honey" in each.quote for each in answer.citations)
    for request in ("Summarise the French Revolution", "Summarise the life of bees in Bergen"):
        missing = library.ask(request)
        assert (missing.status, missing.citations) == ("insufficient", ())
    assert library.ask("Summarise the water cycle").status == "insufficient"  # of the river only the level


@pytest.mark.parametrize(
    "request_",
    [
        "Summarise the section on honey",
        "Give me a summary of the life of honey bees",
        "Summarise the information regarding honey bees",
    ],
)
def test_a_subject_need_not_be_worded_as_the_documents_word_it(library: Assistant, request_: str) -> None:
    answer = library.ask(request_)
    assert_summary(answer, library)
    assert any("honey" in each.quote for each in answer.citations)


def test_text_without_sentences_is_quoted_as_it_is(library: Assistant) -> None:
    answer = library.ask("Summarise this", sources=["list.txt"])
    assert [each.quote for each in answer.citations] == ["milk\nbread\neggs"]


def test_a_file_that_is_not_there_is_an_error(library: Assistant) -> None:
    with pytest.raises(UnknownSourceError, match=r"'report\.pdf'\. See: qa status"):
        library.ask("Give me the gist of report.pdf")
    with pytest.raises(UnknownSourceError, match=r"'bees\.txt'"):
        library.ask("Summarise bees.txt", sources=["notes/"])


def test_a_name_within_another_is_not_taken_for_it(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    (corpus / "old").mkdir(parents=True)
    for name in ("a.txt", "data.txt", "old/data.txt", "annual report.txt", "report.txt"):
        (corpus / name).write_text(f"This paragraph tells at some length what stands in {name}.\n" + BEES)
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        for request, sources in {
            "Summarise data.txt": {"data.txt"},
            "Summarise old/data.txt.": {"old/data.txt"},
            "Summarise annual report.txt": {"annual report.txt"},
            "Summarise a.txt and report.txt": {"a.txt", "report.txt"},
        }.items():
            assert {each.passage.source for each in assistant.ask(request).hits} <= sources, request
        with pytest.raises(UnknownSourceError, match=r"'gone\.txt'"):
            assistant.ask("Summarise a.txt and gone.txt")


@pytest.mark.parametrize(
    "name", ["000_02a9_notes.txt", "annual report.txt", "notes/team.md", "app.py", "notes.tsv", "LICENSE"]
)
def test_any_name_of_a_document_can_be_asked_about(name: str, tmp_path: Path) -> None:
    for each, text in ((name, BRIDGE), ("report.txt", BEES)):
        (tmp_path / "corpus" / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "corpus" / each).write_text(text)
    with Assistant.open(tmp_path / "corpus", index=tmp_path / "index") as assistant:
        for request in (f"What is {name} about?", f"What does the {name} say?", f"Summarise {name}"):
            answer = assistant.ask(request)
            assert_summary(answer, assistant)
            assert {each.source for each in answer.citations} == {name}


def test_short_sentences_fill_a_summary_that_longer_ones_do_not(tmp_path: Path) -> None:
    (tmp_path / "pier.txt").write_text(
        "The harbour has 57 berths. The harbour master is Ben Holt.\n\n"
        "“We are proud of every single one of our boats here.”\n\n"
        "The ferry leaves at 9:15 and takes 45 minutes. It is blue.\n"
    )
    with Assistant.open(tmp_path / "pier.txt", index=tmp_path / "index") as assistant:
        quotes = [each.quote for each in assistant.ask("Summarise pier.txt").citations]
    assert quotes == [
        "The harbour has 57 berths.",
        "The harbour master is Ben Holt.",
        "The ferry leaves at 9:15 and takes 45 minutes.",
    ]


def test_an_empty_corpus_has_no_summary(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with Assistant.open(tmp_path / "empty", index=tmp_path / "index") as assistant:
        assert assistant.ask("Summarise this").status == "insufficient"
