"""The rail: the conversations kept in this browser, and the way to the documents."""

from __future__ import annotations

import gradio as gr
from markupsafe import Markup

from qa.web import icons
from qa.web.panel import panel

_RAIL = Markup(
    '<div class="fn-rail-body">'
    '<div class="fn-rail-bar">'
    '<button type="button" class="fn-icon fn-rail-toggle" aria-label="Hide conversations">{rail}</button>'
    '<button type="button" class="fn-new">{new}<span>New conversation</span></button></div>'
    '<label class="fn-find"><span class="fn-unseen">Search conversations</span>'
    '<input type="search" placeholder="Search conversations"></label>'
    '<div class="fn-conversations"><ul aria-label="Conversations"></ul>'
    '<p class="fn-quiet" role="status"></p></div>'
    '<div class="fn-rail-end">'
    '<button type="button" class="fn-rail-link" data-show="documents">'
    "{documents}<span>Documents</span></button>"
    '<button type="button" class="fn-rail-link" data-open="settings">'
    "{settings}<span>Settings</span></button>"
    '<button type="button" class="fn-rail-link" data-open="shortcuts">'
    "{help}<span>Shortcuts</span></button>"
    '<form class="fn-account" method="post" action="logout" hidden>'
    '<span>Signed in as <bdi class="fn-reader"></bdi></span>'
    '<button class="fn-link">Sign out</button></form>'
    "</div></div>"
)


def lay() -> gr.HTML:
    """Put the rail on the page that is being built."""
    body = _RAIL.format(
        rail=icons.RAIL,
        new=icons.NEW,
        documents=icons.DOCUMENTS,
        settings=icons.SETTINGS,
        help=icons.HELP,
    )
    return panel(
        "fn-rail-panel", "", str(body), "Footnote.shell.start(element); Footnote.rail.start(element)"
    )
