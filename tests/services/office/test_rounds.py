from typing import Any

import pytest
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio
from studio_rounds import alerts, go, put

from openspine.bench.fence import filled
from services.store import tables

MINUTE_MS = 60_000
DAY_MS = 86_400_000
BOOT = "00000000-0000-5000-8000-0000000000bb"


def status(studio: Studio, received_ms: int, *, online: bool = True) -> None:
    row = {
        "origin": "sim", "machine": "lumbar-1", "online": online, "boot": BOOT, "state": "IDLE",
        "session_id": None, "setting_id": None, "spool_rows": 0, "firmware": "1", "clock": "sim",
        "wall_ms": received_ms, "mono_ms": 1, "received_ms": received_ms, "skew_ms": 0,
    }  # fmt: skip
    put(studio, tables.status, **row)


def booking(studio: Studio, patient: str, name: str, starts_ms: int, day: str) -> None:
    row = {
        "id": f"00000000-0000-5000-8000-00000000000{name}", "patient_id": patient, "origin": "sim",
        "site_id": "studio", "day": day, "starts_ms": starts_ms, "minutes": 40, "state": "planned",
        "stations": [], "version": 1, "made_by": "therapist", "made_ms": 1, "changed_ms": 1,
    }  # fmt: skip
    put(studio, tables.booking, **row)


@pytest.mark.parametrize(
    ("silent_ms", "online", "expected"),
    [
        (4 * MINUTE_MS, True, 0),
        (5 * MINUTE_MS + 1, True, 1),
        (MINUTE_MS, False, 0),
        (2 * MINUTE_MS + 1, False, 1),
    ],
)
def test_a_machine_that_is_silent_is_told_once_until_it_is_heard(
    studio: Studio, enrolled: str, silent_ms: int, *, online: bool, expected: int
) -> None:
    assert enrolled
    status(studio, NOW_MS - silent_ms, online=online)
    assert [go(studio, NOW_MS), go(studio, NOW_MS + 1)] == [expected, 0]
    status(studio, NOW_MS)
    go(studio, NOW_MS)
    assert alerts(studio, "machine_offline") == [("amber", "resolved")] * expected


def test_a_visit_that_nobody_came_to_is_missed_and_the_second_in_a_row_is_amber(
    studio: Studio, enrolled: str
) -> None:
    for name, days in (("1", 5), ("2", 7)):
        booking(studio, enrolled, name, NOW_MS + days * DAY_MS, f"2030-01-0{name}")
    assert go(studio, NOW_MS + 5 * DAY_MS + 30 * MINUTE_MS) == 0
    assert go(studio, NOW_MS + 5 * DAY_MS + 30 * MINUTE_MS + 1) == 1
    assert go(studio, NOW_MS + 8 * DAY_MS) == 1
    assert alerts(studio, "missed_visit") == [("info", "open"), ("amber", "open")]
    assert {row["state"] for row in studio.rows(tables.booking)} == {"missed"}


def test_a_visit_that_somebody_came_to_is_not_missed(studio: Studio, enrolled: str) -> None:
    (visit,) = studio.rows(tables.visit)
    booking(studio, enrolled, "1", NOW_MS, visit["day"])
    assert go(studio, NOW_MS + DAY_MS) == 0
    assert [row["state"] for row in studio.rows(tables.booking)] == ["came"]


@pytest.mark.parametrize(
    ("due_days", "passed", "severity"),
    [(8, True, None), (6, True, "info"), (-1, True, "amber"), (30, False, "amber")],
)
def test_a_calibration_is_announced_a_week_ahead(
    studio: Studio, enrolled: str, due_days: int, severity: str | None, *, passed: bool
) -> None:
    assert enrolled
    row = {
        "id": "00000000-0000-5000-8000-000000000001", "origin": "sim", "machine": "lumbar-1", "at_ms": 1,
        "due_ms": NOW_MS + due_days * DAY_MS, "load_error_pct": 0.1, "angle_error_deg": 0.1,
        "passed": passed, "note": "", "by_id": "admin",
    }  # fmt: skip
    put(studio, tables.calibration, **row)
    go(studio, NOW_MS)
    assert alerts(studio, "calibration_due") == ([] if severity is None else [(severity, "open")])
    put(studio, tables.calibration, **(row | {"passed": True, "due_ms": NOW_MS + 100 * DAY_MS}))
    go(studio, NOW_MS)
    assert {state for _, state in alerts(studio, "calibration_due")} <= {"resolved"}


