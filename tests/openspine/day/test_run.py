"""A small day at true agents, over a real broker with the real service."""

import math
from dataclasses import replace

import pytest

from emulator.day.record import digest_of_floor
from openspine.broker.embedded import available_kinds
from openspine.day.run import Day, Progress, run_true
from openspine.day.studio import Asked

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker"),
]
SMALL = Asked(patients=1, machines=2, weeks=0, hours=1.2, rate=math.inf)
SEVERAL = 3  # people; they meet at the machines


def silent(_: object) -> None:
    return None


@pytest.mark.parametrize("patients", [1, pytest.param(SEVERAL, marks=pytest.mark.slow)])
def test_a_small_day_is_served_and_every_rep_is_stored(patients: int) -> None:
    seen: list[Progress] = []
    day = run_true(replace(SMALL, patients=patients), seen.append, silent)
    assert day.is_over
    assert day.balance["reps_counted"] == day.balance["reps_stored"] == day.diary.reps > 15
    assert (day.balance["lost"], day.balance["doubled"]) == (0, 0)
    assert sum(one.reps for one in day.stays) == day.diary.reps
    kinds = set(day.opened.machines.values())
    due = {
        (one.badge, kind)
        for one in day.opened.booked
        if one.comes_ms is not None
        for kind in one.stations
        if kind in kinds
    }
    assert {(one.seat.badge, one.seat.kind) for one in day.stays} == due
    assert day.settings["sent applied"] > 0
    assert seen[-1].gone == sum(one.comes_ms is not None for one in day.opened.booked)


def digests(day: Day) -> tuple[str, str, str]:
    floor = digest_of_floor(day.opened.booked, day.stays, day.errands)
    return floor, day.diary.digest_of_rows(), day.diary.digest_of_decisions()


@pytest.mark.slow
def test_the_day_is_the_same_at_any_rate() -> None:
    paced, fast = (run_true(replace_rate(rate), silent, silent) for rate in (90.0, math.inf))
    assert digests(paced) == digests(fast)
    assert paced.diary.reps > 0


def replace_rate(rate: float) -> Asked:
    return replace(SMALL, patients=2, rate=rate)
