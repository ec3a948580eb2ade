"""`python -m index_store rebuild seeds/`: the index's own commands, without the question answering."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from index_store.command import (
    add_index_option,
    add_rebuild_arguments,
    default_corpus,
    run_rebuild,
    run_status,
)
from index_store.errors import IndexStoreError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0, or 1 with the error on stderr."""
    parser = argparse.ArgumentParser(prog="python -m index_store", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    rebuilding = commands.add_parser("rebuild", help="bring the index up to date with its corpus")
    add_rebuild_arguments(rebuilding)
    rebuilding.set_defaults(run=run_rebuild)
    status = commands.add_parser("status", help="say what the index holds")
    status.add_argument("--corpus", default=default_corpus())
    add_index_option(status)
    status.set_defaults(run=run_status)
    parsed = parser.parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except IndexStoreError as exc:
        sys.stderr.write(f"{exc}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
