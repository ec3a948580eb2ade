"""What `make run` shows while it installs; pip itself is played by a script."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PIP = """\
for n in $(seq 46); do echo "Collecting package-$n>=1"; done
for n in $(seq 5); do echo "Processing ./package-$n.whl"; done
echo "  Downloading torch-2.5.1-cp311-none-linux.whl (906.4 MB)"
echo "  Downloading six-1.0-py3-none-any.whl (11 kB)"
echo "  Downloading tiny-1.0-py3-none-any.whl (1.3 MB)"
echo "Installing collected packages: torch, six"
"""


def install(folder: Path, pip: str) -> subprocess.CompletedProcess[str]:
    """Make the environment in `folder`, with a script in pip's place."""
    (folder / "venv/bin").mkdir(parents=True)
    (folder / "venv/bin/python").touch()
    script = folder / "pip.sh"
    script.write_text(pip)
    command = [
        "make",
        f"{folder}/venv/.run-ready",
        f"VENV={folder}/venv",
        f"LOG={folder}/log",
        f"PIP=sh {script}",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_an_installation_says_how_far_it_is_in_a_few_lines(tmp_path: Path) -> None:
    done = install(tmp_path, f"{PIP}echo Successfully installed six\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1:] == [
        "  found 25 packages",
        "  found 50 packages",
        "  downloading torch (906.4 MB)",
        "  unpacking them all, which takes longest",
    ]
    assert "Successfully installed six" in (tmp_path / "log").read_text()
    assert (tmp_path / "venv/.run-ready").exists()


@pytest.mark.parametrize("status", [1, 2])
def test_an_installation_that_fails_shows_why_and_is_not_taken_for_done(tmp_path: Path, status: int) -> None:
    done = install(tmp_path, f"{PIP}echo 'ERROR: no space left' >&2\nexit {status}\n")
    assert done.returncode != 0
    assert "ERROR: no space left" in done.stderr
    assert f"The installation failed. The whole story is in {tmp_path}/log." in done.stderr
    assert not (tmp_path / "venv/.run-ready").exists()
