"""Rules that hold for every file of the dashboard: no raw HTML, no shared cache, one door to the network."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import dashboard

FOLDER = Path(str(dashboard.__file__)).parent
CACHES = ("cache_data", "cache_resource")
NETWORK = {"httpx2", "httpx", "requests", "urllib", "http", "socket", "aiohttp", "websockets"}


def sources() -> list[tuple[str, ast.Module]]:
    return [(path.name, ast.parse(path.read_text())) for path in sorted(FOLDER.rglob("*.py"))]


def raw_html(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("unsafe_allow_html", "unsafe_allow_javascript"):
            yield node.lineno
        if isinstance(node, ast.Attribute) and node.attr in ("html", "iframe"):
            yield node.lineno


def shared_caches(tree: ast.Module) -> Iterator[int]:
    scoped = {
        id(call.func)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "scope" and isinstance(word.value, ast.Constant) and word.value.value == "session"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CACHES and id(node) not in scoped:
            yield node.lineno


def bright_buttons(tree: ast.Module) -> Iterator[int]:
    """Find `type="primary"`: on a dark page it is white on a bright green, a contrast of 1.9."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "type" and ast.unparse(node.value) == "'primary'":
            yield node.value.lineno


def network(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and node.module != "urllib.parse":
            names = [node.module]
        if isinstance(node, ast.Import | ast.ImportFrom) and any(
            name.split(".")[0] in NETWORK for name in names
        ):
            yield node.lineno


def test_no_page_writes_raw_html() -> None:
    assert {name: list(raw_html(tree)) for name, tree in sources() if list(raw_html(tree))} == {}


def test_no_cache_is_shared_between_viewers() -> None:
    assert {name: list(shared_caches(tree)) for name, tree in sources() if list(shared_caches(tree))} == {}


def test_no_button_is_unreadable_on_a_dark_page() -> None:
    assert {name: list(bright_buttons(tree)) for name, tree in sources() if list(bright_buttons(tree))} == {}


def test_only_the_client_speaks_to_the_network() -> None:
    assert {name for name, tree in sources() if list(network(tree))} == {"client.py"}


@pytest.mark.parametrize(
    ("rule", "planted"),
    [
        (raw_html, "st.markdown(name, unsafe_allow_html=True)"),
        (raw_html, "st.html(name)"),
        (shared_caches, "@st.cache_data(ttl=5)\ndef f(): ..."),
        (shared_caches, "@st.cache_resource\ndef f(): ..."),
        (bright_buttons, 'st.button("Go", type="primary")'),
        (network, "import requests"),
        (network, "from urllib.request import urlopen"),
    ],
)
def test_each_rule_sees_a_planted_fault(rule: object, planted: str) -> None:
    assert callable(rule)
    assert list(rule(ast.parse(planted)))


def test_errors_stay_hidden_and_nothing_is_reported_outside() -> None:
    settings = tomllib.loads((FOLDER / ".streamlit" / "config.toml").read_text())
    assert settings["client"] == {
        "showErrorDetails": "none",
        "showErrorLinks": False,
        "toolbarMode": "viewer",
    }
    assert settings["browser"]["gatherUsageStats"] is False
    assert {"light", "dark"} <= settings["theme"].keys()
