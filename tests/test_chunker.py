"""Documents to passages."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store import Document, Embedder, Heading, Page, Passage
from index_store.chunker import chunk, embedding_text
from index_store.embedder import open_embedder
from index_store.settings import model_cache

SEED = Path(__file__).parent.parent / "seeds" / "000_02a9af07749c0ccb.txt"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder("all-MiniLM-L6-v2", model_cache())


def document(text: str, **fields: object) -> Document:
    return Document(source="a.txt", title="a", text=text, sha256="0" * 64, media_type="text/plain", **fields)  # type: ignore[arg-type]


def count_words(texts: list[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def cut(text: str, limit: int, **fields: object) -> tuple[Passage, ...]:
    return chunk(document(text, **fields), count_words, limit)  # type: ignore[arg-type]


def test_the_article_becomes_whole_sentences_that_fit(embedder: Embedder) -> None:
    text = SEED.read_text(encoding="utf-8")
    passages = chunk(document(text), embedder.count_tokens, 100)
    sizes = embedder.count_tokens([passage.text for passage in passages])
    assert len(passages) == 5
    assert all(80 <= size <= 100 for size in sizes), sizes
    assert all(passage.text.endswith((".", "”")) for passage in passages)
    assert [text[p.start : p.end] for p in passages] == [p.text for p in passages]


def test_a_section_a_little_over_the_limit_becomes_two_even_passages() -> None:
    text = "\n\n".join(f"Number {n} has five words." for n in range(6))
    assert [len(p.text.split()) for p in cut(text, 25)] == [15, 15]


def test_a_sentence_longer_than_the_limit_is_cut_between_words() -> None:
    passages = cut("word " * 100 + "end.", 30)
    assert [len(p.text.split()) for p in passages] == [25, 25, 25, 26]
    assert " ".join(p.text for p in passages) == "word " * 100 + "end."


def test_a_word_longer_than_the_limit_is_cut_anywhere() -> None:
    passages = chunk(document("x" * 100), lambda texts: [len(text) for text in texts], 30)
    assert "".join(p.text for p in passages) == "x" * 100
    assert max(len(p.text) for p in passages) <= 30


def test_what_has_hardly_a_token_for_its_length_is_cut_by_its_length(embedder: Embedder) -> None:
    text = "VGhlIHF1aWNr" * 10_000 + "\n" + ("f" * 150 + "\n") * 500
    document = Document("a.txt", "a", text, "0" * 64, "text/plain")
    passages = chunk(document, embedder.count_tokens, 200)
    assert all(text[each.start : each.end] == each.text for each in passages)
    assert max(len(each.text) for each in passages) <= 200 * 13 + 200
    assert "".join("".join(each.text for each in passages).split()) == "".join(text.split())


def test_repeated_text_keeps_its_own_offsets() -> None:
    text = "The same line again.\n\n" * 40
    passages = cut(text, 20)
    assert [p.start for p in passages] == sorted({p.start for p in passages})
    assert len({p.id for p in passages}) == len(passages) == 8


def test_passages_do_not_cross_headings_and_know_theirs() -> None:
    text = "Before.\n\n# One\n\nFirst text.\n\n## Two\n\nSecond text."
    headings = (Heading(1, text.index("One"), text.index("One") + 3),
                Heading(2, text.index("Two"), text.index("Two") + 3))  # fmt: skip
    passages = cut(text, 100, headings=headings)
    assert [(p.heading, p.text) for p in passages] == [
        ("", "Before."),
        ("One", "# One\n\nFirst text."),
        ("Two", "## Two\n\nSecond text."),
    ]


def test_the_page_is_the_one_where_the_passage_starts() -> None:
    text = "Page one. More.\n\nPage two."
    pages = (Page(1, 0, 15), Page(2, 17, 26))
    assert [p.page for p in cut(text, 3, pages=pages)] == [1, 2]
    assert cut("No pages.", 10)[0].page is None


def test_title_and_heading_are_embedded_once_and_only_if_the_document_has_them() -> None:
    text = "# A study\n\nIt says this."
    with_heading = Passage("1", "a.md", "A study", "It says this.", 11, 24, None, "Results")
    titled = Document("a.md", "A study", text, "0" * 64, "text/markdown", titled=True)
    assert embedding_text(titled, with_heading) == "A study\nResults\nIt says this."
    assert embedding_text(document(text), with_heading) == "Results\nIt says this."
    first = Passage("1", "a.md", "A study", text, 0, len(text), None, "A study")
    assert embedding_text(titled, first) == text


def test_ids_come_from_content_and_span_not_from_the_path() -> None:
    here = cut("One. Two.", 1)
    there = chunk(Document("b/c.txt", "c", "One. Two.", "0" * 64, "text/plain"), count_words, 1)  # type: ignore[arg-type]
    other = chunk(Document("a.txt", "a", "One. Two.", "1" * 64, "text/plain"), count_words, 1)  # type: ignore[arg-type]
    assert [p.id for p in here] == [p.id for p in there]
    assert not {p.id for p in here} & {p.id for p in other}


@given(st.text(alphabet=st.sampled_from("ab .?!\r\n\t“é😀中#-"), max_size=400), st.integers(1, 12))
def test_every_passage_is_an_exact_quote_and_nothing_is_lost(text: str, limit: int) -> None:
    end = 0
    for passage in cut(text, limit):
        assert text[passage.start : passage.end] == passage.text
        assert text[end : passage.start].strip() == ""
        assert len(passage.text.split()) <= limit
        end = passage.end
    assert text[end:].strip() == ""
