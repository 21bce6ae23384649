"""Every branch of the two files that decide what is safe is taken by their own tests."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ("contract/envelope.py", "machine_agent/guard.py")
TESTS = (
    "tests/contract/test_envelope.py",
    "tests/machine_agent/test_guard.py",
    "tests/machine_agent/test_guard_borders.py",
    "tests/machine_agent/test_guard_staff.py",
)


@pytest.mark.slow
def test_every_branch_of_envelope_and_guard_is_taken(tmp_path: Path) -> None:
    report = tmp_path / "coverage.json"
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--cov=contract.envelope",
        "--cov=machine_agent.guard", "--cov-branch", f"--cov-report=json:{report}", *TESTS,
    ]  # fmt: skip
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout
    found = json.loads(report.read_text())["files"]
    for name in FILES:
        figures = found[name]["summary"]
        assert figures["num_branches"] > 20
        assert figures["percent_covered"] == 100, found[name]["missing_branches"]
