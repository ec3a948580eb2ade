"""What the page says when something went wrong: a sentence that ends in what to do."""

from __future__ import annotations

import re

from markupsafe import Markup

COMMAND = re.compile(r"\b(?:Run|Use|See): (?=\S)")
_NOTICE = Markup('<div class="fn-notice" role="alert"><p class="fn-notice-title">{}</p><p>{}</p></div>')


def sentence(message: str) -> Markup:
    """`message` as text, the command it ends in ("… Run: qa rebuild") set as code."""
    match = COMMAND.search(message)
    if match is None:
        return Markup.escape(message)
    return Markup("{}<code>{}</code>").format(message[: match.end()], message[match.end() :])


def notice(title: str, message: str) -> Markup:
    """A boxed notice, announced by screen readers."""
    return _NOTICE.format(title, sentence(message))
