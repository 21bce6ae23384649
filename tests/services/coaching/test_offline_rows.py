"""A session that the machine opened by itself: its rows come days later and are stored like all others."""

from collections.abc import Callable, Sequence

import agent_room
import pytest
from agent_room import STAFF_PIN, STREAM, Room
from scripted_machine import NOW_MS
from scripted_studio import Studio
from sqlalchemy import select

from contract import codec, topics
from contract.messages import Message, Plan, Receipt, Rep, SetEnd
from machine_agent.agent import Beginning, State
from machine_agent.inputs import Confirm, Identify, Reply, SignOff, StaffPin, Weighed
from services.coaching import Delivery, Outcome
from services.store import tables

DAY_MS = 86_400_000
SETS = 2
MACHINE = "lumbar-1"
Order = Callable[[list[Delivery]], list[list[Delivery]]]

ORDERS: dict[str, Order] = {
    "at once": lambda rows: [rows],
    "backwards": lambda rows: [[row] for row in reversed(rows)],
    "one by one": lambda rows: [[row] for row in rows],
    "the sign-in last": lambda rows: [rows[1:], rows[:1]],
}


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine live on the day of the studio."""
    monkeypatch.setattr(agent_room, "WALL_MS", NOW_MS)


def deliveries(rows: Sequence[Message], received_ms: int) -> list[Delivery]:
    return [
        Delivery(
            topic=topics.name_for_kind("sim", MACHINE, row.head.kind),
            payload=codec.encode(row),
            received_ms=received_ms,
        )
        for row in rows
    ]


def plan_of(outcome: Outcome) -> Plan:
    [payload] = [one.payload for one in outcome.outgoing if one.topic.endswith("down/plan")]
    plan = codec.decode_down(topics.name("sim", MACHINE, "down/plan"), payload)
    assert isinstance(plan, Plan)
    return plan


def trained(room: Room) -> None:
    """Confirm, answer, do the two ramp sets, and leave."""
    room.touch(Confirm())
    room.touch(Weighed(deg=(10.0, 30.0, 50.0), nm=(0.0, 0.0, 0.0)))
    while len(room.bodies(SetEnd)) < SETS:
        for asked in room.view.questions:
            room.touch(Reply(question=asked.question, value="3-5" if asked.question == "rir" else 0))
        room.run_until("start")
        row = room.view.row
        assert row is not None
        _go_to(room, row.start_cdeg / 100)
        room.arm.low_deg, room.arm.high_deg = row.start_cdeg / 100, row.end_cdeg / 100
        room.lift_set()
        for asked in room.view.questions:
            room.touch(Reply(question=asked.question, value="3-5" if asked.question == "rir" else 0))
    room.touch(SignOff())


def _go_to(room: Room, deg: float) -> None:
    """Bring the arm slowly to an angle."""
    room.arm.low_deg = room.arm.deg
    while abs(room.arm.deg - deg) > 1e-6:
        room.arm.deg += max(min(deg - room.arm.deg, 0.3), -0.3)
        room.step()


def a_day_online_and_one_without(studio: Studio) -> Room:
    """Train with the service, then two days later without it; returns the machine of the second day."""
    room = Room(machine=MACHINE, site_key=studio.keys.site)
    room.touch(Identify(badge="badge-1"))
    room.hear(plan_of(studio.hear(*deliveries(room.rows, room.now.wall_ms))))
    trained(room)
    studio.hear(*deliveries(room.rows[1:], room.now.wall_ms))
    newest = {one.subject: (one.subject, one.kept_ms, one.sealed) for one in room.plans}
    next_seq = room.rows[-1].head.seq + 1
    beginning = Beginning(stream=STREAM, next_seq=next_seq, plans=tuple(newest.values()))
    alone = Room(machine=MACHINE, site_key=studio.keys.site, beginning=beginning)
    alone.agent._live.randomness(64)  # a session of its own
    alone.linked, alone.body_ms = False, room.body_ms + 2 * DAY_MS
    alone.step()
    alone.touch(Identify(badge="badge-1"))
    alone.mono_ms += 16_000
    alone.step()
    assert alone.view.awaits == "offline_pin"
    alone.touch(StaffPin(pin=STAFF_PIN))
    assert alone.view.state is State.READY
    trained(alone)
    return alone


@pytest.mark.parametrize(
    "name", [*ORDERS][:2] + [pytest.param(one, marks=pytest.mark.slow) for one in [*ORDERS][2:]]
)
def test_rows_of_an_offline_session_are_stored_whatever_their_order(name: str, studio: Studio) -> None:
    alone = a_day_online_and_one_without(studio)
    session = alone.rows[0].head.session
    settings = studio.rows(tables.setting)
    rows = deliveries(alone.rows, alone.now.wall_ms + 3 * DAY_MS)
    outcomes = [studio.hear(*batch) for batch in ORDERS[name](rows)]
    assert sum(one.stored for one in outcomes) == len(rows)
    assert sum(one.rejected for one in outcomes) == 0
    assert studio.rows(tables.dead_letter) == []
    reps = [row for row in studio.rows(tables.rep) if row["session_id"] == session]
    assert len(reps) == len(alone.bodies(Rep)) > 0
    assert {row["load_g"] for row in reps} == {one.load_g for one in alone.bodies(Rep)}
    sets = [row for row in studio.rows(tables.finished_set) if row["session_id"] == session]
    assert len(sets) == len(alone.bodies(SetEnd))
    mine = next(row for row in studio.rows(tables.session) if row["id"] == session)
    assert mine["patient_id"] is not None
    assert mine["closed_ms"] is not None
    before = {row["id"]: row for row in settings}
    after = {row["id"]: row for row in studio.rows(tables.setting)}
    assert {number: after[number] for number in before} == before, "the first session's settings stay"
    assert sum(one.duplicates for one in (studio.hear(*rows),)) == len(rows)


def test_the_next_plan_builds_on_what_was_lifted_without_the_service(studio: Studio) -> None:
    alone = a_day_online_and_one_without(studio)
    studio.hear(*deliveries(alone.rows, alone.now.wall_ms))
    lifted = [one.applied.load_g for one in alone.bodies(Receipt) if one.result == "applied"]
    assert max(lifted) > 0
    room = Room(
        machine=MACHINE, site_key=studio.keys.site, beginning=Beginning(stream=STREAM, next_seq=9_000)
    )
    room.agent._live.randomness(128)
    room.body_ms = alone.body_ms + 2 * DAY_MS
    room.touch(Identify(badge="badge-1"))
    plan = plan_of(studio.hear(*deliveries(room.rows, room.now.wall_ms)))
    with studio.engine.connect() as connection:
        number = tables.session.c.number
        done = list(connection.execute(select(number).order_by(number)).scalars())
    assert done == [1, 2, 3]
    assert plan.history["both"].last_regular_g in (0, max(lifted))
    room.hear(plan)
    assert room.view.state is State.READY
