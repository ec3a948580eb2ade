"""`qa user`, as one types it, and the file it keeps."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from pathlib import Path

import bcrypt
import pytest

from qa.cli import main
from qa.web import users
from qa.web.users import AuthFile, UserError

PASSWORD = "mill wheel 1802"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "ROUNDS", 4)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "users"


def typed(monkeypatch: pytest.MonkeyPatch, *arguments: str, stdin: str = "") -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    return main(["user", *arguments])


def test_users_are_added_listed_and_removed(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_AUTH_FILE", str(file))
    assert typed(monkeypatch, "add", "ben", stdin=f"{PASSWORD}\n") == 0
    assert typed(monkeypatch, "add", "ada", stdin=PASSWORD) == 0
    assert typed(monkeypatch, "add", "ada", stdin="another one\n") == 0
    assert typed(monkeypatch, "list") == 0
    assert typed(monkeypatch, "remove", "ben") == 0
    assert typed(monkeypatch, "list") == 0
    assert typed(monkeypatch, "remove", "ben") == 1
    printed = capsys.readouterr()
    assert printed.out == (
        "ben can sign in now.\nada can sign in now.\nada has a new password.\nada\nben\n"
        "ben can sign in no longer.\nada\n"
    )
    assert printed.err == f"qa: {file} names no 'ben'. See: qa user list --auth-file {file}\n"
    assert AuthFile(file).check("ada", "another one") and not AuthFile(file).check("ada", PASSWORD)


def test_a_password_is_asked_for_twice_at_a_terminal(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSWORD, "mill whale 1802", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", terminal)
    assert main(["user", "add", "ada", f"--auth-file={file}"]) == 1
    assert not file.exists()
    assert main(["user", "add", "ada", f"--auth-file={file}"]) == 0
    assert AuthFile(file).check("ada", PASSWORD)


def test_the_file_is_for_its_owner_and_holds_no_password(file: Path) -> None:
    AuthFile(file).add("ada", PASSWORD)
    assert file.stat().st_mode & 0o777 == 0o600
    name, _, hashed = file.read_text().strip().partition(":")
    assert name == "ada" and bcrypt.checkpw(PASSWORD.encode(), hashed.encode())
    file.chmod(0o644)
    AuthFile(file).add("ben", PASSWORD)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["", " ", "a b", "a:b", "a\nb", "x" * 65])
def test_a_name_is_one_word(file: Path, name: str) -> None:
    with pytest.raises(UserError, match="cannot be a name"):
        AuthFile(file).add(name, PASSWORD)


@pytest.mark.parametrize("password", ["", "1234567", "x" * 73, "ä" * 37, "mill\0wheel"])
def test_a_password_that_bcrypt_would_cut_or_anyone_would_guess_is_refused(file: Path, password: str) -> None:
    with pytest.raises(UserError, match="8 characters or more, and 72 bytes or fewer"):
        AuthFile(file).add("ada", password)
    assert not file.exists()


def test_a_name_is_the_same_in_every_spelling(file: Path) -> None:
    AuthFile(file).add("ädä", PASSWORD)
    assert AuthFile(file).check("a\u0308da\u0308", PASSWORD)


def test_hashes_of_htpasswd_are_understood(file: Path) -> None:
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode().replace("$2b$", "$2y$")
    file.write_text(f"# people\n\nada:{hashed}\n")
    assert AuthFile(file).check("ada", PASSWORD)


def test_a_change_of_the_file_is_seen_and_a_broken_one_lets_nobody_in(file: Path) -> None:
    held = AuthFile(file)
    assert not held.check("ada", PASSWORD)
    AuthFile(file).add("ada", PASSWORD)
    assert held.check("ada", PASSWORD)
    whole = file.read_text()
    file.write_text(whole + "ben\n")
    assert not held.check("ada", PASSWORD)
    file.write_text(whole)
    assert held.check("ada", PASSWORD)
    file.unlink()
    assert not held.check("ada", PASSWORD)


def test_a_stranger_costs_as_much_as_a_user(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "ROUNDS", 12)
    AuthFile(file).add("ada", PASSWORD)
    compared: list[bytes] = []

    def refuse(_secret: bytes, hashed: bytes) -> bool:
        compared.append(hashed[:7])
        return False

    monkeypatch.setattr(bcrypt, "checkpw", refuse)
    AuthFile(file).check("ada", PASSWORD)
    AuthFile(file).check("cy", PASSWORD)
    assert compared == [b"$2b$12$", b"$2b$12$"]


def test_two_who_write_at_once_lose_nothing(file: Path) -> None:
    names = [f"user{number}" for number in range(8)]
    threads = [threading.Thread(target=AuthFile(file).add, args=(name, PASSWORD)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuthFile(file).names() == tuple(sorted(names))


@pytest.mark.parametrize("arguments", [("list",), ("add", "ada"), ("remove", "ada")])
def test_the_file_has_to_be_named(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("QA_AUTH_FILE", raising=False)
    assert typed(monkeypatch, *arguments, stdin=PASSWORD) == 1
    assert (
        capsys.readouterr().err
        == "qa: Which file keeps the users? Name it with --auth-file or QA_AUTH_FILE.\n"
    )


def test_a_place_that_cannot_be_written_is_named(file: Path) -> None:
    file.mkdir()
    with pytest.raises(UserError, match=f"{file} cannot be read: Is a directory"):
        AuthFile(file).add("ada", PASSWORD)
    (file / "text").touch()
    with pytest.raises(UserError, match="text/users cannot be written"):
        AuthFile(file / "text" / "users").add("ada", PASSWORD)


def test_the_command_takes_a_password_from_a_pipe(file: Path) -> None:
    command = [sys.executable, "-m", "qa", "user", "add", "ada", "--auth-file", str(file)]
    done = subprocess.run(command, input=PASSWORD, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("ada can sign in now.\n", "")
