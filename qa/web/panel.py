"""A panel of our own HTML in a Gradio page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr


def panel(
    elem_id: str,
    value: Any = "",
    template: str = "${value}",
    script: str = "",
    server: list[Callable[..., Any]] | None = None,
) -> gr.HTML:
    """HTML without Gradio's look, at the id `elem_id`.

    `script` runs once, when the panel is there; the functions of `server` it may call by their names.
    """
    return gr.HTML(
        value,
        html_template=template,
        js_on_load=script,
        server_functions=server,
        apply_default_css=False,
        elem_id=elem_id,
    )
