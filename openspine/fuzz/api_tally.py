"""What came of the requests: counted for each API, and told for each and for all."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from schemathesis.core.transport import Response

from openspine.fuzz.api_cases import Asked, shown
from openspine.fuzz.api_judge import faults

SHOWN = 20


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of the requests to one API."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    by_role: Counter[str] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)  # operations that were answered with a 2xx
    asked: set[str] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def add(self, asked: Asked, answer: Response) -> None:
        """Judge an answer and count it."""
        label = asked.case.operation.label
        self.cases += 1
        self.asked.add(label)
        self.statuses[answer.status_code] += 1
        self.by_role[asked.role] += 1
        if answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
            self.done.add(label)
        for fault in faults(asked, answer):
            self.faults[f"{label}: {fault.splitlines()[0][:120]}"] += 1
            if len(self.findings) < SHOWN:
                self.findings.append(f"{fault} | {shown(asked)} | {answer.status_code} {answer.text[:300]}")


def told(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Tell the figures of all APIs together, and those of each."""
    parts = {name: _figures([one]) for name, one in tallies.items()}
    findings = [found for one in tallies.values() for found in one.findings]
    return _figures(tallies.values()) | {"findings": findings, "by_api": parts}


def summary(name: str, tally: Tally) -> str:
    """Say in one line what came of the requests to one API."""
    found = _figures([tally])
    return (
        f"{name}: {found['cases']} requests, {found['operations_done']} of {found['operations']} operations "
        f"answered with a 2xx, {found['crashes']} crashes, {tally.faults.total()} faults"
    )


def _figures(tallies: Collection[Tally]) -> dict[str, Any]:
    statuses = _summed(one.statuses for one in tallies)
    return {
        "cases": sum(one.cases for one in tallies),
        "operations": sum(len(one.asked) for one in tallies),
        "operations_done": sum(len(one.done) for one in tallies),
        "by_role": dict(sorted(_summed(one.by_role for one in tallies).items())),
        "statuses": {str(int(one)): count for one, count in sorted(statuses.items())},
        "crashes": sum(count for status, count in statuses.items() if status >= 500),
        "faults": dict(_summed(one.faults for one in tallies).most_common()),
    }


def _summed(counted: Iterable[Counter[Any]]) -> Counter[Any]:
    return sum(counted, Counter())
