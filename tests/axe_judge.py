"""What axe finds on a page that would keep somebody from using it."""

from typing import Any

import pytest

axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")


def serious(page: Any, within: str | None = None) -> list[str]:
    """List what is serious or worse, with the element at fault; `within`: only in this part (a selector)."""
    found = axe_playwright.Axe().run(page, context=within).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
