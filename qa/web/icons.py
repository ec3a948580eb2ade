"""The icons of the page: 16 by 16, drawn in the colour of the text beside them."""

from __future__ import annotations

from markupsafe import Markup


def _icon(path: str) -> Markup:
    return Markup(
        '<svg class="fn-glyph" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" '
        'stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" '
        'focusable="false"><path d="{}"/></svg>'
    ).format(path)


RAIL = _icon("M2 3h12v10H2zM6 3v10")
NEW = _icon("M8 3v10M3 8h10")
DOCUMENTS = _icon("M4 2h5l3 3v9H4zM9 2v3h3M6.5 8.5h3M6.5 11h3")
AGAIN = _icon("M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3")
EDIT = _icon("M3 13l.6-2.8L10.8 3l2.2 2.2L5.8 12.4zM9.5 4.3l2.2 2.2")
COPY = _icon("M5.5 5.5h7v8h-7zM10.5 5.5v-3h-7v8h2")
QUOTES = _icon("M5.5 5.5h7v8h-7zM10.5 5.5v-3h-7v8h2M7.5 8.5h3M7.5 10.8h3")
UP = _icon("M5 7.5v6H2.5v-6zM5 7.5L8 2c1.2 0 1.7.8 1.5 1.8L9 6.5h4.2l-1 6.2c-.1.5-.5.8-1 .8H5")
DOWN = _icon("M5 8.5v-6H2.5v6zM5 8.5L8 14c1.2 0 1.7-.8 1.5-1.8L9 9.5h4.2l-1-6.2c-.1-.5-.5-.8-1-.8H5")
DELETE = _icon("M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9")
SETTINGS = _icon(
    "M2 5h6M12 5h2M2 11h2M8 11h6M8 5a2 2 0 1 0 4 0 2 2 0 1 0-4 0M4 11a2 2 0 1 0 4 0 2 2 0 1 0-4 0"
)
HELP = _icon("M6 6.2A2 2 0 1 1 8.6 8c-.4.2-.6.5-.6 1v.4M8 11.6v.1M8 2a6 6 0 1 0 .01 0")
