"""The agent's memory and guard at rep level: settings that are late, doubled or of another session."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from contract.machines import catalogue
from contract.messages import Answer, Basis, Message, Plan, Receipt, Setting, SignIn
from emulator.people.members import Member
from emulator.rep_level.room import Room
from emulator.rep_level.stream import Stream
from machine_agent.facts import Visit

KIND = catalogue()["lumbar_extension"]
SESSION = "33333333-3333-4333-8333-333333333333"


@pytest.fixture
def room(small_service: Callable[..., Any], two_members: tuple[Member, ...]) -> Room:
    stream = Stream("extension-1", 1)
    stream.switch_on(1_780_000_000_000)
    sign_in = SignIn(nonce="0" * 32, machine_kind=KIND.name, firmware="f", badge="b")
    plan: Plan = small_service(load_g=8_000).plan(stream.record(sign_in, SESSION), sign_in)
    visit = Visit(kind=KIND, subject=plan.envelope.subject, session=SESSION, nonce="0" * 32)
    made = Room(two_members[0], KIND, stream, np.random.default_rng(1), visit)
    made.begin(plan)
    return made


def _setting(room: Room, seq: int, load_g: int = 8_500, **changes: Any) -> Setting:
    assert room.known.plan is not None
    room.record(SignIn(nonce="0" * 32, machine_kind=KIND.name, firmware="f", badge="b"))
    basis = Basis(stream=room.stream.stream, seq=room.stream.seq)
    row = replace(room.known.plan.settings[0], id=f"00000000-0000-4000-8000-{seq:012d}", seq=seq, basis=basis)
    return replace(row, load_g=load_g, **changes)


def _results(rows: list[Message]) -> list[tuple[str, str | None]]:
    return [(row.body.result, row.body.reason) for row in rows if isinstance(row.body, Receipt)]


def test_the_newest_setting_is_used_and_the_one_before_gets_its_receipt(room: Room) -> None:
    assert room.hear([_setting(room, 5)]) == []
    assert _results(room.hear([_setting(room, 6, 8_700)])) == [("expired", "SUPERSEDED")]
    row = room.next_row()
    assert row is not None
    assert row.load_g == 8_700
    assert _results(room.start(row)) == [("applied", None)]


def test_settings_are_judged_in_their_order_however_they_arrive(room: Room) -> None:
    newer, older = _setting(room, 9, 8_300), _setting(room, 8, 8_200)
    room.hear([newer, older])
    row = room.next_row()
    assert row is not None
    assert row.load_g == 8_300


def test_settings_of_another_session_are_not_for_this_room(room: Room) -> None:
    other = _setting(room, 5, session="99999999-9999-4999-8999-999999999999")
    assert room.hear([other]) == []
    row = room.next_row()
    assert row is not None
    assert row.load_g == 8_000


def test_a_setting_with_an_old_number_is_refused(room: Room) -> None:
    room.hear([_setting(room, 7)])
    assert _results(room.hear([_setting(room, 6, 8_100)])) == [("refused", "SEQ")]


def test_after_the_last_set_there_is_no_row(room: Room) -> None:
    for _ in range(2):
        row = room.next_row()
        assert row is not None
        room.start(row)
        room.finish(row, [30.0], 0.1)
    assert room.next_row() is None


def test_the_side_recovers_between_its_sets(room: Room) -> None:
    row = room.next_row()
    assert row is not None
    room.start(row)
    room.finish(row, [30.0], 0.4)
    room.stream.wait(90)
    second = room.next_row()
    assert second is not None
    room.start(second)
    assert room.sides["both"].body.fatigued[0] == pytest.approx(0.4 * np.exp(-0.00085 * 15 * 90))


def _answered(room: Room, **answer: Any) -> Setting:
    room.record(Answer(**answer))
    row = room.next_row()
    assert row is not None
    return row


def test_a_spasm_takes_the_load_away_before_any_reply(room: Room) -> None:
    assert _answered(room, question="spasm", value=0).load_g == 8_000
    assert _answered(room, question="spasm", value=1).load_g == 0
    assert room.known.troubled


def test_red_pain_takes_back_a_setting_that_was_already_accepted(room: Room) -> None:
    room.hear([_setting(room, 5)])
    row = _answered(room, question="pain_before", value=9)
    assert row.load_g < 8_000
    assert _results(room.start(row)) == [("refused", "LOAD"), ("applied", None)]
