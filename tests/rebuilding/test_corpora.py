"""What is a corpus, where its index lies, and what an index refuses."""

import dataclasses
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index_store import (
    CorpusError,
    IndexDamagedError,
    IndexMismatchError,
    IndexSettings,
    IndexStore,
    RebuildReport,
    SettingsError,
    UnknownSourceError,
    index_folder,
    rebuild,
)
from index_store.chroma import chroma_server
from index_store.generation import chroma_path, current
from rebuilding.small_corpus import A, B, C, contents, vectors


def test_other_settings_need_a_full_rebuild_and_the_error_says_so(
    run: Callable[..., RebuildReport], index: Path
) -> None:
    run()
    other = dataclasses.replace(IndexSettings.from_environment(), passage_tokens=100)
    with pytest.raises(IndexMismatchError, match=r"passages of at most.*200, not 100.*qa rebuild .* --full"):
        run(settings=other)
    with pytest.raises(IndexMismatchError, match="--full"):
        IndexStore.open(index, other)
    report = run(settings=other, full=True)
    assert report.embedded == 0  # these passages are the same text
    assert IndexStore.open(index, other).status().passages == 2


def test_bad_corpora_are_named(corpus: Path, index: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=f"There is nothing at {tmp_path / 'nowhere'}"):
        rebuild(tmp_path / "nowhere", index=index)
    with pytest.raises(CorpusError, match="one inside the other"):
        rebuild(corpus, index=corpus / "index")
    with pytest.raises(CorpusError, match="folder among several paths"):
        rebuild([corpus, corpus / "a.txt"], index=index)
    with pytest.raises(SettingsError, match="corpus is empty"):
        rebuild([], index=index)


def test_single_files_are_a_corpus(corpus: Path, tmp_path: Path) -> None:
    assert rebuild(corpus / "a.txt", index=tmp_path / "one").added == ("a.txt",)
    (corpus / "sub").mkdir()
    (corpus / "sub" / "c.txt").write_text(C)
    files = [corpus / "sub" / "c.txt", corpus / "b.txt"]
    assert rebuild(files, index=tmp_path / "two").added == ("b.txt", "sub/c.txt")


def test_hidden_and_foreign_files_are_passed_over(run: Callable[..., RebuildReport], corpus: Path) -> None:
    (corpus / ".hidden.txt").write_text("x")
    (corpus / ".git").mkdir()
    (corpus / ".git" / "c.txt").write_text("x")
    (corpus / "photo.jpg").write_bytes(b"\xff\xd8")
    assert run().added == ("a.txt", "b.txt")


def test_the_index_has_a_folder_of_its_own_outside_the_corpus(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QA_INDEX", raising=False)
    folder = index_folder(corpus, None)
    assert folder.name.startswith("corpus-") and corpus not in folder.parents
    assert index_folder(corpus / "a.txt", None) != folder
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "chosen"))
    assert index_folder(corpus, None) == tmp_path / "chosen"
    assert index_folder(corpus, tmp_path / "other") == tmp_path / "other"


def test_sources_are_chosen_by_path_folder_or_glob(
    run: Callable[..., RebuildReport], corpus: Path, index: Path
) -> None:
    (corpus / "sub").mkdir()
    (corpus / "sub" / "c.txt").write_text(C)
    run()
    store = IndexStore.open(index)
    query = store.embedder.embed_query("Who?")
    with store.snapshot() as snapshot:
        assert snapshot.matching(["sub"]) == snapshot.matching(["sub/"]) == ("sub/c.txt",)
        assert snapshot.matching(["*.txt"]) == ("a.txt", "b.txt", "sub/c.txt")
        assert [h.passage.text for h in snapshot.dense(query, 5, ["sub/c.txt"])] == [C]
        assert snapshot.lexical("London", 5, ["sub/c.txt"]) == ()
        with pytest.raises(UnknownSourceError, match=r"No document of the index matches 'x/\*'.*qa status"):
            snapshot.matching(["x/*"])


