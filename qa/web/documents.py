"""The Documents panel: what is in the corpus, what can be done with it, and how the index stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from index_store import IndexStatus, RebuildReport
from index_store.settings import attic
from qa.web.panel import panel

FIRST = 200
"""How many sources of each kind a plan names."""

ARRIVALS = Markup(
    '<ul class="fn-arrivals" aria-label="Files being added"></ul>'
    '<div class="fn-work" role="status" hidden><span class="fn-work-text"></span>'
    '<progress aria-label="Rebuilding the index"></progress>'
    '<button type="button" data-act="stop">Stop</button><ul></ul></div>'
)
"""Where files that arrive are shown, and the rebuild that follows."""

ADD = Markup(
    '<label class="fn-button">Add files<input type="file" class="fn-files" multiple></label>'
    '<label class="fn-button fn-wide">Add a folder'
    '<input type="file" class="fn-files" webkitdirectory></label>'
)
_PANEL = """
<section class="fn-library" aria-labelledby="fn-library-title">
  <header class="fn-library-head">
    <h1 id="fn-library-title">Documents</h1>
    <button type="button" class="fn-leave" data-show="chat">Back to the chat</button>
    <p class="fn-health-line">
      <span class="fn-health" role="status">…</span> <span class="fn-waiting"></span></p>
  </header>
  <div class="fn-library-actions">
    <span data-needs="add" hidden>{add}</span>
    <span class="fn-drop-hint fn-quiet" data-needs="add" hidden>or drop them anywhere on the page</span>
    <button type="button" class="fn-button" data-act="plan" data-needs="rebuild" hidden>Rebuild …</button>
  </div>
  {arrivals}
  <div class="fn-plan" hidden>
    <div class="fn-planned" aria-live="polite"></div>
    <button type="button" class="fn-button" data-act="rebuild">Rebuild now</button>
    <button type="button" class="fn-button" data-act="no-plan">Not now</button>
  </div>
  <div class="fn-filters" hidden>
    <input type="search" class="fn-words-wanted" aria-label="Filter by name" placeholder="Filter by name">
    <select class="fn-folder-wanted" name="folder" aria-label="Folder"></select>
    <select name="state" aria-label="State">
      <option value="">Every state</option><option value="indexed">Indexed</option>
      <option value="failed">Not read</option><option value="skipped">Left out</option>
    </select>
    <button type="button" class="fn-button" data-act="folder" hidden>Ask only this folder</button>
  </div>
  <p class="fn-empty fn-quiet" hidden>There are no documents yet.
    A PDF can be added, or almost anything else with text in it.</p>
  <div class="fn-listing"></div>
  <div class="fn-picked" role="status" hidden>
    <span class="fn-picked-count"></span>
    <button type="button" class="fn-button" data-act="ask">Ask only these</button>
    <button type="button" class="fn-button" data-act="remove" data-needs="add" hidden>Remove …</button>
    <button type="button" class="fn-button" data-act="none">Choose none</button>
  </div>
  <dialog class="fn-confirm" id="fn-confirm-dialog" aria-labelledby="fn-confirm-title">
    <h2 class="fn-confirm-title" id="fn-confirm-title"></h2>
    <p>Removed documents no longer answer questions. Nothing is deleted: the files are moved to
      <code>{attic}</code>, from where they can be brought back.</p>
    <button type="button" class="fn-button" data-act="remove-now">Remove</button>
    <button type="button" class="fn-button" data-close>Keep</button>
  </dialog>
</section>
"""
_PLAN = Markup('<p class="fn-plan-title">{}</p>{}')
_PLANNED = Markup("<details{}><summary>{:,} {}</summary><ul>{}</ul></details>")
_ITEM = Markup("<li>{}</li>")


def lay() -> None:
    """Put the panel where we are on the page; the browser fills it when it is looked at."""
    html = Markup(_PANEL).format(add=ADD, arrivals=ARRIVALS, attic=attic())
    panel("fn-documents", "", str(html), "Footnote.documents.panel(element); Footnote.arrivals.start()")


def health(status: IndexStatus, now: datetime) -> str:
    """How it stands with the index, in a line."""
    parts = [
        f"{_count(status.documents, 'document')}, {_count(status.passages, 'passage')}",
        f"{len(status.failed):,} could not be read" if status.failed else "",
        f"last changed {ago(status.built, now)}" if status.built else "",
    ]
    return " · ".join(part for part in parts if part)


def plan(report: RebuildReport) -> Markup:
    """What a rebuild would do, from its dry run."""
    kinds = {
        "to add": report.added,
        "to read again": report.updated,
        "moved": report.moved,
        "to take out": report.removed,
        "that cannot be read": [f"{source}: {reason}" for source, reason in report.failed],
    }
    unchanged = f"{_count(len(report.unchanged), 'document')} {'is' if len(report.unchanged) == 1 else 'are'}"
    if changes(report):
        title = f"A rebuild will change this; {unchanged} up to date."
    else:
        title = f"There is nothing to do: {unchanged} up to date."
    found = (_planned(sources, kind) for kind, sources in kinds.items() if sources)
    return _PLAN.format(title, Markup("").join(found))


def changes(report: RebuildReport) -> int:
    """How many documents a rebuild changes or has changed."""
    return sum(map(len, (report.added, report.updated, report.moved, report.removed)))


def ago(moment: str, now: datetime) -> str:
    """How long before `now` an ISO time with its zone was, in words."""
    minutes = int((now - datetime.fromisoformat(moment)).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{_count(minutes, 'minute')} ago"
    if minutes < 48 * 60:
        return f"{_count(minutes // 60, 'hour')} ago"
    return f"{minutes // 1440} days ago"


def _planned(sources: Sequence[str], what: str) -> Markup:
    items = Markup("").join(_ITEM.format(source) for source in sources[:FIRST])
    return _PLANNED.format(Markup(" open") if len(sources) <= 10 else "", len(sources), what, items)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
