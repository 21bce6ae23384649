"""h19, NaN anywhere: in every field of every command, and in every figure of a sensor."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from agent_room import Room
from agent_shadow import ShadowRoom

from contract import codec, topics
from contract.codec import Undecodable
from contract.messages import Ack, Down, Hold, Rejected
from machine_agent.agent.watch import Watch
from machine_agent.drivers import Sample

NO_NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1.5", '"NaN"', "null", "true", "[]")
FIGURES = ("deg", "deg_s", "torque_nm")


def commands() -> list[tuple[str, Down]]:
    room = Room()
    plan = room.sign_in()
    hold = Hold(id=plan.session, action="stop", reason="", by="staff", seq=9)
    ack = Ack(stream=plan.session, upto=5, missing=((1, 2),), rejected=(Rejected(seq=1, reason=""),))
    setting = room.next_setting(plan)
    return [("down/plan", plan), ("down/setting", setting), ("down/hold", hold), ("down/ack", ack)]


def holes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every number in a message."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from holes(one, (*path, key))


def spoilt(payload: bytes, path: tuple[Any, ...], no_number: str) -> bytes:
    """The same bytes with no number where one was."""
    whole = json.loads(payload)
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = "HOLE"
    return json.dumps(whole).replace('"HOLE"', no_number).encode()


def read(no_number: str) -> tuple[int, list[str]]:
    """How many holes were tried, and which of them could be read all the same."""
    number, found = 0, []
    for channel, body in commands():
        payload = codec.encode(body)
        for path in holes(json.loads(payload)):
            number += 1
            name = topics.name("sim", "le-1", channel)  # type: ignore[arg-type]
            if not isinstance(codec.decode_down(name, spoilt(payload, path, no_number)), Undecodable):
                found.append(f"{channel} {path}")
    return number, found


@pytest.mark.parametrize("no_number", NO_NUMBERS)
def test_h19_no_command_can_carry_what_is_no_number(no_number: str) -> None:
    number, found = read(no_number)
    assert number >= 100
    texts = [hole for hole in found if "set_up" in hole or "values" in hole]  # words stand there, too
    assert found == (texts if no_number == '"NaN"' else [])


def test_h19_control_true_numbers_are_read() -> None:
    number, found = read("1")
    assert len(found) > number // 2


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_h19_a_sensor_that_says_no_number_unloads_and_no_row_carries_it(
    figure: str, value: float, make_lifting: Callable[..., ShadowRoom]
) -> None:
    room = make_lifting()
    room.run(7)  # one rep is done, another is under way
    lie(room, figure, value)
    room.run(1)
    assert (room.view.state.value, room.view.load_g, room.faults) == ("fault", 0, [])
    sent = b"".join(codec.encode(row) for row in room.rows)
    assert not any(word in sent for word in (b"NaN", b"Infinity", b':null,"hold_s"'))


def lie(room: ShadowRoom, figure: str, value: float) -> None:
    true = room.arm.sample(room.body_ms)
    fields: dict[str, Any] = {name: getattr(true, name) for name in Sample.__slots__}
    room.take(room.agent.on_sample(Sample(**(fields | {figure: value})), room.now))


def test_h19_control_a_watch_that_believes_everything_is_seen(
    make_lifting: Callable[..., ShadowRoom], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_lifting()
    room.run(7)
    monkeypatch.setattr(Watch, "look", lambda *_: None)
    lie(room, "torque_nm", math.nan)
    assert room.view.state.value == "working"
