"""How a page for other people is set up, and which settings are refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from web_fixtures.site import auth_file as auth_file
from web_fixtures.site import open_site as open_site
from web_fixtures.site import patience as patience
from web_fixtures.site import site as site

from qa.cli import main
from qa.web.access import Access, ServeError


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "desk.lan"])
def test_others_are_let_in_only_when_that_is_said(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", f"--host={host}"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"qa: Others could reach port 7860 of {host}. Say who may: --auth-file FILE")
    assert "--no-auth" in said


@pytest.mark.parametrize("option", ["--root-path=/footnote", "--trust-proxy=127.0.0.1"])
def test_a_proxy_lets_others_in_as_well(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", option]) == 1
    assert "Others could reach port 7860" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"root_path": "footnote"}, "'footnote' is not a path"),
        ({"root_path": "/foot note"}, "is not a path"),
        ({"root_path": "//evil.example"}, "is not a path"),
        ({"trusted_proxies": ("desk.lan",)}, "'desk.lan' is not the address of a proxy"),
        ({"requests_per_minute": 0}, "--requests-per-minute is 0"),
        ({"upload_megabytes": -1}, "--upload-mb is -1"),
        ({"no_auth": True, "auth_file": Path("users")}, "Give one of them"),
    ],
)
def test_a_wrong_setting_is_named(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ServeError, match=re.escape(said)):
        Access(**options)


def test_an_auth_file_has_to_name_somebody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "users"
    assert main(["serve", f"--auth-file={path}"]) == 1
    assert capsys.readouterr().err == (
        f"qa: The auth file {path} cannot be read: No such file or directory. "
        f"Run: qa user add NAME --auth-file {path}\n"
    )
    path.write_text("")
    assert main(["serve", f"--auth-file={path}"]) == 1
    assert capsys.readouterr().err == f"qa: {path} names nobody. Run: qa user add NAME --auth-file {path}\n"
    path.write_text("# people\nada:secret\n")
    assert main(["serve", f"--auth-file={path}"]) == 1
    assert capsys.readouterr().err.startswith(
        f"qa: Line 2 of {path} is not a name, a colon and a bcrypt hash."
    )