def test_a_plain_llama_index_user_gets_sensible_nodes(run: Callable[..., RebuildReport], index: Path) -> None:
    import chromadb
    from llama_index.core.vector_stores.types import VectorStoreQuery
    from llama_index.vector_stores.chroma import ChromaVectorStore

    run()
    generation = current(index)
    assert generation is not None
    url = os.environ.get("QA_CHROMA_URL")
    if url:
        server = chroma_server(url)
        collection = server._collection(f"{index.name}.{generation.name}.passages", None)
    else:
        collection = chromadb.PersistentClient(str(chroma_path(generation))).get_collection("passages")
    vectors = ChromaVectorStore(chroma_collection=collection)
    query = IndexStore.open(index).embedder.embed_query("Who wrote the first program?")
    found = vectors.query(VectorStoreQuery(query_embedding=query.tolist(), similarity_top_k=1))
    assert found.nodes is not None
    node = found.nodes[0]
    assert node.get_content() == A
    assert node.metadata == {
        "source": "a.txt",
        "title": "a",
        "heading": "",
        "page": 0,
        "start": 0,
        "end": len(A),
    }
    dumped = json.loads(node.to_json())
    assert (dumped["start_char_idx"], dumped["end_char_idx"]) == (0, len(A))
    assert node.ref_doc_id


def test_an_index_may_be_given_another_corpus(
    run: Callable[..., RebuildReport], index: Path, tmp_path: Path
) -> None:
    run()
    other = tmp_path / "other"
    other.mkdir()
    (other / "c.txt").write_text(C)
    report = rebuild(other, index=index)
    assert (report.added, report.removed) == (("c.txt",), ("a.txt", "b.txt"))
    assert IndexStore.open(index).status().corpus == str(other)
    assert contents(index) == {"c.txt": C}


def test_nothing_but_an_index_is_ever_deleted(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "docs").mkdir(parents=True)
    (home / "photos").mkdir()
    (home / "docs" / "a.txt").write_text(A)
    with pytest.raises(CorpusError, match="holds something that is no index"):
        rebuild(home / "docs", index=home)
    with pytest.raises(CorpusError, match="holds something that is no index"):
        rebuild(home / "docs", index=home / "docs" / "a.txt")
    (tmp_path / "empty" / "docs").mkdir(parents=True)
    (tmp_path / "empty" / "writer.lock").touch()
    with pytest.raises(CorpusError, match="one inside the other"):
        rebuild(tmp_path / "empty" / "docs", index=tmp_path / "empty")
    assert sorted(path.name for path in home.rglob("*")) == ["a.txt", "docs", "photos"]


def test_lost_vectors_are_an_error_not_a_worse_answer(run: Callable[..., RebuildReport], index: Path) -> None:
    run()
    generation = current(index)
    assert generation is not None
    store = vectors(index, generation)
    store.delete(store.ids()[:1])
    opened = IndexStore.open(index)
    with (
        opened.snapshot() as snapshot,
        pytest.raises(IndexDamagedError, match=r"1 of 2 passages have no vector\. Run: qa doctor --repair"),
    ):
        snapshot.dense(opened.embedder.embed_query("x"), 5)


def test_what_lies_in_a_folder_that_cannot_be_looked_into_stays(
    run: Callable[..., RebuildReport], corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "sub").mkdir()
    (corpus / "sub" / "c.txt").write_text(C)
    run()
    look = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("/sub"):
            raise PermissionError(13, "Permission denied", path)
        return look(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        report = run()
        assert [source for source, _ in report.failed] == ["sub/"]
        assert report.unchanged == ("a.txt", "b.txt", "sub/c.txt")
        assert IndexStore.open(index).status().documents == 3
    assert run().failed == ()
    assert contents(index) == {"a.txt": A, "b.txt": B, "sub/c.txt": C}
