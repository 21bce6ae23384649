"""Writes down what pytest runs, one JSON object a line, so that a run that is ended early is still told."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

RANDOM = {"counted", "hypothesis"}  # marks of tests that draw their trials


class Journal:
    """A pytest plugin: which tests were chosen, then the outcome of each as it comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._has_chosen = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note the choice of a run in one process."""
        self._choose([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: Sequence[str]) -> None:  # noqa: ARG002 (its signature)
        """Note the choice of a run in several processes, once: all choose the same."""
        self._choose(list(ids))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that could not be read: its tests are not among the chosen."""
        if report.failed:
            self._write({"test": report.nodeid, "outcome": "failed", "reason": "", "counted": []})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note an outcome and its time; of setting up and taking down that went well the time alone."""
        if report.when != "call" and report.passed:
            self._write({"test": report.nodeid, "took_s": round(report.duration, 3)})
            return
        counted = [value for name, value in report.user_properties if name == "counted"]
        self._write(
            {
                "test": report.nodeid,
                "outcome": report.outcome,
                "reason": _reason(report),
                "counted": counted if report.when == "call" else [],
                "random": not RANDOM.isdisjoint(report.keywords),
                "took_s": round(report.duration, 3),
            }
        )

    def _choose(self, tests: list[str]) -> None:
        if tests and not self._has_chosen:
            self._has_chosen = True
            self._write({"chosen": tests})

    def _write(self, row: dict[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def _reason(report: pytest.TestReport) -> str:
    if not report.skipped:
        return ""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return f"expected to fail: {getattr(report, 'wasxfail', '')}"
