import zlib
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import Studio
from sqlalchemy import event

from contract.messages import Plan
from ml.request import Request
from services.coaching import Delivery
from services.coaching.names import made_id
from services.store import tables


def _beliefs(studio: Studio) -> list[dict[str, Any]]:
    return sorted(studio.rows(tables.belief), key=lambda row: int(row["opened_ms"]))


def _session(studio: Studio, machine: ScriptedMachine, *, keep_back: bool = False) -> list[Any]:
    """Train one session; with `keep_back` its answers stay in the spool."""
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 1))
    held = []
    for row in plan.settings:
        studio.hear(*machine.train(row))
        answer = machine.answer("rir", "0", row.set)
        if keep_back:
            held.append(answer)
        else:
            studio.hear(answer)
    studio.hear(machine.sign_out())
    return held


def test_late_answers_move_every_later_belief_and_no_past_decision(
    studio: Studio, machine: ScriptedMachine
) -> None:
    late = _session(studio, machine, keep_back=True)
    machine.rest(3)
    _session(studio, machine)
    before, decisions = _beliefs(studio), studio.rows(tables.decision)
    assert before[1]["before"] == before[0]["latest"]

    outcome = studio.hear(*late)

    after = _beliefs(studio)
    assert outcome.outgoing == ()
    assert after[0]["before"] == before[0]["before"]
    assert after[0]["latest"] != before[0]["latest"]
    assert after[1]["before"] == after[0]["latest"]
    assert after[1]["latest"] != before[1]["latest"]
    known = {row["id"]: row for row in studio.rows(tables.decision)}
    assert all(known[row["id"]] == row for row in decisions)


def test_the_next_session_starts_from_the_corrected_belief(studio: Studio, machine: ScriptedMachine) -> None:
    late = _session(studio, machine, keep_back=True)
    studio.hear(*late)
    machine.rest(3)
    studio.hear(machine.sign_in())

    first, second = _beliefs(studio)
    assert second["before"] == first["latest"]


@pytest.mark.parametrize("has_summary", [True, False], ids=["some rows before", "all rows late"])
def test_late_rows_take_no_answer_of_the_next_morning_back(
    any_studio: Studio, machine: ScriptedMachine, *, has_summary: bool
) -> None:
    studio = any_studio
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.weigh(), machine.answer("pain_before", 1))
    late = [row for setting in plan.settings for row in machine.train(setting)]
    begun = 1 + plan.settings[0].reps + 1
    if has_summary:
        studio.hear(*late[:begun])
    other = ScriptedMachine("lumbar-2")
    other.wall_ms = machine.wall_ms
    other.rest(1)
    running = studio.plan(other, studio.hear(other.sign_in()))
    studio.hear(other.answer("pain_next_morning", 6), *_set(other, running, 1))

    studio.hear(*(late[begun:] if has_summary else late))

    (first,) = (row for row in studio.rows(tables.summary) if row["session_id"] == machine.session)
    assert (first["sets"], first["morning_nrs"]) == (len(plan.settings), 6)


def test_the_answer_of_a_later_morning_outlives_late_rows_of_the_visit_before(
    studio: Studio, machine: ScriptedMachine
) -> None:
    """Later sessions are worked out again, and what was said of the morning after them stays."""
    late = _session(studio, machine, keep_back=True)
    machine.rest(3)
    _session(studio, machine)
    second = machine.session
    machine.rest(1)
    studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(machine.answer("pain_next_morning", 6))

    studio.hear(*late)

    told = {row["session_id"]: row["morning_nrs"] for row in studio.rows(tables.summary)}
    assert told[second] == 6


