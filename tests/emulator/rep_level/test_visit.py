"""The generator of one session, driven by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from contract.machines import catalogue
from contract.messages import Answer, Event, Gravity, Message, Plan, SetEnd, SignOut
from emulator.people.members import Member
from emulator.rep_level.stream import Stream
from emulator.rep_level.visit import Talk, session

KIND = catalogue()["trunk_rotation"]


def _talk(member: Member) -> Talk:
    stream = Stream("rotation-1", 1)
    stream.switch_on(1_780_000_000_000)
    return session(member, KIND, stream, np.random.default_rng(1), with_curves=False)


def _all(member: Member, service: Any) -> tuple[list[Message], Any]:
    talk = _talk(member)
    rows = next(talk)
    found = list(rows)
    while True:
        try:
            rows = talk.send(service(rows))
        except StopIteration as over:
            return found, over.value
        found += rows


def test_what_the_session_did_to_the_body_is_returned(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    rows, memory = _all(two_members[0], small_service(load_g=3_000, step_g=300))
    assert [row.body.side for row in rows if isinstance(row.body, SetEnd)] == ["left", "right"] * 2
    assert memory.kind == KIND.name
    assert memory.load_kg == 3.3
    assert 0 <= memory.rir <= 40


def test_a_plan_for_somebody_else_is_not_followed(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    service = small_service()

    def crossed(rows: Any) -> Any:
        return [replace(down, nonce="f" * 32) if isinstance(down, Plan) else down for down in service(rows)]

    rows, memory = _all(two_members[0], crossed)
    assert isinstance(rows[-1].body, SignOut)
    assert len(rows) == 2
    assert memory is None


def test_a_work_set_taken_down_to_nothing_is_not_done(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    rows, memory = _all(two_members[0], small_service(load_g=0, step_g=0))
    assert [type(row.body) for row in rows] == [*[type(row.body) for row in rows[:4]], SignOut]
    assert isinstance(rows[1].body, Gravity)
    assert isinstance(rows[2].body, Answer)
    assert memory is None


def test_pain_ends_the_session_with_an_event(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    sore = replace(two_members[0], condition=replace(two_members[0].condition, pain_nrs=9.5))
    silent = replace(sore, person=replace(sore.person, reporter="always_easy"))
    rows, _ = _all(silent, small_service(load_g=3_000))
    assert [row.body.what for row in rows if isinstance(row.body, Event)] == ["pain"]
    assert [row.body.ended_by for row in rows if isinstance(row.body, SetEnd)] == ["pain"]


def test_who_says_red_pain_before_training_is_given_no_load_and_goes(
    small_service: Callable[..., Any], two_members: tuple[Member, ...]
) -> None:
    sore = replace(two_members[0], condition=replace(two_members[0].condition, pain_nrs=9.5))
    rows, memory = _all(sore, small_service(load_g=3_000))
    assert not [row for row in rows if isinstance(row.body, SetEnd)]
    assert memory is None
