"""What the browser loads of ours: one stylesheet and one script per panel, inside the page itself."""

from __future__ import annotations

from importlib import resources

STYLES = (
    *("tokens", "gradio", "shell", "rail", "chat", "turns", "extras", "composer", "scope"),
    *("sources", "viewer", "documents", "arrivals", "dialogs"),
)
SCRIPTS = (
    *("page", "layers", "desk", "shell", "store", "toast", "settings", "preview", "sources", "sheets"),
    *(
        "viewer",
        "work",
        "arrivals",
        "scope",
        "documents",
        "composer",
        "chat",
        "starters",
        "turns",
        "rail",
        "keys",
    ),
)
"""In the order in which they build on each other."""


def head() -> str:
    """Our stylesheets and scripts, for the page's head: nothing more to request."""
    files = resources.files("qa.web") / "static"
    css = "\n".join((files / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    js = "\n".join((files / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return f"<style>{css}</style><script>{js}</script>"


def favicon() -> str:
    """The path of the page's icon."""
    return str(resources.files("qa.web") / "static" / "footnote.svg")
