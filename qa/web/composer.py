"""Where a question is typed."""

from __future__ import annotations

import gradio as gr

from qa.web.panel import panel

_COMPOSER = (
    '<form class="fn-composer" autocomplete="off">'
    '<label id="fn-box"><span class="fn-unseen">Your question</span>'
    '<textarea rows="1" placeholder="Ask a question about your documents"></textarea></label>'
    '<button type="submit" id="fn-ask">Ask</button>'
    '<button type="button" id="fn-stop">Stop</button></form>'
)


def lay() -> gr.HTML:
    """Put the box on the page that is being built."""
    return panel("fn-composer", "", _COMPOSER, "Footnote.composer.start(element)")
