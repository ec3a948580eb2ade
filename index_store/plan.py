"""What a rebuild has to do: a pure comparison of the files on disk with what the catalog knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from index_store.catalog import Known
from index_store.change import Stamp


@dataclass(frozen=True, slots=True)
class Plan:
    """Sources by what becomes of them. `moved` pairs the old source with the new one."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]


def suspects(
    files: Mapping[str, Stamp], known: Mapping[str, Known], failed: Mapping[str, Stamp]
) -> list[str]:
    """The sources that must be looked into: their size or time of change is not as it was noted."""
    noted = {source: each.stamp for source, each in known.items()} | dict(failed)
    return [source for source, stamp in files.items() if noted.get(source) != stamp]


def make_plan(files: Collection[str], known: Mapping[str, Known], seen: Mapping[str, str]) -> Plan:
    """Compare by content. `seen` has the content ids of the suspects; all other files are as known.

    A new file whose content stood at a source that is gone is a move. A file that is neither known
    nor seen could not be read, and stands nowhere in the plan.
    """
    gone = sorted(known.keys() - set(files), reverse=True)
    homeless = {known[source].content_id: source for source in gone}
    added: list[str] = []
    updated: list[str] = []
    unchanged: list[str] = []
    moved: list[tuple[str, str]] = []
    for source in sorted(files):
        content = seen.get(source)
        if source in known:
            (unchanged if content in (None, known[source].content_id) else updated).append(source)
        elif content in homeless:
            moved.append((homeless.pop(content), source))
        elif content is not None:
            added.append(source)
    removed = sorted(set(gone) - {old for old, _ in moved})
    return Plan(tuple(added), tuple(updated), tuple(moved), tuple(removed), tuple(unchanged))
