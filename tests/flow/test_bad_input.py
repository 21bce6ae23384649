"""What must not be taken is buried with a reason, rejected by number, and the next message is answered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from builders import a_rep
from scripted_machine import ScriptedMachine
from scripted_studio import Studio

from contract import topics
from contract.messages import Ack, Plan
from services.coaching import Delivery
from services.store import tables

pytestmark = pytest.mark.broker


@dataclass(frozen=True)
class Bad:
    name: str
    reason: str
    spoil: Callable[[Delivery], Delivery]
    is_legible: bool = True


def _fields(change: Callable[[dict[str, Any]], object]) -> Callable[[Delivery], Delivery]:
    def spoil(row: Delivery) -> Delivery:
        fields = msgspec.json.decode(row.payload, type=dict[str, Any])
        change(fields)
        return replace(row, payload=msgspec.json.encode(fields))

    return spoil


def _text(old: bytes, new: bytes) -> Callable[[Delivery], Delivery]:
    return lambda row: replace(row, payload=row.payload.replace(old, new))


def _instead(channel: str, payload: bytes) -> Callable[[Delivery], Delivery]:
    return lambda row: replace(row, topic=row.topic.replace("up/rep", channel), payload=payload)


def _nested() -> list[Any]:
    value: list[Any] = []
    for _ in range(60):
        value = [value]
    return value


BAD = (
    Bad(
        "unknown topic",
        "TOPIC",
        lambda row: replace(row, topic=row.topic.replace("up/rep", "up/weather")),
        False,
    ),
    Bad("wrong machine id", "MACHINE", _fields(lambda row: row.update(machine="other-9"))),
    Bad("wrong version", "VERSION", _fields(lambda row: row.update(v=99))),
    Bad("1 MB", "SIZE", _fields(lambda row: row.update(note="x" * 1_000_000)), False),
    Bad("nested", "DEPTH", _fields(lambda row: row.update(note=_nested())), False),
    Bad("NaN", "JSON", _text(b'"work_j":68.0', b'"work_j":NaN'), False),
    Bad("negative load", "VALUE", _fields(lambda row: row.update(load_g=-1))),
    Bad("missing field", "VALUE", _fields(lambda row: row.pop("side"))),
    Bad("no UTF-8 in a value", "JSON", _text(b'"side":"both"', b'"side":"\xff"')),
    Bad("no UTF-8 in a status", "JSON", _instead("up/status", b'{"state":"\xff"}'), False),
    Bad("no UTF-8 in a frame", "JSON", _instead("up/frame", b'{"phase":"\xff"}'), False),
    Bad("no JSON", "JSON", lambda row: replace(row, payload=b"\x00\xff"), False),
)


async def test_bad_messages_are_buried_and_the_next_one_is_answered(
    studio: Studio,
    start: Callable[[Studio], Awaitable[Any]],
    connect: Callable[[ScriptedMachine], Awaitable[Any]],
) -> None:
    machine = ScriptedMachine()
    await start(studio)
    link = await connect(machine)

    spoilt, rejected = {}, {}
    for bad in BAD:
        row = spoilt[bad.reason, bad.name] = bad.spoil(machine.say(a_rep()))
        await link.send(row)
        if bad.is_legible:
            ack = await link.take(Ack, _rejects(machine.seq))
            rejected[bad.name] = next(one.reason for one in ack.rejected if one.seq == machine.seq)
        await link.send(machine.sign_in())
        assert (await link.take(Plan)).settings, bad.name

    assert rejected == {bad.name: bad.reason for bad in BAD if bad.is_legible}
    dead = {row["sha256"]: row for row in studio.rows(tables.dead_letter)}
    assert len(dead) == len(BAD)
    for (reason, name), row in spoilt.items():
        buried = dead[sha256(row.payload).hexdigest()]
        assert (buried["reason"], buried["size_bytes"]) == (reason, len(row.payload)), name
        assert row.payload.startswith(buried["raw"])


def _rejects(seq: int) -> Callable[[Ack], bool]:
    return lambda ack: any(one.seq == seq for one in ack.rejected)


async def test_a_reused_number_with_another_body_is_quarantined(
    studio: Studio,
    start: Callable[[Studio], Awaitable[Any]],
    connect: Callable[[ScriptedMachine], Awaitable[Any]],
) -> None:
    machine = ScriptedMachine()
    await start(studio)
    link = await connect(machine)
    await link.send(machine.sign_in())
    await link.take(Plan)

    first = machine.say(a_rep())
    await link.send(first, first)
    await link.committed(machine.seq)
    assert studio.rows(tables.dead_letter) == []

    await link.send(_fields(lambda row: row.update(load_g=99_900))(first))
    ack = await link.take(Ack, lambda one: bool(one.rejected))
    assert [(one.seq, one.reason) for one in ack.rejected] == [(machine.seq, "CONFLICT")]
    assert [row["load_g"] for row in studio.rows(tables.rep)] == [20_000]
    assert ("conflict", "red") in [(row["code"], row["severity"]) for row in studio.rows(tables.alert)]

    await link.send(machine.answer("pain_before", 1))
    await link.committed(machine.seq)


def test_every_kind_of_bad_input_has_its_own_topic_or_body() -> None:
    row = ScriptedMachine().say(a_rep())

    assert topics.parse(row.topic) is not None
    assert all(bad.spoil(row) != row for bad in BAD)
