"""Asking: the article's questions through the public API, with the real model and store."""

import asyncio
import hashlib
import re
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from index_store import CorpusError, IndexMismatchError, Progress, SettingsError, UnknownSourceError
from qa import Answer, Assistant, Event, ModelError, QuestionError, Settings

SEEDS = Path(__file__).parent.parent / "seeds"
ARTICLE = "000_02a9af07749c0ccb.txt"
TEXT = (SEEDS / ARTICLE).read_text(encoding="utf-8")

ANSWERS = {
    "How many Russian attacks were reported on Wednesday?": "Only 57 Russian attacks were reported",
    "Who is the head of the IAEA?": "Rafael Grossi, head of the International Atomic Energy Agency",
    "Which four regions did Moscow add to Russia?": "along with Luhansk, Kherson, and Zaporizhzhia",
    "Why does Moscow want Bakhmut?": "a stepping stone and a rare battlefield gain",
    "When did Russia launch its war against Ukraine?": "on February 24 last year",
    "What is the largest nuclear power plant in Europe?": "Zaporizhzhia is the largest nuclear power plant",
    "Who accuses Russia of storing weapons in the plant?": "Ukraine accuses Russia of storing",
    "Does Moscow deny the allegation?": "Moscow denies the allegation.",
    "What is Grossi's plan for a security zone?": "putting aside plans for a security zone",
    "Have both sides suffered losses?": "both have suffered heavy losses",
    "Can the plant be protected?": "So the plant can’t be protected",
    "Who seized the nuclear plant?": "Russian forces seized the plant",
}
NOT_THERE = [
    "Who won the 2018 World Cup?",
    "What is the capital of France?",
    "How do I bake bread?",
    "How tall is the Eiffel Tower?",
    "What is the price of oil?",
]


def assert_exact(answer: Answer, assistant: Assistant) -> None:
    """What the contract promises of every answer's citations."""
    numbers = [int(number) for number in re.findall(r"\[(\d+)\]", answer.text)]
    assert sorted(numbers) == [citation.number for citation in answer.citations]
    for citation in answer.citations:
        document = assistant.document(citation.source)
        assert document.text[citation.start : citation.end] == citation.quote
        assert document.sha256 == citation.document_sha256
    for sentence in answer.sentences:
        assert sentence.verdict == "supported" and sentence.citations


@pytest.mark.parametrize("question", ANSWERS)
def test_the_article_answers(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert ANSWERS[question] in answer.citations[0].quote
    assert_exact(answer, assistant)


@pytest.mark.parametrize("question", NOT_THERE)
def test_what_the_article_does_not_say_is_insufficient(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.text) == ("insufficient", "The documents don't say.")
    assert (answer.citations, answer.sentences) == ((), ())
    assert len(answer.hits) == 3  # the nearest passages: all of this short article


def test_an_answer_says_where_it_comes_from(assistant: Assistant) -> None:
    answer = assistant.ask("How many Russian attacks were reported on Wednesday?")
    (citation,) = answer.citations
    assert answer.text == "Only 57 Russian attacks were reported on Wednesday. [1]"
    assert (citation.source, citation.start, citation.end, citation.page) == (ARTICLE, 1321, 1372, None)
    assert citation.document_sha256 == hashlib.sha256((SEEDS / ARTICLE).read_bytes()).hexdigest()
    assert answer.model == "builtin" and answer.index_version == assistant.status().version
    assert set(answer.timings) == {"search", "read", "total"}


def test_why_may_take_several_sentences_each_with_its_marker(assistant: Assistant) -> None:
    answer = assistant.ask("Why does Moscow want Bakhmut?")
    assert {citation.start for citation in answer.citations} >= {503, 912}
    assert_exact(answer, assistant)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "The question is empty"),
        (" \n\t", "The question is empty"),
        ("why? " * 4000, "19,999 characters"),
        (None, "The question is None; give it as a string."),
        (5, "The question is 5; give it as a string."),
    ],
)
def test_no_question_and_no_end_of_question_are_refused(
    assistant: Assistant, question: Any, message: str
) -> None:
    for ask in (assistant.ask, assistant.search, assistant.stream):
        with pytest.raises(QuestionError, match=message):
            ask(question)


