"""Gradio's own colours and fonts, so that the little of it that shows speaks our visual language.

The tokens themselves live in footnote.css. What is written out here is what Gradio paints before
our stylesheet has loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

PAPER, PAPER_DARK = "#fafaf8", "#16181d"
INK, INK_DARK = "#1c1f26", "#e7e5df"
SYSTEM_SANS = (
    "ui-sans-serif",
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "Liberation Sans",
    "sans-serif",
)
SYSTEM_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


def theme() -> gr.themes.Base:
    """The theme: system fonts only, and no colour of Gradio's."""
    import gradio as gr

    base = gr.themes.Base(
        primary_hue="gray",
        secondary_hue="gray",
        neutral_hue="gray",
        font=list(SYSTEM_SANS),
        font_mono=list(SYSTEM_MONO),
    )
    return base.set(
        body_background_fill=PAPER,
        body_background_fill_dark=PAPER_DARK,
        body_text_color=INK,
        body_text_color_dark=INK_DARK,
        color_accent="var(--fn-rubric)",
        loader_color="var(--fn-rubric)",
    )
