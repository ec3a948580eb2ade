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