@pytest.mark.parametrize(
    "question",
    ["?", "...", '" OR 1=1 --', "NEAR(a b) AND *", "<script>alert(1)</script>", "\0", "💥" * 500, "a"],
)
def test_odd_questions_get_an_answer_of_some_kind(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status in ("answered", "insufficient")


def test_a_stream_tells_its_stages_then_the_text_then_the_answer(assistant: Assistant) -> None:
    events = list(assistant.stream("Who seized the nuclear plant?"))
    assert [each.text for each in events if each.kind == "stage"] == ["searching", "reading", "writing"]
    last = events[-1]
    assert last.kind == "answer" and last.answer is not None
    assert "".join(each.text for each in events if each.kind == "token") == last.answer.text == last.text


def test_async_answers_are_the_same_and_leave_the_loop_free(assistant: Assistant) -> None:
    async def both() -> tuple[Answer, list[Event], int]:
        turns = 0

        async def turn() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        turning = asyncio.create_task(turn())
        answer = await assistant.aask("Who seized the nuclear plant?")
        events = [event async for event in assistant.astream("Who seized the nuclear plant?")]
        turning.cancel()
        return answer, events, turns

    answer, events, turns = asyncio.run(both())
    assert answer.text == events[-1].text == assistant.ask("Who seized the nuclear plant?").text
    assert turns > 10


def test_an_abandoned_stream_leaves_the_assistant_usable(assistant: Assistant) -> None:
    events = assistant.stream("Who seized the nuclear plant?")
    next(events)
    del events
    assert assistant.ask("Who seized the nuclear plant?").status == "answered"


def test_threads_may_share_an_assistant(assistant: Assistant) -> None:
    found: dict[str, str] = {}

    def ask(question: str) -> None:
        found[question] = assistant.ask(question).citations[0].quote

    threads = [threading.Thread(target=ask, args=(question,)) for question in ANSWERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(ANSWERS)
    assert all(ANSWERS[question] in quote for question, quote in found.items())


def test_search_ranks_passages(assistant: Assistant) -> None:
    hits = assistant.search("nuclear power plant", k=2)
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].score > hits[1].score
    assert "largest nuclear power plant" in hits[0].passage.text


def test_sources_restrict_what_is_read(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    (corpus / "notes").mkdir(parents=True)
    shutil.copy(SEEDS / ARTICLE, corpus)
    (corpus / "notes" / "plant.md").write_text("# Visit\n\nThe plant was seized by garden gnomes.")
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        everywhere = assistant.ask("Who seized the plant?", sources=[ARTICLE])
        notes = assistant.ask("Who seized the plant?", sources=["notes/"])
        assert everywhere.citations[0].quote == "Russian forces seized the plant soon after the invasion."
        assert notes.citations[0].quote == "The plant was seized by garden gnomes."
        assert notes.citations[0].title == "Visit"
        with pytest.raises(UnknownSourceError, match=r"'gone\.txt'"):
            assistant.ask("Who?", sources=["gone.txt"])


def test_open_builds_the_index_once_and_rebuild_keeps_it_true(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The meeting is on Monday.")
    seen: list[Progress] = []
    with Assistant.open(corpus, index=tmp_path / "index", progress=seen.append) as assistant:
        assert seen
        assert "Monday" in assistant.ask("When is the meeting?").text
        (corpus / "a.txt").write_text("The meeting is on Friday.")
        assert (
            Assistant.open(corpus, index=tmp_path / "index").ask("When is the meeting?").text.count("Monday")
        )
        assert assistant.rebuild(dry_run=True).updated == ("a.txt",)
        assert assistant.rebuild().updated == ("a.txt",)
        assert "Friday" in assistant.ask("When is the meeting?").text


def test_an_empty_corpus_is_insufficient_and_a_missing_one_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    answer = Assistant.open(tmp_path / "empty", index=tmp_path / "index").ask("Is anyone there?")
    assert (answer.status, answer.hits) == ("insufficient", ())
    assert answer.text.endswith("The index holds no document. Put some into the corpus; then run: qa rebuild")
    with pytest.raises(CorpusError, match="There is nothing at"):
        Assistant.open(tmp_path / "nowhere", index=tmp_path / "other")
    (tmp_path / "film.mkv").touch()
    with pytest.raises(CorpusError, match=r"film\.mkv is a kind of file that is not read \(\.mkv\)"):
        Assistant.open(tmp_path / "film.mkv", index=tmp_path / "other")


def test_an_index_does_not_answer_for_another_corpus(seed_index: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexMismatchError, match=rf"not from {tmp_path}.*qa rebuild {tmp_path}"):
        Assistant.open(tmp_path, index=seed_index)
    with pytest.raises(IndexMismatchError, match=rf"built from {SEEDS}, not from {SEEDS}/"):
        Assistant.open(next(SEEDS.iterdir()), index=seed_index)


def test_a_key_in_the_environment_selects_no_model(seed_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-lying-around")
    assert Assistant.open(SEEDS, index=seed_index).ask("Who seized the plant?").model == "builtin"
    with pytest.raises(ModelError, match=r"There is no model 'gpt'"):
        Assistant.open(SEEDS, index=seed_index, llm="gpt")


def test_the_threshold_decides_between_answering_and_not(seed_index: Path) -> None:
    question = "How many people live in Bakhmut?"
    bold = Assistant.open(SEEDS, index=seed_index, settings=Settings(threshold=0))
    strict = Assistant.open(SEEDS, index=seed_index, settings=Settings(threshold=1))
    assert bold.ask(question).status == "answered"
    assert strict.ask(question).status == strict.ask(next(iter(ANSWERS))).status == "insufficient"
    with pytest.raises(SettingsError, match="threshold is 2"):
        Settings(threshold=2)
    with pytest.raises(SettingsError, match="k is 0"):
        Settings(k=0)


@pytest.mark.parametrize("name", ["llm", "index"])
def test_what_is_chosen_when_opening_is_no_setting(name: str) -> None:
    wrong: dict[str, Any] = {name: "foo/bar"}
    with pytest.raises(SettingsError, match=rf"{name} is 'foo/bar'; give .*Assistant\.open\(corpus, {name}="):
        Settings(**wrong)


def test_a_follow_up_is_rewritten_to_stand_alone(assistant: Assistant) -> None:
    conversation = assistant.conversation()
    first = conversation.ask("What is Zaporizhzhia?")
    second = conversation.ask("Who seized it?")
    third = conversation.ask("Who is Rafael Grossi?")
    assert first.rewritten_question is None and third.rewritten_question is None
    assert second.rewritten_question == "Who seized Zaporizhzhia?"
    assert second.question == "Who seized it?"
    assert conversation.answers == (first, second, third)


def test_it_works_as_parts_of_llama_index(assistant: Assistant) -> None:
    question = "How many Russian attacks were reported on Wednesday?"
    nodes = assistant.as_retriever(k=2).retrieve(question)
    assert [node.score for node in nodes] == [hit.score for hit in assistant.search(question, k=2)]
    assert nodes[0].node.metadata["source"] == ARTICLE
    node = nodes[0].node.model_dump()
    assert TEXT[node["start_char_idx"] : node["end_char_idx"]] == nodes[0].node.get_content()
    engine = assistant.as_query_engine()
    response = engine.query(question)
    assert str(response) == "Only 57 Russian attacks were reported on Wednesday. [1]"
    assert response.metadata is not None and response.metadata["status"] == "answered"
    assert str(asyncio.run(engine.aquery(question))) == str(response)
    assert asyncio.run(assistant.as_retriever().aretrieve(question))[0].node_id == nodes[0].node_id


def test_a_bracketed_number_in_a_document_does_not_pass_for_a_marker(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("The bridge was built in 1932.[7][1] It is made of steel.")
    with Assistant.open(corpus, index=tmp_path / "index") as assistant:
        answer = assistant.ask("When was the bridge built?")
        assert answer.text.startswith("The bridge was built in 1932.(7)(1)")
        assert answer.citations[0].quote.startswith("The bridge was built in 1932.[7][1]")
        assert_exact(answer, assistant)
