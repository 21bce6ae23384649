from collections.abc import Iterator
from typing import Any

import pytest
from builders import MACHINE, SESSION, STREAM
from sqlalchemy import Connection, create_engine, insert

from openspine.demo.check import RepId, compare, stored
from services.store import tables

DOSE = {
    "load_g": 5_000,
    "start_cdeg": 0,
    "end_cdeg": 4_000,
    "reps": 10,
    "work_ms": 0,
    "tempo_ms": [2_000, 0, 3_000],
}


@pytest.fixture
def connection() -> Iterator[Connection]:
    """An empty store; without foreign keys, so that a test writes only what it is about."""
    engine = create_engine("sqlite://")
    tables.metadata.create_all(engine)
    with engine.connect() as opened:
        opened.execute(insert(tables.session), [_session_row()])
        yield opened


def add_reps(connection: Connection, *numbered: tuple[int, int]) -> None:
    """Store reps as (seq, number in the set)."""
    rows = [_rep_row(seq, number) for seq, number in numbered]
    connection.execute(insert(tables.rep), rows)


def add_setting(connection: Connection, seq: int, **changes: Any) -> None:
    row = {
        "id": f"{seq:08d}-0000-4000-8000-000000000000",
        "decision_id": STREAM,
        "session_id": SESSION,
        "seq": seq,
        "ordinal": seq,
        "set_number": 1,
        "side": "both",
        "mode": "train",
        "rest_ms": 60_000,
        "in_plan": False,
        "signed": b"",
        "decided_ms": 1,
        "state": "applied",
    }
    connection.execute(insert(tables.setting), [row | DOSE | changes])


def ids(*seqs: int) -> list[RepId]:
    return [(MACHINE, STREAM, seq) for seq in seqs]


def test_all_that_was_counted_is_stored_once(connection: Connection) -> None:
    add_reps(connection, (4, 1), (5, 2))
    result = compare(ids(4, 5), stored(connection, [STREAM]))
    assert result == {"reps_counted": 2, "reps_stored": 2, "lost": 0, "doubled": 0}


def test_a_rep_that_is_not_stored_is_lost(connection: Connection) -> None:
    add_reps(connection, (4, 1))
    assert compare(ids(4, 5), stored(connection, [STREAM]))["lost"] == 1


def test_a_rep_that_nobody_counted_is_doubled(connection: Connection) -> None:
    add_reps(connection, (4, 1), (5, 2))
    assert compare(ids(4), stored(connection, [STREAM]))["doubled"] == 1


def test_the_same_rep_under_two_numbers_is_doubled(connection: Connection) -> None:
    add_reps(connection, (4, 1), (5, 1))
    assert compare(ids(4, 5), stored(connection, [STREAM]))["doubled"] == 1


def test_other_streams_do_not_count(connection: Connection) -> None:
    add_reps(connection, (4, 1))
    assert stored(connection, [SESSION]).reps.total() == 0


@pytest.mark.parametrize(
    ("changes", "applied", "applied_range"),
    [
        ({}, 0, 0),
        ({"rest_ms": 90_000}, 0, 0),
        ({"load_g": 5_100}, 1, 0),
        ({"reps": 12}, 1, 0),
        ({"end_cdeg": 4_500}, 1, 1),
        ({"end_cdeg": 4_500, "state": "refused"}, 0, 0),
    ],
)
def test_only_applied_settings_that_differ_from_the_plan_count(
    connection: Connection, changes: dict[str, Any], applied: int, applied_range: int
) -> None:
    add_setting(connection, 1, in_plan=True, state="planned")
    add_setting(connection, 2, **changes)
    found = stored(connection, [STREAM])
    assert (found.sent, found.applied, found.applied_range) == (1, applied, applied_range)
    assert found.refused == (changes.get("state") == "refused")


def _session_row() -> dict[str, Any]:
    return {
        "id": SESSION,
        "origin": "sim",
        "machine": MACHINE,
        "stream": STREAM,
        "boot": STREAM,
        "first_seq": 1,
        "last_seq": 9,
        "clock": "sim",
        "opened_ms": 1,
        "heard_ms": 1,
        "filed_ms": 1,
        "commands": 0,
        "begun_set": 0,
        "gravity": True,
        "frame": {},
    }


def _rep_row(seq: int, number: int) -> dict[str, Any]:
    figures = (
        "start_deg", "end_deg", "concentric_s", "hold_s", "eccentric_s", "peak_torque_nm", "mean_torque_nm",
        "work_j", "peak_speed_deg_s", "mean_speed_deg_s", "smoothness",
    )  # fmt: skip
    return {
        "origin": "sim",
        "machine": MACHINE,
        "stream": STREAM,
        "seq": seq,
        "session_id": SESSION,
        "wall_ms": seq,
        "filed_ms": 1,
        "set_number": 1,
        "rep_number": number,
        "side": "both",
        "setting_id": STREAM,
        "load_g": 5_000,
        "quality": [],
        **dict.fromkeys(figures, 1.0),
    }
