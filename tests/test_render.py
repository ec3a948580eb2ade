"""One answer in its renderings; what documents say is never markup."""

import dataclasses
import json
from pathlib import Path

import pytest

from qa import Answer, Assistant

SEEDS = Path(__file__).parent.parent / "seeds"
NASTY = "The <script>alert(1)</script> *plan* costs $5 & [this](javascript:x) `works`."


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    corpus = tmp_path_factory.mktemp("corpus")
    (corpus / "the <b>plan.txt").write_text(NASTY)
    return Assistant.open(corpus, index=tmp_path_factory.mktemp("i")).ask("What does the plan cost?")


def test_plain_text_ends_in_numbered_sources(assistant: Assistant) -> None:
    assert str(assistant.ask("Who seized the nuclear plant?")) == (
        "Russian forces\n"
        "Russian forces seized the plant soon after the invasion. [1]\n\n"
        "[1] 000_02a9af07749c0ccb.txt, characters 1834–1890\n"
        "    “Russian forces seized the plant soon after the invasion.”"
    )


def test_an_insufficient_answer_lists_the_nearest_passages(assistant: Assistant) -> None:
    answer = assistant.ask("Who won the 2018 World Cup?")
    answer = dataclasses.replace(answer, probability=0.041)
    lines = str(answer).splitlines()
    assert lines[:4] == [
        "The documents don't say.", "(chance that the documents do: 4 %)", "", "Nearest passages:",
    ]  # fmt: skip
    assert [line for line in lines if line.startswith("  · ")] == [
        f"  · {hit.passage.source}, characters {hit.passage.start}–{hit.passage.end}" for hit in answer.hits
    ]


@pytest.mark.parametrize(
    ("probability", "said"), [(0.0, "under 1 %"), (0.004, "under 1 %"), (0.2996, "29 %"), (0.9999, "99 %")]
)
def test_a_refusal_says_how_likely_it_is_wrong(assistant: Assistant, probability: float, said: str) -> None:
    refused = dataclasses.replace(assistant.ask("Who won the 2018 World Cup?"), probability=probability)
    chance = f"chance that the documents do: {said}"
    assert f"({chance})\n" in str(refused)
    assert f"*{chance}*\n" in refused.to_markdown() and f"<small>{chance}</small>" in refused._repr_html_()
    for silent in (
        dataclasses.replace(refused, status="answered"),
        dataclasses.replace(refused, probability=None),
        dataclasses.replace(refused, hits=()),
    ):
        assert "chance" not in str(silent) + silent.to_markdown() + silent._repr_html_()


def test_json_is_plain_and_complete(assistant: Assistant) -> None:
    answer = assistant.ask("Who seized the nuclear plant?")
    data = json.loads(json.dumps(answer.to_dict()))
    assert set(data) == {field.name for field in dataclasses.fields(Answer)}
    assert data["citations"][0]["quote"] == "Russian forces seized the plant soon after the invasion."
    assert data["hits"][0]["passage"]["start"] == answer.hits[0].passage.start


def test_markdown_escapes_what_documents_say(nasty: Answer) -> None:
    text = nasty.to_markdown()
    assert (
        r"\<script\>alert\(1\)\</script\> \*plan\* costs \$5 \& \[this\]\(javascript:x\) \`works\`\." in text
    )
    assert rf"the \<b\>plan\.txt, characters 0–{len(NASTY)}" in text
    assert nasty.citations[0].document_sha256[:12] in text


def test_html_escapes_what_documents_say(nasty: Answer) -> None:
    page = nasty._repr_html_()
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "<cite>the &lt;b&gt;plan.txt</cite>" in page


def test_insufficient_answers_render_everywhere(assistant: Assistant) -> None:
    answer = assistant.ask("Who won the 2018 World Cup?")
    assert "Nearest passages:" in answer.to_markdown()
    assert answer._repr_html_().count("<blockquote>") == 3


def test_a_page_is_named_where_there_is_one(nasty: Answer) -> None:
    on_page = dataclasses.replace(nasty.citations[0], page=3)
    answer = dataclasses.replace(nasty, citations=(on_page,))
    assert f"page 3, characters 0–{len(NASTY)}" in str(answer)
