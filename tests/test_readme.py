"""The README shows what really happens."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def run(command: list[str] | str, index: Path) -> str:
    environment = os.environ | {
        "QA_INDEX": str(index),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        command, shell=isinstance(command, str), capture_output=True, text=True, env=environment, cwd=ROOT
    )
    assert done.stderr == ""
    return done.stdout


def test_the_python_session_prints_what_is_shown(seed_index: Path) -> None:
    session = "\n".join(blocks("python"))
    assert run([sys.executable, "-c", session], seed_index) == blocks("text")[0]


def shell_examples() -> list[tuple[str, str]]:
    found = []
    for block in blocks("console"):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            if command.startswith("qa "):
                found.append((command, output))
    return found


@pytest.mark.parametrize(("command", "output"), shell_examples())
def test_the_shell_prints_what_is_shown(command: str, output: str, seed_index: Path) -> None:
    shown, printed = (re.sub(r"in [\d.]+ s", "in … s", text) for text in (output, run(command, seed_index)))
    assert printed == shown


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[<>=]", requirement)[0] for requirement in project["dependencies"]}
    table = README.split("## What it is built on")[1].split("\n\n")[1]
    listed = {name.strip() for row in table.splitlines()[2:] for name in row.split("|")[1].split(",")}
    assert listed == names
    pinned = {line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert names <= pinned


def test_the_architecture_page_names_every_module() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    named = set(re.findall(r"`([a-z_]+)`", page))
    for package in ("index_store", "qa"):
        modules = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__", "__main__"}
        assert modules <= named, modules - named
