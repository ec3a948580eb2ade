"""A reader's settings: each says what it does. They are kept in the browser and go with each question."""

from __future__ import annotations

from collections.abc import Iterable

import gradio as gr
from markupsafe import Markup

from qa.models import BUILTIN, Choice
from qa.web.library import Library
from qa.web.panel import panel

STRICTNESS = (("0.2", "Answer more"), ("", "Balanced"), ("0.6", "Refuse more"))
PASSAGES = (("4", "4"), ("", "8"), ("16", "16"), ("32", "32"))
STRICT = (("", "Show and mark them"), ("yes", "Leave out"))
THEMES = (("", "As the system"), ("light", "Light"), ("dark", "Dark"))

_DIALOG = Markup(
    '<dialog class="fn-dialog" id="fn-settings-dialog" aria-labelledby="fn-settings-title">'
    '<header class="fn-dialog-bar"><h2 id="fn-settings-title">Settings</h2>'
    '<button type="button" class="fn-icon" data-close aria-label="Close">×</button></header>'
    '<form class="fn-settings" method="dialog">{}</form>'
    '<p class="fn-quiet">Kept in this browser. They hold from your next question on, for you alone.</p>'
    "</dialog>"
)
_CHOICE = Markup(
    '<fieldset class="fn-setting"><legend>{}</legend><p id="fn-about-{}">{}</p>'
    '<div class="fn-choices" role="presentation">{}</div></fieldset>'
)
_OPTION = Markup(
    '<label><input type="radio" name="{}" value="{}" aria-describedby="fn-about-{}"{}><span>{}</span></label>'
)


def lay(library: Library) -> gr.HTML:
    """Put the settings on the page that is being built; they open on `,`."""

    def choose_model(name: str) -> None:  # gradio marks it, which no bound method allows
        library.expect(str(name))

    script = "Footnote.settings.start(element, server)"
    return panel("fn-settings", "", str(dialog(models(library))), script, [choose_model])


def dialog(models: Iterable[tuple[str, str]]) -> Markup:
    """The settings with these models to choose from: (name, label), the default's name being ""."""
    parts = [
        _choice(
            "k",
            "Passages",
            "How many passages are searched for an answer. More find more, and take longer.",
            PASSAGES,
        ),
        _choice(
            "threshold",
            "When to refuse",
            "How sure the answer must be before it is given instead of “The documents don’t say.”",
            STRICTNESS,
        ),
        _choice("theme", "Theme", "Light or dark; the system decides unless you do.", THEMES),
    ]
    choices = tuple(models)
    if len(choices) > 2:  # more than the built-in reader
        about = (
            "Who answers. The built-in reader quotes and never leaves this machine; a language model writes."
        )
        parts.insert(0, _choice("llm", "Model", about, choices))
        strict = "Whether a language model’s sentences that no quote supports are left out."
        parts.insert(3, _choice("strict", "Strict", strict, STRICT))
    return _DIALOG.format(Markup("").join(parts))


def models(library: Library) -> tuple[tuple[str, str], ...]:
    """The models to choose from, by name and label; "" is the one that the page was started with."""
    others = ((each.name, _label(each)) for each in library.models)
    return (("", "As this page was started"), *others)


def _label(choice: Choice) -> str:
    name = "Built-in reader" if choice.name == BUILTIN else choice.name
    return f"{name} (questions and passages leave this machine)" if choice.remote else name


def _choice(name: str, title: str, about: str, options: Iterable[tuple[str, str]]) -> Markup:
    made = (
        _OPTION.format(name, value, name, "" if value else Markup(" checked"), label)
        for value, label in options
    )
    return _CHOICE.format(title, name, about, Markup("").join(made))
