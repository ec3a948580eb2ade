"""What axe-core finds on a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, which `make test` installs."""
    file = Path(__file__).parents[2] / ".make" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
    assert file.is_file(), f"there is no {file}; run make test"
    return file.read_text(encoding="utf-8")


def violations(page: Page, axe: str, place: str) -> list[str]:
    """What axe-core calls serious or critical: the place, the rule, and the element."""
    page.evaluate(axe)
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{place}: {each['id']}: {node['html'][:160]}"
        for each in result["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
