"""A corpus of two small files, and everything that an index holds of it."""

import os
import sqlite3
from pathlib import Path

from index_store import (
    IndexStore,
)
from index_store.backend import open_backend
from index_store.chroma import PassageStore
from index_store.generation import current

A = "Ada Lovelace wrote the first program. She lived in London."
B = "Alan Turing proposed a test for machines. He worked in Manchester."
C = "Grace Hopper built a compiler. She served in the navy."


def vectors(index: Path, generation: Path) -> PassageStore:
    return open_backend(index, os.environ.get("QA_CHROMA_URL")).vectors(generation)


def contents(index: Path) -> dict[str, str]:
    """Every passage that a query can find, by source, checked against all stores."""
    store = IndexStore.open(index)
    with store.snapshot() as snapshot:
        hits = snapshot.dense(store.embedder.embed_query("text"), 1000)
        for hit in hits:
            passage = hit.passage
            assert snapshot.document(passage.source).text[passage.start : passage.end] == passage.text
        assert set(snapshot.vectors([hit.passage.id for hit in hits])) == {hit.passage.id for hit in hits}
    generation = current(index)
    assert generation is not None
    with sqlite3.connect(generation / "catalog.sqlite") as db:
        live = {row[0] for row in db.execute("SELECT id FROM passages")}
        db.execute("INSERT INTO lexical (lexical, rank) VALUES ('integrity-check', 1)")
        assert db.execute("SELECT count(*) FROM unsettled").fetchone() == (0,)
    db.close()
    assert vectors(index, generation).count() == len(live) == len(hits)
    assert {hit.passage.id for hit in hits} == live
    return {hit.passage.source: hit.passage.text for hit in hits}
