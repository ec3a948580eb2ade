"""Answers that a language model writes: streamed, cited by exact quotes, judged, and replaced on failure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from llm_server import LLMServer, breaks_off, llm_server, refuses, says

from qa import Assistant, ModelError, Settings
from qa.cli import main

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "Who seized the nuclear plant?"
SEIZED = "Russian forces seized the plant soon after the invasion."


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


@pytest.fixture(autouse=True)
def environment(server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LLM_BASE_URL", server.url)
    monkeypatch.setenv("QA_LLM_API_KEY", "sk-secret")


@pytest.fixture
def writing(seed_index: Path) -> Assistant:
    return Assistant.open(SEEDS, index=seed_index, llm="openai-like/test")


def passage_of(server: LLMServer, words: str) -> int:
    """The number under which the last prompt gave the passage that has these words."""
    before = server.prompt().split(words)[0]
    return int(re.findall(r'number="(\d+)"', before)[-1])


def test_a_sentence_gets_the_exact_quote_that_supports_it(writing: Assistant, server: LLMServer) -> None:
    server.will(says("The plant was seized by Russian forces soon after the invasion [1]. It is big [77]."))
    answer = writing.ask(QUESTION)
    first, second = answer.sentences
    assert first.text == "The plant was seized by Russian forces soon after the invasion."
    assert (first.verdict, second.verdict) == ("supported", "unsupported")
    assert answer.citations[0].quote == SEIZED
    document = writing.document(answer.citations[0].source)
    for citation in answer.citations:
        assert document.text[citation.start : citation.end] == citation.quote
    assert answer.text == f"{first.text} [1] It is big."
    assert answer.unknown_markers == ("[77]",)
    assert (answer.model, answer.status, answer.alternative) == ("openai-like/test", "answered", None)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_the_tokens_are_the_answer_whatever_their_size(
    writing: Assistant, server: LLMServer, size: int
) -> None:
    server.will(says(f"{SEIZED} [2, 1] Moscow denies the allegation【1】. Dr. Smith has 3.5 apples.", size))
    events = list(writing.stream(QUESTION))
    answer = events[-1].answer
    assert answer is not None
    assert "".join(event.text for event in events if event.kind == "token") == answer.text
    assert [sentence.text for sentence in answer.sentences] == [
        SEIZED,
        "Moscow denies the allegation.",
        "Dr. Smith has 3.5 apples.",
    ]
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)}
    assert numbers == {citation.number for citation in answer.citations}


def test_a_marker_on_the_wrong_passage_is_corrected(writing: Assistant, server: LLMServer) -> None:
    server.will(says("x"))
    writing.ask(QUESTION)
    right = passage_of(server, SEIZED)
    wrong = 1 + right % 3
    server.will(says(f"{SEIZED} [{wrong}]"))
    answer = writing.ask(QUESTION)
    assert answer.citations[0].quote == SEIZED
    (corrected,) = answer.corrected_markers
    assert (corrected.sentence, corrected.marked, corrected.citations) == (SEIZED, (wrong,), (1,))


def test_a_sentence_without_a_marker_gets_one_where_a_passage_says_it(
    writing: Assistant, server: LLMServer
) -> None:
    server.will(says(SEIZED))
    answer = writing.ask(QUESTION)
    assert answer.text == f"{SEIZED} [1]" and answer.citations[0].quote == SEIZED
    assert answer.corrected_markers == ()


@pytest.mark.parametrize(
    "lie",
    [
        "Only 75 Russian attacks were reported on Wednesday. [1]",
        "Only 57 Russian attacks were reported on Thursday. [1]",
        "Only 57 Ukrainian attacks were reported on Wednesday by Merkel. [1]",
        "Moscow does not deny the allegation. [1]",
        "Moscow bakes excellent bread. [1]",
    ],
)
def test_what_no_passage_says_is_unsupported_everywhere(
    writing: Assistant, server: LLMServer, lie: str
) -> None:
    server.will(says(lie))
    answer = writing.ask(QUESTION)
    assert [sentence.verdict for sentence in answer.sentences] == ["unsupported"]
    assert answer.alternative is not None and answer.alternative.citations[0].quote == SEIZED
    assert "(not in the documents)" in str(answer)
    assert "not in the documents" in answer.to_markdown()
    assert "<small> (not in the documents)</small>" in answer._repr_html_()
    assert SEIZED in str(answer)


def test_strict_leaves_out_what_is_unsupported_and_says_so(server: LLMServer, seed_index: Path) -> None:
    strict = Assistant.open(SEEDS, index=seed_index, llm="openai-like/test", settings=Settings(strict=True))
    server.will(says(f"The plant makes 12 cakes. [1] {SEIZED} [1]"))
    events = list(strict.stream(QUESTION))
    answer = events[-1].answer
    assert answer is not None and answer.text == f"{SEIZED} [1]"
    assert "".join(event.text for event in events if event.kind == "token") == answer.text
    assert [each.text for each in answer.removed] == ["The plant makes 12 cakes."]
    assert "Left out, because no passage supports it: 1 sentence." in str(answer)
    server.will(says("The plant makes 12 cakes. [1]"))
    nothing = strict.ask(QUESTION)
    assert (nothing.status, nothing.text, nothing.citations) == (
        "insufficient",
        "The documents don't say.",
        (),
    )
    assert nothing.alternative is not None and nothing.alternative.text == f"{SEIZED} [1]"


def test_what_claims_nothing_is_not_judged(writing: Assistant, server: LLMServer) -> None:
    said = (
        f"Here is what I found:\n\n1. **{SEIZED}** [1]\n"
        "2. Passage 1 says that Moscow denies the allegation.\n"
        "---\nThe passages don't mention bread."
    )
    server.will(says(said))
    answer = writing.ask(QUESTION)
    assert [sentence.verdict for sentence in answer.sentences] == ["supported", "supported"]
    assert [sentence.text[:2] for sentence in answer.sentences] == ["1.", "2."]
    assert (answer.status, answer.notices, answer.alternative) == ("answered", (), None)
    assert answer.text.startswith("Here is what I found:") and answer.text.endswith("don't mention bread.")


@pytest.mark.parametrize(
    "claim",
    [
        "Unfortunately, the plant was sold to Germany.",
        "The documents say that 99 attacks happened.",
        "I'm sorry, but Merkel lives in Kyiv.",
        "The passages don't mention bread, but Merkel lives in Kyiv.",
        "No.",
    ],
)
def test_a_claim_in_the_words_of_a_refusal_is_judged(
    writing: Assistant, server: LLMServer, claim: str
) -> None:
    server.will(says(claim))
    answer = writing.ask(QUESTION)
    assert [(each.text, each.verdict) for each in answer.sentences] == [(claim, "unsupported")]
    assert answer.alternative is not None


@pytest.mark.parametrize(
    "said",
    [
        "Sales were 5 million in 2020. Sales were 6 million in 2021.",
        "Russian forces seized the plant. They did not seize the city.",
        f"{SEIZED} The passages don't say when.",
    ],
)
def test_what_only_looks_like_a_contradiction_is_none(
    writing: Assistant, server: LLMServer, said: str
) -> None:
    server.will(says(said))
    assert writing.ask(QUESTION).notices == ()


@pytest.mark.parametrize("refusal", ["The documents don't say.", "I'm sorry, but I can't answer that."])
def test_a_refusal_is_insufficient_with_the_readers_answer_beside_it(
    writing: Assistant, server: LLMServer, refusal: str
) -> None:
    server.will(says(refusal))
    answer = writing.ask(QUESTION)
    assert (answer.status, answer.citations, answer.text) == ("insufficient", (), refusal)
    assert answer.alternative is not None and answer.alternative.citations[0].quote == SEIZED


def test_a_contradiction_is_told_and_the_readers_answer_offered(
    writing: Assistant, server: LLMServer
) -> None:
    server.will(says(f"{SEIZED} [1] Russian forces did not seize the plant after the invasion. [1]"))
    answer = writing.ask(QUESTION)
    assert answer.notices == ("The model contradicts itself.",)
    assert answer.alternative is not None


def test_tokens_are_counted_and_priced_where_a_price_is_known(
    writing: Assistant, server: LLMServer, seed_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.will(says(f"{SEIZED} [1]"))
    usage = writing.ask(QUESTION).usage
    assert usage is not None
    assert "(200 tokens read, 20 written)" in str(writing.ask(QUESTION))
    assert (usage.input_tokens, usage.output_tokens, usage.cost) == (200, 20, 0.0)
    monkeypatch.setenv("QA_LLM_PRICES", "2,10")
    priced = Assistant.open(SEEDS, index=seed_index, llm="openai-like/test").ask(QUESTION).usage
    assert priced is not None and priced.cost == pytest.approx(0.0006)


def test_when_the_model_fails_the_reader_answers_and_says_why(writing: Assistant, server: LLMServer) -> None:
    server.will(refuses(401))
    answer = writing.ask(QUESTION)
    assert answer.model == "builtin" and answer.citations[0].quote == SEIZED
    (notice,) = answer.notices
    assert "refused the key. Set QA_LLM_API_KEY to a valid one." in notice
    assert "The built-in reader answered instead." in str(answer)


def test_what_was_written_before_a_failure_is_kept(
    writing: Assistant, server: LLMServer, seed_index: Path
) -> None:
    server.will(breaks_off("The plant was seized by "))
    answer = writing.ask(QUESTION)
    assert (answer.model, answer.partial) == ("builtin", "The plant was seized by")
    for shown in (str(answer), answer.to_markdown(), answer._repr_html_()):
        assert "The model had written:" in shown and "The plant was seized by …" in shown
    alone = Assistant.open(SEEDS, index=seed_index, llm="openai-like/test", settings=Settings(fallback=False))
    with pytest.raises(ModelError, match=r"broke off the answer\. Ask again\.") as failure:
        alone.ask(QUESTION)
    assert (failure.value.partial, failure.value.question) == ("The plant was seized by", QUESTION)


def test_a_follow_up_is_rewritten_by_the_model(writing: Assistant, server: LLMServer) -> None:
    server.will(says(f"{SEIZED} [1]"), says("Who seized the plant in Zaporizhzhia?"), says(f"{SEIZED} [1]"))
    conversation = writing.conversation()
    conversation.ask("What is the plant in Zaporizhzhia?")
    answer = conversation.ask("And who seized it?")
    assert answer.rewritten_question == "Who seized the plant in Zaporizhzhia?"
    assert len(server.requests) == 3
    assert "Question: Who seized the plant in Zaporizhzhia?" in server.prompt()
    assert "And who seized it?" in server.requests[1]["messages"][1]["content"]
    assert answer.usage is not None and answer.usage.input_tokens == 400  # 200 of them to rewrite it


def test_the_commands_speak_to_a_model(
    server: LLMServer, seed_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--corpus", str(SEEDS), "--index", str(seed_index), "--llm", "openai-like/test"]
    server.will(says(f"{SEIZED} [1] The plant makes 12 cakes. [1]"))
    assert main(["ask", QUESTION, *options]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{SEIZED} [1] The plant makes 12 cakes. (not in the documents)\n")
    assert err == ""  # this server is on this machine
    assert main(["ask", QUESTION, "--strict", "--json", *options]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["text"] == f"{SEIZED} [1]" and data["usage"]["input_tokens"] == 200
    server.will(breaks_off("Half an "))
    assert main(["ask", QUESTION, "--no-fallback", *options]) == 1
    out, err = capsys.readouterr()
    assert out == "Half an …\n" and err.startswith("qa: 127.0.0.1:") and "broke off the answer" in err


def test_the_prompt_holds_the_passages_with_their_titles(writing: Assistant, server: LLMServer) -> None:
    server.will(says("x"))
    writing.ask(QUESTION)
    system, user = server.requests[-1]["messages"]
    assert "The documents don't say." in system["content"]
    assert SEIZED in user["content"] and user["content"].endswith(f"Question: {QUESTION}")
    assert user["content"].count('number="') == 3
