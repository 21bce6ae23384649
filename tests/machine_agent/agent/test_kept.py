"""What a kept plan becomes on a day without the service."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from agent_room import BADGE, SITE_KEY, STREAM, WALL_MS, Room

from contract.envelope import Standing, limits, violations
from contract.messages import Basis, History, Plan
from machine_agent import guard
from machine_agent.agent.kept import Kept, for_today, last_loads, sealed, unsealed
from machine_agent.facts import Visit
from machine_agent.sealing import key_of_badge

KEY, SUBJECT = key_of_badge(SITE_KEY, BADGE), "ab"
BASIS = Basis(stream=STREAM, seq=77)
ROWS: tuple[dict[str, Any], ...] = ({"load_g": 12_000, "mode": "warm_up"}, {}, {"load_g": 21_000})


@pytest.fixture
def plan(room: Room) -> Plan:
    return room.sign_in(ROWS)


@pytest.fixture
def visit(room: Room, plan: Plan) -> Visit:
    del plan
    session = room.agent._live.session
    assert session is not None
    return replace(session.visit, session=str(uuid.UUID(int=5)), nonce="5" * 32)


def loads(plan: Plan) -> list[int]:
    return [row.load_g for row in plan.settings]


def test_it_is_read_back_as_it_was_by_its_own_key_subject_and_moment(plan: Plan) -> None:
    kept = Kept(plan=plan, last_g={"both": 19_000})
    content = sealed(kept, KEY, SUBJECT, WALL_MS)
    assert unsealed(content, KEY, SUBJECT, WALL_MS) == kept
    assert unsealed(content, key_of_badge(SITE_KEY, "other"), SUBJECT, WALL_MS) is None
    assert unsealed(content, KEY, "cd", WALL_MS) is None
    assert unsealed(content, KEY, SUBJECT, WALL_MS + 1) is None, "the date cannot be moved"
    assert b"Chan" not in content


def test_a_plan_of_other_messages_is_none(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    content = sealed(Kept(plan=plan, last_g={}), KEY, SUBJECT, WALL_MS)
    monkeypatch.setattr("machine_agent.agent.kept._KEPT", msgspec.json.Decoder(Visit))
    assert unsealed(content, KEY, SUBJECT, WALL_MS) is None


@pytest.mark.parametrize(
    ("last_g", "expected"),
    [
        ({}, [12_000, 20_000, 21_000]),
        ({"both": 25_000}, [12_000, 20_000, 21_000]),
        ({"both": 20_500}, [12_000, 20_000, 20_500]),
        ({"both": 11_950}, [11_900, 11_900, 11_900]),
        ({"both": 0}, [0, 0, 0]),
    ],
)
def test_a_load_is_the_lower_of_the_last_and_the_planned_one(
    last_g: Any, expected: list[int], plan: Plan, visit: Visit
) -> None:
    assert loads(for_today(Kept(plan=plan, last_g=last_g), visit, BASIS, WALL_MS)) == expected


@pytest.mark.parametrize(("after_ms", "expected"), [(-1, [12_000, 20_000, 21_000]), (0, [0, 0, 0])])
def test_without_a_valid_envelope_there_is_no_load(
    after_ms: int, expected: list[int], plan: Plan, visit: Visit
) -> None:
    wall_ms = plan.envelope.valid_until_ms + after_ms
    assert loads(for_today(Kept(plan=plan, last_g={}), visit, BASIS, wall_ms)) == expected


def test_it_is_a_plan_of_the_new_session_in_which_nothing_rises(plan: Plan, visit: Visit) -> None:
    yesterday = replace(
        plan,
        questions=("pain_next_morning", "rir", "pain_set"),
        spent_ms=9,
        history={"both": replace(plan.history["both"], day_start_g=9_000)},
        flags=("returning",),
    )
    today = for_today(Kept(plan=yesterday, last_g={}), visit, BASIS, WALL_MS)
    assert {(row.session, row.nonce, row.seq, row.basis) for row in today.settings} == {
        (visit.session, visit.nonce, 0, BASIS)
    }
    ids = {row.id for row in today.settings}
    assert len(ids) == 3
    assert not ids & {row.id for row in plan.settings}, "those belong to the session of the service"
    assert today.questions == ("pain_before", "spasm", "new_symptoms", "rir", "pain_set")
    assert today.flags == ("returning", "no_increase")
    assert (today.spent_ms, today.history["both"].day_start_g) == (0, 0)
    assert guard.check_plan(today, visit, WALL_MS, verified=True, retained=False) is None


def test_every_row_is_inside_the_limits_of_today(plan: Plan, visit: Visit) -> None:
    lower = replace(plan, history={"both": History(median3_g=10_000, peak_cdeg=5_000)})
    today = for_today(Kept(plan=lower, last_g={}), visit, BASIS, WALL_MS)
    allowed = limits(today.envelope, visit.kind, "both", Standing(history=lower.history["both"]), (), 0)
    assert [violations(row, allowed) for row in today.settings] == [()] * 3
    assert loads(today) == [12_000, 12_000, 12_000]


@pytest.mark.parametrize(
    ("accepted_g", "cap_g", "before", "expected"),
    [
        (None, None, {}, {"both": 20_000}),  # what the service called the last regular load
        (None, None, {"both": 18_000}, {"both": 18_000}),
        (19_000, None, {"both": 18_000}, {"both": 19_000}),
        (19_000, 15_200, {}, {"both": 15_200}),
        (None, 0, {"both": 18_000}, {"both": 0}),
    ],
)
def test_the_last_load_is_the_newest_accepted_one_under_the_caps_of_the_day(
    accepted_g: int | None, cap_g: int | None, before: Any, expected: Any, plan: Plan
) -> None:
    assert last_loads([("both", accepted_g, cap_g)], before, plan) == expected


def test_a_side_without_any_past_is_bound_by_its_plan(plan: Plan, make_plan: Callable[..., Plan]) -> None:
    del make_plan
    assert last_loads([("both", None, None)], {}, replace(plan, history={})) == {}
