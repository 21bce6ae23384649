"""A run of pytest over a few planted files, with the journal of this project."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from openspine.checks.steps import Step

TESTS = Path(__file__).resolve().parents[2]
CONFTEST = """
from pathlib import Path
from journal import Journal
def pytest_addoption(parser): parser.addoption('--journal', type=Path)
def pytest_configure(config):
    if not hasattr(config, 'workerinput'):
        config.pluginmanager.register(Journal(config.getoption('--journal')))
"""
Plant = Callable[..., Step]


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Write files of tests by their path, and return the step that runs them."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # most of a start is plugins that are not used

    def write(files: dict[str, str], *more: str) -> Step:
        for place, tests in files.items():
            path = tmp_path / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(tests)
        (tmp_path / "conftest.py").write_text(CONFTEST)
        options = (
            "-q",
            "-p",
            "xdist",
            f"--rootdir={tmp_path}",
            f"--override-ini=pythonpath={TESTS}",
        )
        alone = (sys.executable, "-m", "pytest", "-c", os.devnull, *options)
        return Step(
            name="planted", command=(*alone, *files, *more), tells="journal", alone=alone, place=tmp_path
        )

    return write
