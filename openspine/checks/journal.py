"""What pytest wrote down while it ran (`--journal`): readable up to the moment in which it was ended."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A counted test: how many trials it made, of how many."""

    test: str
    n: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The tests that were chosen, and what became of those that were run."""

    chosen: tuple[str, ...] = ()
    outcomes: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)  # of the skipped
    counted: tuple[Count, ...] = ()
    random: frozenset[str] = frozenset()  # tests whose next run draws other trials
    took_s: dict[str, float] = field(default_factory=dict)  # of each file, set up and taken down

    @property
    def not_run(self) -> tuple[str, ...]:
        """The tests that were chosen and never finished."""
        return tuple(test for test in self.chosen if test not in self.outcomes)

    @property
    def failed(self) -> tuple[str, ...]:
        """The tests that failed."""
        return self._that("failed")

    @property
    def passed_alone(self) -> tuple[str, ...]:
        """The tests that failed beside the others and passed alone."""
        return self._that("passed alone")

    def with_outcomes(self, newer: Mapping[str, str]) -> "Journal":
        """Return a journal in which these tests ended otherwise."""
        return replace(self, outcomes={**self.outcomes, **newer})

    def figures(self) -> dict[str, int]:
        """Count the outcomes."""
        found = Counter(self.outcomes.values())
        return {
            "passed": found["passed"],
            "passed_alone": found["passed alone"],
            "failed": found["failed"],
            "skipped": found["skipped"],
            "not_run": len(self.not_run),
        }

    def _that(self, outcome: str) -> tuple[str, ...]:
        return tuple(test for test, ended in self.outcomes.items() if ended == outcome)


def read(path: Path) -> Journal:
    """Read a journal; one that was never begun is empty, a last line that was cut off does not count."""
    chosen: tuple[str, ...] = ()
    outcomes: dict[str, str] = {}
    reasons: dict[str, str] = {}
    counted: list[Count] = []
    random: set[str] = set()
    took_s: Counter[str] = Counter()
    for row in _rows(path):
        if "chosen" in row:
            chosen = tuple(row["chosen"])
            continue
        test = row["test"]
        took_s[test.partition("::")[0]] += row.get("took_s", 0.0)
        if "outcome" not in row:
            continue
        if outcomes.get(test) != "failed":  # a test that passed may fail while it is taken down
            outcomes[test] = row["outcome"]
        if row["outcome"] == "skipped":
            reasons[test] = row["reason"]
        if row.get("random"):
            random.add(test)
        counted += [Count(test=test, n=n, of=of) for n, of in row["counted"]]
    return Journal(
        chosen=chosen,
        outcomes=outcomes,
        reasons=reasons,
        counted=tuple(counted),
        random=frozenset(random),
        took_s=dict(took_s),
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return rows