def test_a_machine_that_was_never_calibrated_is_due_until_it_is(studio: Studio) -> None:
    machine = {
        "origin": "real", "id": "lumbar-9", "kind": "lumbar_extension", "site_id": "studio", "name": "Nine",
        "enrolled_ms": NOW_MS - DAY_MS, "retired": False,
    }  # fmt: skip
    put(studio, tables.machine, **machine)
    put(studio, tables.machine, **(machine | {"origin": "sim"}))  # has nothing to measure
    assert [go(studio, NOW_MS, "real"), go(studio, NOW_MS, "real"), go(studio, NOW_MS)] == [1, 0, 0]
    assert alerts(studio, "calibration_due") == [("amber", "open")]

    done = {"origin": "real", "machine": "lumbar-9", "due_ms": NOW_MS + 60 * DAY_MS, "passed": True}
    put(studio, tables.calibration, **filled(tables.calibration, done))
    go(studio, NOW_MS, "real")
    assert alerts(studio, "calibration_due") == [("amber", "resolved")]


def account(studio: Studio, **changes: Any) -> None:
    row = {
        "id": "00000000-0000-5000-8000-0000000000aa", "login": "mei", "name": "Mei", "language": "en",
        "active": True, "demo": False, "hash": "argon2", "seed": None, "step": 0,
        "invitation": None, "invited_until_ms": None, "created_ms": 1, "waits_since_ms": NOW_MS,
        "raised_by": "root",
    } | changes  # fmt: skip
    put(
        studio,
        tables.staff_member,
        **{name: one for name, one in row.items() if name in tables.staff_member.c},
    )


def test_an_account_that_waits_is_told_until_a_clinician_has_confirmed_it(studio: Studio) -> None:
    account(studio, hash=None)
    assert go(studio, NOW_MS) == 0  # the invitation is not taken up: nobody waits yet
    account(studio)
    assert [go(studio, NOW_MS), go(studio, NOW_MS + 1)] == [1, 0]
    assert alerts(studio, "staff_waits") == [("amber", "open")]

    account(studio, waits_since_ms=None)
    assert go(studio, NOW_MS + 2) == 0
    assert alerts(studio, "staff_waits") == [("amber", "resolved")]
    account(studio, waits_since_ms=NOW_MS + 3)  # reset: it waits anew
    assert go(studio, NOW_MS + 3) == 1
    account(studio, waits_since_ms=NOW_MS + 3, active=False)
    go(studio, NOW_MS + 4)
    assert alerts(studio, "staff_waits") == [("amber", "resolved")] * 2


def test_wider_limits_wait_for_a_second_person_over_visits_and_until_they_lapse(
    studio: Studio, enrolled: str, machine: ScriptedMachine
) -> None:
    row = {
        "id": "00000000-0000-5000-8000-0000000000ab", "patient_id": enrolled, "kind": "lumbar_extension",
        "base_version": 1, "envelope": {}, "valid_days": 42, "reason": "strong", "by_id": "wong",
        "by_name": "Dr Wong", "at_ms": NOW_MS, "state": "open", "decided_by": None, "decided_ms": None,
    }  # fmt: skip
    put(studio, tables.limits_proposal, **row)
    assert [go(studio, NOW_MS), go(studio, NOW_MS + 1)] == [1, 0]
    [told] = [one for one in studio.rows(tables.alert) if one["code"] == "limits_wait"]
    assert (told["patient_id"], told["severity"]) == (enrolled, "amber")

    machine.wall_ms += 2 * DAY_MS
    studio.hear(machine.sign_in())  # the next visit ends what was told of the last one, but not this
    assert alerts(studio, "limits_wait") == [("amber", "open")]

    assert go(studio, NOW_MS + 14 * DAY_MS) == 0
    assert alerts(studio, "limits_wait") == [("amber", "resolved")]
    put(
        studio,
        tables.limits_proposal,
        **(row | {"id": "00000000-0000-5000-8000-0000000000ac", "state": "signed"}),
    )
    assert go(studio, NOW_MS) == 0
