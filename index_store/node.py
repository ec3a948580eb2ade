"""A passage as a node of llama-index, so that its programs can read the collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index_store.types import Passage

if TYPE_CHECKING:
    from llama_index.core.schema import TextNode


def node_metadata(passage: Passage, content_id: str) -> dict[str, Any]:
    """The metadata in Chroma that llama-index turns back into the passage's node."""
    from llama_index.core.vector_stores.utils import node_to_metadata_dict

    return dict(
        node_to_metadata_dict(passage_node(passage, content_id), remove_text=True, flat_metadata=True)
    )


def passage_node(passage: Passage, content_id: str | None = None) -> TextNode:
    """A passage as a llama-index node: its text, source, offsets, and its document if that is given."""
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "source": passage.source,
            "title": passage.title,
            "heading": passage.heading,
            "page": passage.page or 0,
            "start": passage.start,
            "end": passage.end,
        },
        excluded_embed_metadata_keys=["source", "page", "start", "end"],
        excluded_llm_metadata_keys=["start", "end"],
        relationships=({NodeRelationship.SOURCE: RelatedNodeInfo(node_id=content_id)} if content_id else {}),
    )
