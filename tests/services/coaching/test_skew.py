"""A machine whose clock stands wrong: its sessions are kept, raise nothing, and count for no week."""

from dataclasses import replace

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio

from contract import codec, topics
from contract.messages import Clock, Plan, Status
from services.coaching import Delivery, skew
from services.store import tables

MOST_MS = 120_000
HOUR_MS = 3_600_000
LATER_MS = 60_000  # until the next status


def status(
    machine: ScriptedMachine, ahead_ms: int, clock: Clock = "wall", *, late_ms: int = 0, online: bool = True
) -> Delivery:
    """Say where the machine's clock stands; heard at the studio's true time, or so much later."""
    said = Status(
        online=online,
        wall_ms=machine.wall_ms + ahead_ms,
        mono_ms=machine.wall_ms,
        boot=machine.boot,
        state="idle",
        clock=clock,
    )
    topic = topics.name(machine.origin, machine.machine, "up/status")
    return Delivery(topic=topic, payload=codec.encode(said), received_ms=machine.wall_ms + late_ms)


def skew_ms(studio: Studio) -> int:
    """Read how far ahead the clock of the one machine is held to be."""
    (row,) = studio.rows(tables.status)
    return int(row["skew_ms"])


def visit(studio: Studio, machine: ScriptedMachine) -> Plan:
    """Train every set of the plan."""
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 1))
    for row in plan.settings:
        studio.hear(*machine.train(row))
    studio.hear(machine.sign_out())
    return plan


def found(studio: Studio) -> tuple[list[bool], list[str]]:
    """Tell which summaries count for no week, and which alerts there are."""
    alerts = [row["code"] for row in studio.rows(tables.alert) if row["code"] == "clock_skew"]
    return [row["skewed"] for row in studio.rows(tables.summary)], alerts


@pytest.mark.parametrize("ahead_ms", [MOST_MS + 1, -MOST_MS - 1, 365 * 86_400_000])
def test_over_two_minutes_a_session_raises_nothing_and_counts_for_no_week(
    ahead_ms: int, studio: Studio, machine: ScriptedMachine
) -> None:
    studio.hear(status(machine, ahead_ms))
    machine.wall_ms += LATER_MS
    studio.hear(status(machine, ahead_ms))
    plan = visit(studio, machine)
    assert "no_increase" in plan.flags
    assert found(studio) == ([True], ["clock_skew"])
    assert len(studio.rows(tables.rep)) == sum(row.reps for row in plan.settings)


@pytest.mark.parametrize(
    ("ahead_ms", "clock"), [(MOST_MS, "wall"), (-MOST_MS, "wall"), (10**9, "sim"), (0, "wall")]
)
def test_within_two_minutes_and_in_simulated_time_nothing_is_excluded(
    ahead_ms: int, clock: Clock, studio: Studio, machine: ScriptedMachine
) -> None:
    studio.hear(status(machine, ahead_ms, clock))
    plan = visit(studio, machine)
    assert "no_increase" not in plan.flags
    assert found(studio) == ([False], [])


def test_the_clock_of_another_boot_is_not_judged(studio: Studio, machine: ScriptedMachine) -> None:
    studio.hear(status(machine, 10**9))
    machine.boot = "00000000-0000-4000-8000-000000000009"
    visit(studio, machine)
    assert found(studio) == ([False], [])


def test_a_retained_status_that_is_handed_out_again_is_no_slow_clock(
    studio: Studio, machine: ScriptedMachine
) -> None:
    told = status(machine, 0)
    studio.hear(told)
    studio.hear(replace(told, received_ms=NOW_MS + 10**9))
    assert skew_ms(studio) == 0
    visit(studio, machine)
    assert found(studio) == ([False], [])


def test_rows_that_waited_in_a_spool_are_no_slow_clock(studio: Studio, machine: ScriptedMachine) -> None:
    studio.hear(status(machine, 0))
    studio.hear(replace(machine.sign_in(), received_ms=NOW_MS + 10**9))
    assert found(studio) == ([], [])
    assert studio.rows(tables.session)[0]["frame"]["skew_ms"] == 0


def test_a_status_that_waited_in_the_broker_is_no_slow_clock(
    studio: Studio, machine: ScriptedMachine
) -> None:
    waited = [status(machine, 0, late_ms=HOUR_MS)]
    machine.wall_ms += LATER_MS
    waited.append(status(machine, 0, late_ms=HOUR_MS - LATER_MS))
    sign_in = replace(machine.sign_in(), received_ms=machine.wall_ms + HOUR_MS - LATER_MS)
    studio.hear(*waited, sign_in)
    assert studio.rows(tables.session)[0]["frame"]["skew_ms"] == 0
    assert found(studio) == ([], [])


def test_a_will_says_nothing_of_the_clock(studio: Studio, machine: ScriptedMachine) -> None:
    for ahead_ms in (0, HOUR_MS):
        machine.boot = f"00000000-0000-4000-8000-00000000000{int(ahead_ms > 0)}"
        studio.hear(status(machine, ahead_ms), status(machine, ahead_ms, late_ms=HOUR_MS, online=False))
        assert skew_ms(studio) == ahead_ms


def test_a_slow_clock_is_believed_when_two_statuses_came_as_they_were_said(
    studio: Studio, machine: ScriptedMachine
) -> None:
    studio.hear(status(machine, -HOUR_MS))
    assert skew_ms(studio) == 0
    machine.wall_ms += 1_000
    studio.hear(status(machine, -HOUR_MS))
    assert skew_ms(studio) == 0  # two that come in one burst may have waited
    machine.wall_ms += LATER_MS
    studio.hear(status(machine, -HOUR_MS))
    assert skew_ms(studio) == -HOUR_MS
    machine.wall_ms += 1_000
    studio.hear(status(machine, -HOUR_MS))
    assert skew_ms(studio) == -HOUR_MS  # what is known stays


def test_a_clock_that_is_set_is_judged_anew(studio: Studio, machine: ScriptedMachine) -> None:
    for ahead_ms in (0, HOUR_MS, -HOUR_MS, 0):
        machine.wall_ms += LATER_MS
        studio.hear(status(machine, ahead_ms))
        assert skew_ms(studio) == ahead_ms
    studio.hear(status(machine, HOUR_MS))
    machine.wall_ms += 1_000
    studio.hear(status(machine, -HOUR_MS))
    assert skew_ms(studio) == 0  # neither the old one nor what nobody has confirmed


def test_control_without_the_judgement_the_session_counts(
    studio: Studio, machine: ScriptedMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skew, "SKEW_MOST_MS", 10**15)
    studio.hear(status(machine, 10**9))
    visit(studio, machine)
    assert found(studio) == ([False], [])
