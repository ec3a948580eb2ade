"""`qa user`: who may sign in to the page."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from qa.web.users import AuthFile, UserError, checked_name


def add_user_commands(parser: argparse.ArgumentParser) -> None:
    """The commands below `qa user`."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser("add", help="let someone sign in, or give them a new password")
    add.add_argument("name")
    _add_file_option(add)
    add.set_defaults(run=run_add)
    listing = commands.add_parser("list", help="say who may sign in")
    _add_file_option(listing)
    listing.set_defaults(run=run_list)
    remove = commands.add_parser("remove", help="let someone sign in no longer, and sign them out")
    remove.add_argument("name")
    _add_file_option(remove)
    remove.set_defaults(run=run_remove)


def _add_file_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--auth-file",
        metavar="FILE",
        default=os.environ.get("QA_AUTH_FILE"),
        help="where names and password hashes are kept (default: $QA_AUTH_FILE)",
    )


def run_add(parsed: argparse.Namespace) -> int:
    """Read a password from the terminal, else a line of stdin, and keep its hash."""
    users, name = _users(parsed), checked_name(parsed.name)
    added = users.add(name, _password(name))
    sys.stdout.write(f"{name} can sign in now.\n" if added else f"{name} has a new password.\n")
    return 0


def run_list(parsed: argparse.Namespace) -> int:
    """Print the names, one a line."""
    for name in _users(parsed).names():
        sys.stdout.write(f"{name}\n")
    return 0


def run_remove(parsed: argparse.Namespace) -> int:
    """Take a name out of the file."""
    _users(parsed).remove(parsed.name)
    sys.stdout.write(f"{parsed.name} can sign in no longer.\n")
    return 0


def _users(parsed: argparse.Namespace) -> AuthFile:
    if not parsed.auth_file:
        raise UserError("Which file keeps the users? Name it with --auth-file or QA_AUTH_FILE.")
    return AuthFile(Path(parsed.auth_file))


def _password(name: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("The same again: ") != password:
        raise UserError("These were two different passwords. Run the command again.")
    return password
