from collections.abc import Sequence
from dataclasses import asdict

import pytest

from emulator.faults.verdict import Planted, Verdict
from emulator.studio.fleet import FleetReport
from openspine.emulation.fault_report import Count
from openspine.emulation.scenario_run import judged

SEEN = Verdict(
    fault="pain", machine="row-1", planted_s=30.0, expected="Gone.", seen=True, evidence=(), missing=()
)
UNSEEN = Verdict(**(asdict(SEEN) | {"seen": False}))


def report(planted: tuple[Planted, ...] = ()) -> FleetReport:
    return FleetReport(
        machines=(),
        reps_counted=8,
        sessions=1,
        sets=1,
        settings_received=0,
        settings_applied=0,
        settings_applied_range=0,
        receipts={},
        reasons={},
        unacked=0,
        rtt_ms={},
        seconds=1.0,
        planted=planted,
        seen={},
    )


@pytest.mark.parametrize(
    ("lost", "doubled", "found", "is_ok"),
    [
        (0, 0, (), True),
        (1, 0, (), False),
        (0, 1, (), False),
        (0, 0, (SEEN,), True),
        (1, 0, (SEEN,), False),
        (0, 0, (SEEN, UNSEEN), False),
    ],
)
def test_a_run_is_right_when_nothing_was_lost_or_doubled_and_every_fault_met_its_reaction(
    lost: int, doubled: int, found: Sequence[Verdict], is_ok: bool
) -> None:
    planted = tuple(Planted(name=one.fault, machine=one.machine, at_s=one.planted_s) for one in found)
    done = judged(report(planted), Count(counted=8, lost=lost, doubled=doubled), found)
    assert done["ok"] == is_ok
    if not is_ok:
        assert f"8 reps counted: {lost} lost, {doubled} doubled" in done["lines"]
