"""What a store holds, beside what the machines have counted: a lost, a doubled, a buried row is told."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from emulator.faults.flood import ROWS, flooder
from emulator.faults.registry import NOTHING_BURIED, WHOLE
from emulator.faults.verdict import Planted
from emulator.faults.witness import Sighting
from emulator.studio.fleet import FleetReport
from emulator.studio.stand import MachineReport
from openspine.emulation.fault_report import Count, Held, count, lines, verdicts

MACHINE, STREAM = "row-1", "one"
REPS = tuple((STREAM, seq) for seq in range(1, 9))
HELD = Held(
    reps=Counter((MACHINE, *rep) for rep in REPS),
    repeated=Counter(),
    alerts=frozenset({(MACHINE, "pain", "red")}),
    buried=0,
    rows=Counter({MACHINE: 20, flooder(MACHINE): ROWS}),
    not_in_the_week=Counter(),
)


def report(reps: tuple[tuple[str, int], ...] = REPS, name: Any = "flood") -> FleetReport:
    machine = MachineReport(machine=MACHINE, sessions=1, sets=1, reps=reps, rows_waiting=0, state="idle")
    return FleetReport(
        machines=(machine,),
        reps_counted=len(reps),
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
        planted=(Planted(name=name, machine=MACHINE, at_s=30.0),),
        seen={MACHINE: (Sighting(at_s=31.0, what="flood committed: all"),)},
    )


@pytest.mark.parametrize(
    ("held", "reps", "expected"),
    [
        (HELD, REPS, Count(counted=8, lost=0, doubled=0)),
        (replace(HELD, reps=Counter(list(HELD.reps)[1:])), REPS, Count(counted=8, lost=1, doubled=0)),
        (replace(HELD, repeated=Counter({MACHINE: 1})), REPS, Count(counted=8, lost=0, doubled=1)),
        (HELD, REPS[1:], Count(counted=7, lost=0, doubled=1)),
    ],
)
def test_what_is_lost_and_doubled_is_counted(
    held: Held, reps: tuple[tuple[str, int], ...], expected: Count
) -> None:
    assert count(report(reps), held) == count(report(reps), held, MACHINE) == expected
    assert count(report(reps), held, "row-2") == Count(counted=0, lost=0, doubled=0)


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        (HELD, ()),
        (replace(HELD, reps=Counter(list(HELD.reps)[1:])), (WHOLE,)),
        (replace(HELD, repeated=Counter({MACHINE: 1})), (WHOLE,)),
        (replace(HELD, rows=Counter({flooder(MACHINE): ROWS - 1})), (WHOLE,)),
        (replace(HELD, buried=1), (NOTHING_BURIED,)),
    ],
)
def test_a_verdict_needs_the_store_to_be_whole(held: Held, missing: tuple[str, ...]) -> None:
    (verdict,) = verdicts(report(), held, 0)
    assert verdict.missing == missing
    assert verdict.seen == (missing == ())


def test_a_run_without_a_rep_proves_nothing() -> None:
    (verdict,) = verdicts(report(()), replace(HELD, reps=Counter()), 0)
    assert verdict.missing == (WHOLE,)


def test_alerts_duplicates_and_what_counts_for_no_week_are_evidence() -> None:
    held = replace(
        HELD, not_in_the_week=Counter({MACHINE: 2}), alerts=frozenset({(MACHINE, "clock_skew", "amber")})
    )
    (skew,) = verdicts(report(name="clock_skew"), held, 0)
    assert {"alert clock_skew (amber)", "not in the week: 2 summaries"} <= set(skew.evidence)
    (absorbed,) = verdicts(report(name="duplicate"), held, 7)
    assert "absorbed 7 rows that had come before" in absorbed.evidence
    (nothing,) = verdicts(report(name="duplicate"), held, 0)
    assert "absorbed " in nothing.missing


def test_people_read_what_was_seen_and_what_was_not() -> None:
    found = verdicts(report(), replace(HELD, buried=1), 0)
    text = "\n".join(lines(found, {"reps_counted": 8, "lost": 0, "doubled": 0}))
    assert "NOT SEEN  flood on row-1, planted at 30.0 s" in text
    assert f"- {NOTHING_BURIED}" in text
    assert "8 reps counted: 0 lost, 0 doubled" in text
