import random
from types import SimpleNamespace
from typing import Any

import pytest

from contract.messages import Clock, Frame, Status
from services.insights.floor import Heard, in_force, picture, state_of
from services.insights.units import at
from services.store.reading.floor import FloorRows


def setting(seq: int, state: str, set_number: int = 1) -> Any:
    return SimpleNamespace(seq=seq, state=state, set_number=set_number)


def test_newest_applied_setting_is_in_force() -> None:
    rows = [setting(1, "planned"), setting(2, "applied"), setting(3, "applied"), setting(4, "pending")]
    assert in_force(rows, 1) is rows[2]


def test_plan_row_is_in_force_while_nothing_was_applied() -> None:
    rows = [setting(1, "planned"), setting(4, "pending")]
    assert in_force(rows, 1) is rows[0]


def test_refused_and_expired_settings_are_never_in_force() -> None:
    assert in_force([setting(1, "refused"), setting(2, "expired"), setting(3, "applied", 2)], 1) is None


def heard(state: str, frame_set: int, *, is_frame_newer: bool) -> Heard:
    boot = "22222222-2222-4222-8222-222222222222"
    return Heard(
        at_ms=1,
        status=Status(online=True, wall_ms=1, mono_ms=1, boot=boot, state=state),
        frame=Frame(mono_ms=1, set=frame_set, rep=0, deg=0.0, target_deg=0.0, nm=0.0, phase="idle"),
        is_frame_newer=is_frame_newer,
    )


@pytest.mark.parametrize(
    ("state", "frame_set", "is_frame_newer", "has_begun", "shown"),
    [
        ("identified", 1, True, True, "working"),
        ("identified", 0, True, True, "rest"),
        ("WORKING", 0, True, True, "rest"),
        ("identified", 0, True, False, "identified"),
        ("identified", 1, False, True, "identified"),
        ("paused", 0, True, True, "paused"),
        ("stopped", 1, True, True, "stopped"),
        ("fault", 0, True, True, "fault"),
    ],
)
def test_frames_since_the_status_tell_whether_somebody_works_and_never_clear_an_alarm(
    state: str, frame_set: int, is_frame_newer: bool, has_begun: bool, shown: str
) -> None:
    stored: Any = SimpleNamespace(state="idle")
    said = heard(state, frame_set, is_frame_newer=is_frame_newer)
    assert state_of(stored, said, has_begun=has_begun) == shown


@pytest.mark.parametrize(("stored", "shown"), [("IDLE", "idle"), (None, "unknown")])
def test_stored_state_counts_while_nothing_is_heard(stored: str | None, shown: str) -> None:
    row: Any = SimpleNamespace(state=stored)
    assert state_of(row, None) == shown


@pytest.mark.parametrize(
    ("clock", "online", "shown_ms"), [("sim", True, 9_000_000), ("sim", False, 5_000), ("wall", True, 5_000)]
)
def test_the_floor_shows_the_time_of_the_studio(clock: Clock, online: bool, shown_ms: int) -> None:
    status = Status(online=online, wall_ms=9_000_000, mono_ms=1, boot="", state="IDLE", clock=clock)
    rows = FloorRows(machines=[], sessions=[], settings=[], reps=[], alerts=[])
    shown = picture(rows, {"row-1": Heard(at_ms=1, status=status)}, now_ms=5_000)
    assert shown.as_of == at(shown_ms)


def a_row(**values: Any) -> Any:
    return SimpleNamespace(**values)


def test_a_machine_shows_the_same_alone_and_among_many() -> None:
    chance, count = random.Random(8), 40
    machines = [
        a_row(
            id=f"row-{n}",
            name=f"Row {n}",
            kind="row",
            online=True,
            state="WORKING",
            received_ms=n,
            session_id=f"s-{n}",
        )
        for n in range(count)
    ]
    sessions = [
        a_row(id=f"s-{n}", kind="row", patient_id=f"p-{n}", begun_set=n % 3, name=f"Person {n}")
        for n in chance.sample(range(count), 25)
    ]
    numbers = [chance.randrange(count) for _ in range(120)]
    reps = [a_row(session_id=f"s-{n}", set_number=1 + n % 3, reps=n) for n in numbers]
    alerts = [
        a_row(
            session_id=f"s-{n}",
            code=chance.choice(["pain", "hands_on"]),
            severity="amber",
            state="open",
            detail="",
            raised_ms=1,
            why=None,
        )
        for n in numbers
    ]
    orders = [
        a_row(
            id=f"o-{n}",
            machine=f"row-{n}",
            session_id=chance.choice([None, f"s-{n}"]),
            kind=chance.choice(["pause", "override"]),
            made_ms=1,
            result=None,
        )
        for n in numbers
    ]
    rows = FloorRows(
        machines=machines, sessions=sessions, settings=(), reps=reps, alerts=alerts, orders=orders
    )
    shown = picture(rows, {}, 9_000_000)
    assert {item.session for item in shown.items} == {row.id for row in sessions} | {None}
    for machine, item in zip(machines, shown.items, strict=True):
        mine = {
            name: [row for row in getattr(rows, name) if row.session_id == machine.session_id]
            for name in ("reps", "alerts")
        }
        own = [row for row in orders if row.machine == machine.id]
        alone = FloorRows(
            machines=[machine],
            sessions=[row for row in sessions if row.id == machine.session_id],
            settings=(),
            orders=own,
            **mine,
        )
        assert picture(alone, {}, 9_000_000).items == (item,)
