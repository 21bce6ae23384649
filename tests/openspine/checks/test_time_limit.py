"""Planted tests that never end: each is named, its stacks are shown, and the run fails and goes on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(330)  # each starts pytest anew
PATIENCE_S = 300  # only so that a hang ends
ROOT = Path(__file__).resolve().parents[3]
TALKATIVE = ("CI", "BUILD_NUMBER")  # with them, summaries say more
IMPORTED = ("-o", "addopts=--import-mode=importlib")
CONFTEST = """
import pytest, time_limit
def pytest_addoption(parser): parser.addoption('--full', action='store_true')
def pytest_collection_modifyitems(config, items):
    for item in items: time_limit.lengthen(item, is_full=config.getoption('--full'))
"""
WAITS = """
import asyncio, time, pytest

def test_sleeps(): time.sleep(600)

async def test_asks_and_gets_no_answer():
    async def ask(): await asyncio.Event().wait()
    await asyncio.gather(ask(), ask())

@pytest.mark.slow
def test_has_more_time(): time.sleep(1.5)

@pytest.mark.counted
def test_counts(): time.sleep(1.5)

@pytest.mark.broker
def test_has_processes_of_its_own(): time.sleep(1.5)
"""
DEAF = """
import signal, time

def test_deaf():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(600)

def test_behind_it(): pass
"""


def run(folder: Path, tests: str, *more: str) -> tuple[int, str]:
    """Run tests with the settings of this project; a second instead of two minutes."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_planted.py").write_text(tests)
    settings = (
        "-c",
        str(ROOT / "pyproject.toml"),
        f"--rootdir={folder}",
        "-o",
        "timeout=1",
        "-o",
        "markers=",
    )
    quiet = ("-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", *IMPORTED)
    command = [sys.executable, "-m", "pytest", *settings, *quiet, *more, str(folder)]
    calm = {name: value for name, value in os.environ.items() if name not in TALKATIVE}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S, env=calm)
    return done.returncode, done.stdout + done.stderr


def test_a_test_that_never_ends_is_named_and_the_others_run(tmp_path: Path) -> None:
    code, told = run(tmp_path, WAITS, "-rf")
    assert code == 1
    named = [line for line in told.splitlines() if line.startswith("FAILED")]
    for name in ("test_sleeps", "test_asks_and_gets_no_answer", "test_counts"):
        assert any(f"test_planted.py::{name}" in line for line in named)
    assert told.count("Failed: Timeout (>1.0s)") == len(("sleeps", "asks", "counts"))
    assert "3 failed, 2 passed" in told  # the slow one, and the one with a broker
    assert "def test_sleeps(): time.sleep(600)" in told


def test_a_full_count_has_more_time(tmp_path: Path) -> None:
    code, told = run(tmp_path, WAITS, "--full", "-k", "counts")
    assert (code, "1 passed" in told) == (0, True)


@pytest.mark.parametrize("workers", [("-n", "1"), ()], ids=["several processes", "one process"])
def test_what_hears_no_signal_ends_its_process_and_not_the_verdict(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    code, told = run(tmp_path, DEAF, "-o", "faulthandler_timeout=1", *workers)
    assert code == 1
    assert 'test_planted.py", line 6 in test_deaf' in told
    if workers:
        assert "crashed while running 'test_planted.py::test_deaf'" in told
        assert "1 failed, 1 passed" in told
