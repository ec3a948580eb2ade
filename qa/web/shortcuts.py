"""The list of keyboard shortcuts, behind `?`. static/keys.js acts on them."""

from __future__ import annotations

import gradio as gr
from markupsafe import Markup

from qa.web.panel import panel

SHORTCUTS = (
    ("Enter", "Ask"),
    ("Shift Enter", "New line in the question"),
    ("/", "Go to the question box"),
    ("↑", "Edit the last question (in an empty box)"),
    ("Esc", "Stop the answer; close what is open"),
    ("N", "New conversation"),
    ("C", "Show or hide conversations"),
    ("F", "Search conversations"),
    ("D", "Documents"),
    ("J  K", "Next and previous source of the answer"),
    (",", "Settings"),
    ("?", "This list"),
)
_DIALOG = Markup(
    '<dialog class="fn-dialog" id="fn-shortcuts-dialog" aria-labelledby="fn-shortcuts-title">'
    '<header class="fn-dialog-bar"><h2 id="fn-shortcuts-title">Keyboard shortcuts</h2>'
    '<button type="button" class="fn-icon" data-close aria-label="Close">×</button></header>'
    '<dl class="fn-keys">{}</dl></dialog>'
)
_ROW = Markup("<div><dt>{}</dt><dd>{}</dd></div>")


def lay() -> gr.HTML:
    """Put the list on the page that is being built; it opens on `?`."""
    rows = (
        _ROW.format(Markup(" ").join(Markup("<kbd>{}</kbd>").format(key) for key in keys.split()), what)
        for keys, what in SHORTCUTS
    )
    dialog = _DIALOG.format(Markup("").join(rows))
    return panel("fn-shortcuts", "", str(dialog), "Footnote.keys.start(element)")
