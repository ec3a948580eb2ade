"""The table of the files of the corpus: which of them, in what order, and how it stands with each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from index_store import FileStatus
from qa.web.citation import filename

COLUMNS = {
    "source": "Name",
    "type": "Type",
    "pages": "Pages",
    "passages": "Passages",
    "size": "Size",
    "modified": "Changed",
    "state": "State",
}
STATES = {"indexed": "Indexed", "failed": "Not read", "skipped": "Left out"}
TYPES = {
    "application/pdf": "PDF",
    "application/json": "JSON",
    "application/epub+zip": "E-book",
    "message/rfc822": "E-mail",
    "text/html": "Web page",
    "text/markdown": "Markdown",
    "text/csv": "Table",
    "text/tab-separated-values": "Table",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "Slides",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Workbook",
}
FIRST = 200
"""How many rows are shown before more are asked for."""

_TABLE = Markup(
    '<table class="fn-table" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader">'
    '<input type="checkbox" class="fn-all" aria-label="Choose all that are shown"></th>{}</tr></thead>'
    '<tbody role="rowgroup">{}</tbody></table><p class="fn-rest fn-quiet">{}{}</p>'
)
_HEAD = Markup(
    '<th role="columnheader" data-column="{0}" aria-sort="{1}">'
    '<button type="button" class="fn-sort" data-sort="{0}">{2}</button></th>'
)
_ROW = Markup(
    '<tr role="row" data-state="{state}"><td role="cell">'
    '<input type="checkbox" class="fn-pick" value="{source}" aria-label="Choose {source}"{able}></td>'
    '<th role="rowheader" scope="row">{name}</th>'
    '<td role="cell">{type}</td><td role="cell" data-label="{page}">{pages}</td>'
    '<td role="cell" data-label="{passage}">{passages}</td><td role="cell">{size}</td>'
    '<td role="cell">{modified}</td><td role="cell"><span class="fn-state">{said}</span>{reason}</td></tr>'
)
_OPEN = Markup(
    '<a class="fn-open" href="documents/original?{}" data-source="{}" data-start="0" data-end="0">{}</a>'
)
_NONE = Markup('<p class="fn-quiet">No file matches.</p>')
_REASON = Markup('<span class="fn-why">{}</span>')
_MORE = Markup(' <button type="button" class="fn-further" data-shown="{}">Show more</button>')
_FOLDER = Markup('<option value="{}">{} ({:,})</option>')


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the files are to be shown, and in what order."""

    words: str = ""
    folder: str = ""
    state: str = ""
    sort: str = "source"
    down: bool = False
    shown: int = FIRST

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Wanted:
        """From the parameters of an address; what makes no sense there is left at its default."""
        shown = query.get("shown", "")
        return cls(
            words=query.get("words", "").strip(),
            folder=query.get("folder", ""),
            state=query.get("state", ""),
            sort=query["sort"] if query.get("sort") in COLUMNS else "source",
            down=query.get("down") == "yes",
            shown=min(int(shown), 100_000) if shown.isdecimal() else FIRST,
        )

    def of(self, files: Sequence[FileStatus]) -> list[FileStatus]:
        """The files wanted, in the order wanted; files alike in that are in the order of their names."""
        words = self.words.casefold().split()
        found = [
            file
            for file in files
            if file.source.startswith(self.folder)
            and self.state in ("", file.state)
            and all(word in file.source.casefold() for word in words)
        ]
        found.sort(key=lambda file: file.source.casefold())
        if self.sort != "source":
            found.sort(key=lambda file: _key(file, self.sort), reverse=self.down)
        elif self.down:
            found.reverse()
        return found


def table(files: Sequence[FileStatus], wanted: Wanted) -> Markup:
    """The files that are wanted as a table, as many of them as are to be shown."""
    found = wanted.of(files)
    if not found:
        return _NONE
    heads = Markup("").join(_head(column, wanted) for column in COLUMNS)
    rows = Markup("").join(map(_row, found[: wanted.shown]))
    more = len(found) > wanted.shown
    said = f"{wanted.shown:,} of {len(found):,} files are shown." if more else ""
    return _TABLE.format(heads, rows, said, _MORE.format(wanted.shown * 5) if more else "")


def folders(files: Sequence[FileStatus]) -> Markup:
    """The folders of the corpus as options of a choice, each with the number of documents in it."""
    counts: dict[str, int] = {}
    for file in files:
        parts = file.source.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth]) + "/"
            counts[folder] = counts.get(folder, 0) + (file.state == "indexed")
    options = (_FOLDER.format(folder, folder, count) for folder, count in sorted(counts.items()) if count)
    return Markup('<option value="">All folders</option>') + Markup("").join(options)


def size(count: int) -> str:
    """Bytes in a unit that people read."""
    value = float(count)
    for unit in ("B", "KB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def kind(file: FileStatus) -> str:
    """What people call the file's format."""
    stem, _, suffix = file.source.rpartition("/")[2].rpartition(".")
    return TYPES.get(file.media_type or "") or (suffix.upper()[:8] if stem else "Text")


def _head(column: str, wanted: Wanted) -> Markup:
    order = "none" if column != wanted.sort else "descending" if wanted.down else "ascending"
    return _HEAD.format(column, order, COLUMNS[column])


def _row(file: FileStatus) -> Markup:
    name, held = filename(file.source), file.state == "indexed"
    remarks = [file.reason, *file.notes]
    return _ROW.format(
        state=file.state,
        source=file.source,
        able=Markup(" disabled") if file.state == "skipped" or file.source.endswith("/") else "",
        name=_OPEN.format(urlencode({"source": file.source}), file.source, name) if held else name,
        type=kind(file),
        page="page" if file.pages == 1 else "pages",
        passage="passage" if file.passages == 1 else "passages",
        pages=f"{file.pages:,}" if file.pages else "",
        passages=f"{file.passages:,}" if held else "",
        size=size(file.size) if file.size is not None else "",
        modified=(file.modified or "")[:10],
        said=STATES[file.state],
        reason=Markup("").join(_REASON.format(remark) for remark in remarks if remark),
    )


def _key(file: FileStatus, column: str) -> float | str:
    values: dict[str, float | str] = {
        "type": kind(file),
        "pages": file.pages or 0,
        "passages": file.passages,
        "size": file.size or 0,
        "modified": file.modified or "",
        "state": STATES[file.state],
    }
    return values[column]