def test_a_late_answer_asks_the_store_as_often_for_many_later_sessions_as_for_one(
    studio: Studio, machine: ScriptedMachine
) -> None:
    """A machine that says what is long past must not keep the others waiting."""
    late = _session(studio, machine, keep_back=True)
    machine.rest(3)
    _session(studio, machine)
    few = _statements(studio, late[0])
    for _ in range(3):
        machine.rest(3)
        _session(studio, machine)

    many = _statements(studio, late[1])

    assert few > 0
    assert many == few
    beliefs = _beliefs(studio)
    assert all(one["before"] == before["latest"] for before, one in pairwise(beliefs))


def _statements(studio: Studio, late: Delivery) -> int:
    said = []

    def note(*told: Any) -> None:
        said.append(told[2])

    event.listen(studio.engine, "before_cursor_execute", note)
    try:
        studio.hear(late)
    finally:
        event.remove(studio.engine, "before_cursor_execute", note)
    return len(said)


def _set(machine: ScriptedMachine, plan: Plan, number: int) -> list[Delivery]:
    """Do one set as a machine that has no plan of this session: its settings are its own."""
    row = plan.settings[number - 1]
    done = machine.train(replace(row, id=made_id(machine.machine, number)))
    return [*done, machine.answer("rir", "0", number)]


def _newest(studio: Studio, session: str | None) -> Request:
    told = [row for row in studio.rows(tables.decision) if row["session_id"] == session]
    newest = max(told, key=lambda row: int(row["basis_seq"]))
    return msgspec.json.decode(zlib.decompress(newest["request"]), type=Request)


def test_late_rows_of_a_session_that_nobody_closed_reach_the_one_begun_elsewhere(
    any_studio: Studio, machine: ScriptedMachine
) -> None:
    studio = any_studio
    plan = studio.plan(machine, studio.hear(machine.sign_in()))
    studio.hear(*_set(machine, plan, 1))
    late = _set(machine, plan, 2)  # its link is gone: these stay in the spool

    other = ScriptedMachine("lumbar-2")
    other.wall_ms = machine.wall_ms
    running = studio.plan(other, studio.hear(other.sign_in()))
    studio.hear(*_set(other, running, 1))
    before, decisions = _beliefs(studio), studio.rows(tables.decision)

    assert studio.settings(other, studio.hear(*late)) == []
    first, second = _beliefs(studio)
    assert first["latest"] != before[0]["latest"]
    assert second["before"] == first["latest"]
    assert second["latest"] != before[1]["latest"]
    known = {row["id"]: row for row in studio.rows(tables.decision)}
    assert all(known[row["id"]] == row for row in decisions)

    assert len(studio.settings(other, studio.hear(*_set(other, running, 2)))) == 2
    assert _newest(studio, other.session).belief == first["latest"]


ORDERS: dict[str, Callable[[list[Delivery]], list[list[Delivery]]]] = {
    "at once": lambda rows: [rows],
    "one by one": lambda rows: [[row] for row in rows],
    "backwards": lambda rows: [[row] for row in reversed(rows)],
    "the sign-in last": lambda rows: [rows[1:], rows[:1]],
}


@pytest.mark.parametrize("order", ORDERS)
def test_a_session_without_link_believes_nothing_of_a_later_one(
    studio: Studio, machine: ScriptedMachine, order: str
) -> None:
    """Its sign-in comes last of all: the facts of the session begun elsewhere must not count twice."""
    other = ScriptedMachine("lumbar-2")
    other.rest(1 / 24)
    running = studio.plan(other, studio.hear(other.sign_in()))
    rows = [machine.sign_in(), *_set(machine, running, 1), *_set(machine, running, 2)]
    studio.hear(*_set(other, running, 1))

    for batch in ORDERS[order](rows):
        studio.hear(*batch)

    first, second = _beliefs(studio)
    assert (first["session_id"], first["before"]) == (machine.session, None)
    assert _newest(studio, machine.session).belief is None
    assert second["before"] == first["latest"]
    assert second["latest"] != second["before"]
    studio.hear(*_set(other, running, 2))
    assert _newest(studio, other.session).belief == first["latest"]
