"""Footnote as parts of a llama-index pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle

from index_store import Hit
from index_store.node import passage_node
from qa.types import Answer

if TYPE_CHECKING:
    from qa.assistant import Assistant


class PassageRetriever(BaseRetriever):
    """The assistant's retrieval as a llama-index retriever; nodes carry source, page and offsets."""

    def __init__(self, assistant: Assistant, k: int, sources: Sequence[str] | None) -> None:
        super().__init__()
        self._assistant = assistant
        self._k = k
        self._sources = sources

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return _nodes(self._assistant.search(query_bundle.query_str, k=self._k, sources=self._sources))


class AnswerEngine(BaseQueryEngine):
    """The assistant as a llama-index query engine; `response.metadata` is `Answer.to_dict()`."""

    def __init__(self, assistant: Assistant, k: int, sources: Sequence[str] | None) -> None:
        super().__init__(callback_manager=None)
        self._assistant = assistant
        self._k = k
        self._sources = sources

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(self._assistant.ask(query_bundle.query_str, k=self._k, sources=self._sources))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(await self._assistant.aask(query_bundle.query_str, k=self._k, sources=self._sources))

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _response(answer: Answer) -> Response:
    return Response(response=answer.text, source_nodes=_nodes(answer.hits), metadata=answer.to_dict())


def _nodes(hits: Sequence[Hit]) -> list[NodeWithScore]:
    return [NodeWithScore(node=passage_node(hit.passage), score=hit.score) for hit in hits]
