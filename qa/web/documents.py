"""The Documents panel: what is indexed."""

from __future__ import annotations

import gradio as gr
from markupsafe import Markup

from qa.web.panel import panel

_PANEL = Markup(
    '<section class="fn-documents" aria-labelledby="fn-documents-title">'
    '<header class="fn-documents-bar">'
    '<button type="button" class="fn-quiet-button" data-show="chat">← Chat</button>'
    '<h2 id="fn-documents-title" class="fn-panel-title">Documents</h2></header></section>'
)


def lay() -> gr.HTML:
    """Put the panel on the page that is being built."""
    return panel("fn-documents", "", str(_PANEL), "Footnote.documents.panel(element)")
