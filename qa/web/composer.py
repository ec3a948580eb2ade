"""Where a question is typed, and above it the documents that it is restricted to."""

from __future__ import annotations

from qa.web.panel import panel

_CHIPS = '<ul class="fn-chips" aria-label="Documents that are asked" hidden></ul>'
_COMPOSER = (
    '<form class="fn-composer" autocomplete="off">'
    '<label id="fn-box"><span class="fn-unseen">Your question</span>'
    '<textarea rows="1" placeholder="Ask about your documents"></textarea></label>'
    '<button type="submit" id="fn-ask">Ask</button>'
    '<button type="button" id="fn-stop">Stop</button></form>'
)


def lay() -> None:
    """Put both where we are on the page; static/scope.js makes the chips of chosen documents."""
    panel("fn-scope", "", _CHIPS, "Footnote.scope.start()")
    panel("fn-composer", "", _COMPOSER, "Footnote.composer.start(element)")
