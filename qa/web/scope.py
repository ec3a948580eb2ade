"""The documents that a reader restricts questions to, as chips above the box."""

from __future__ import annotations

import gradio as gr

from qa.web.panel import panel

_CHIPS = '<ul class="fn-chips" aria-label="Documents that are asked" hidden></ul>'


def lay() -> gr.HTML:
    """Put the chips on the page that is being built."""
    return panel("fn-scope", "", _CHIPS, "Footnote.scope.start()")
