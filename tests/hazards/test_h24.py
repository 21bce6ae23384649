"""h24, malicious payloads: 1e5 mutated messages at codec and agent; none raises, none loads."""

from collections.abc import Callable
from random import Random

import pytest
from agent_shadow import ShadowRoom

from contract import codec, topics
from contract.codec import Undecodable
from contract.messages import Ack, Down, Hold
from contract.topics import Channel

CHANNELS: tuple[Channel, ...] = ("down/plan", "down/setting", "down/hold", "down/ack")
SPLICES = (
    b"NaN", b"1e999", b"9" * 400, b"-1", b"null", b"true", b"[]", b"{}", b'""', b"[" * 200, b'{"a":' * 50,
    b"\x00", b"\xff\xfe", b'"\\ud800"', b"'; DROP TABLE rep; --", b"../../etc/passwd",
    "\u202e\U0001f9b4".encode(),
    b'"load_g":200000', b'"session":null', b"2" * 20_000,
)  # fmt: skip
TOPICS = ("le-1", "le-2", "+", "#", "svc-1", "a" * 500, "", "le-1/../le-2", "\x00")
SHARE_FORGED = 0.1  # arrive with a good signature, as if the service itself were mad


def seeds(room: ShadowRoom) -> list[tuple[Channel, bytes]]:
    plan = room.plan
    assert plan is not None
    bodies: tuple[Down, ...] = (
        plan,
        room.next_setting(plan, load_g=20_000),
        Hold(id=plan.session, action="freeze", reason="x", by="staff", seq=7, session=plan.session),
        Ack(stream=plan.session, upto=4),
    )
    return [(channel, codec.encode(body)) for channel, body in zip(CHANNELS, bodies, strict=True)]


def mutated(payload: bytes, chance: Random) -> bytes:
    """Flip, cut, double or splice."""
    place, end = sorted(chance.randrange(len(payload) + 1) for _ in range(2))
    way = chance.randrange(5)
    if way == 0:
        return payload[:place] + bytes([chance.randrange(256)]) + payload[place + 1 :]
    if way == 1:
        return payload[:place]
    if way == 2:
        return payload[:place] + chance.choice(SPLICES) + payload[end:]
    if way == 3:
        return payload[:end] + payload[place:]
    digits = [at for at, one in enumerate(payload) if 48 <= one <= 57]
    at = chance.choice(digits)
    return payload[:at] + str(chance.randrange(10 ** chance.randrange(1, 20))).encode() + payload[at + 1 :]


def attacked(room: ShadowRoom, n: int) -> tuple[int, int]:
    """Send n mutated messages into the middle of a set; returns how many could be read, and read as what."""
    chance = Random(24)
    known = seeds(room)
    legible = 0
    for _ in range(n):
        channel, payload = chance.choice(known)
        machine = "le-1" if chance.random() < 0.9 else chance.choice(TOPICS)
        body = codec.decode_down(topics.name("sim", machine, channel), mutated(payload, chance))
        is_read = not isinstance(body, Undecodable)
        legible += is_read
        if isinstance(body, Hold) and body.action != "freeze":
            continue  # staff may always stop: that is no attack
        room.hear(body, verified=is_read and chance.random() < SHARE_FORGED, retained=chance.random() < 0.1)
        room.rows[:-1] = []
        room.effects.clear()
    return n, legible


def test_h24_of_a_hundred_thousand_payloads_none_raises_and_none_loads(
    make_lifting: Callable[..., ShadowRoom], counted: Callable[[int], int]
) -> None:
    room = make_lifting()
    sent, legible = attacked(room, counted(100_000))
    assert 0 < legible < sent
    assert room.view.state.value == "working", "the set goes on"
    room.run(1)
    assert (room.view.load_g, room.faults) == (20_000, [])
    while room.view.state.value == "working":
        room.step()
    assert room.faults == []


def test_h24_after_it_the_next_person_is_served(make_lifting: Callable[..., ShadowRoom]) -> None:
    room = make_lifting()
    attacked(room, 300)
    while room.view.state.value == "working":
        room.step()
    room.arm.rest()
    room.skip(400)
    room.skip(1)
    assert room.view.state.value == "idle"
    room.ready()
    assert room.view.awaits == "start"


def test_h24_control_a_codec_that_raises_is_seen(
    make_lifting: Callable[..., ShadowRoom], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codec, "_UNREADABLE", (KeyError,))
    room = make_lifting()
    with pytest.raises(Exception, match=r"."):
        attacked(room, 300)
