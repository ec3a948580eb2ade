"""The browser's way in: a chat whose answers stand beside the words they quote."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

    from qa import Assistant
    from qa.web.access import Access

__all__ = ["build_page", "serve"]


def build_page(open_assistant: Callable[[], Assistant]) -> gr.Blocks:
    """The whole page, not yet served. `open_assistant` is called when the page first needs it."""
    from qa.web.page import build_page as build  # gradio takes seconds to import

    return build(open_assistant)


def serve(
    open_assistant: Callable[[], Assistant], *, host: str, port: int, access: Access | None = None
) -> None:
    """Serve the page at http://host:port, print the address, and return when interrupted.

    `access` says who may come in; None is nobody but this machine. `ServeError` where others could, unasked.
    """
    from qa.web.access import Access
    from qa.web.server import serve as run

    run(open_assistant, host=host, port=port, access=access or Access())
