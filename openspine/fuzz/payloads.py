"""Payloads that nobody should send: true rows, and what becomes of them in bad hands."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from contract import codec, topics
from contract.machines import catalogue
from contract.messages import Frame, SignIn, Status
from machine_agent.agent.station import Station
from machine_agent.agent.writer import Writer
from machine_agent.clock import Now
from openspine.chaos import rows
from openspine.simulation import ground

MACHINES = 5
STRAIGHT = 0.35  # share of rows that are left as they are: without them nothing would have a session
AGAIN = 0.08  # share of what was sent before
REMEMBERED = 200
LONG_CHARS = 70_000  # more than a message may have
DEEPEST = 3_000
PLACE = "\u2316 here"  # in no row: where a hostile value is put
HOSTILE: tuple[str, ...] = (
    "null", "true", "-1", "0", "1", "9007199254740993", "18446744073709551616", "1e308", "1e400", "-1e400",
    "NaN", "Infinity", "1.5", '""', '"\\u0000"', '"\\ud800"', '"\\u202e\\ufeff"', '"' + "x" * 300 + '"',
    "[]", "{}", "[[[[[[[[[[1]]]]]]]]]]", '{"a":{"b":{}}}', '"2026-01-01"', '"-0"', "01", "'x'", "",
)  # fmt: skip
FOREIGN: tuple[str, ...] = (
    "openspine-sim/v1/{machine}/up/nothing",
    "openspine-sim/v1/{machine}/down/plan",
    "openspine-sim/v1/svc-other/up/rep",
    "openspine-sim/v1/{machine}/up/rep/more",
    "openspine-sim/v2/{machine}/up/rep",
    "openspine-sim/v1/ABC/up/rep",
    "openspine-sim/v1//up/rep",
    "openspine/v1/{machine}/up/rep",
    "elsewhere/{machine}",
    "",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One publish, and how it was made."""

    topic: str
    payload: bytes
    made: str


class Speaker:
    """A machine that says whole sessions, numbered as a spool numbers them."""

    def __init__(self, name: str, person: int, chance: Random) -> None:
        self.name, self._chance = name, chance
        self.stream = uuid_of(chance)
        station = Station(
            machine=self.name,
            kind=catalogue()[ground.KIND],
            boot=uuid_of(chance),
            firmware="fuzz",
            site_key=b"",
            clock="sim",
        )
        self._writer = Writer(station, self.stream, 1)
        self._badge = ground.badge(person % ground.PEOPLE)
        self._wall_ms = ground.START_MS
        self._rows = self._said()

    def next(self) -> Parcel:
        """Say the next row."""
        return next(self._rows)

    def _said(self) -> Iterator[Parcel]:
        while True:
            for body in rows.session(self._badge, ground.KIND, self._chance):
                self._wall_ms += 4_000
                if isinstance(body, SignIn):
                    self._writer.open_session(uuid_of(self._chance))
                now = Now(body_ms=0, mono_ms=self._wall_ms - ground.START_MS, wall_ms=self._wall_ms)
                message = self._writer.row(body, now, None).message
                topic = topics.name_for_kind("sim", self.name, message.head.kind)
                yield Parcel(topic=topic, payload=codec.encode(message), made="straight")
            yield self._live()

    def _live(self) -> Parcel:
        if self._chance.random() < 1 / 2:
            frame = Frame(mono_ms=1, set=1, rep=1, deg=1.0, target_deg=1.0, nm=1.0, phase="idle")
            return Parcel(
                topic=topics.name("sim", self.name, "up/frame"), payload=codec.encode(frame), made="straight"
            )
        status = Status(
            online=True, wall_ms=self._wall_ms, mono_ms=1, boot=uuid_of(self._chance), state="idle"
        )
        return Parcel(
            topic=topics.name("sim", self.name, "up/status"), payload=codec.encode(status), made="straight"
        )


class Payloads:
    """An endless stream of parcels; the same seed makes the same."""

    def __init__(self, seed: str) -> None:
        self._chance = Random(seed)  # noqa: S311 - a seeded trial, no secret
        self._speakers = [Speaker(f"fuzz-{number}", number, self._chance) for number in range(MACHINES)]
        self._sent: list[Parcel] = []

    def next(self) -> Parcel:
        """Make the next one."""
        chance = self._chance
        roll = chance.random()
        if self._sent and roll < AGAIN:
            found = chance.choice(self._sent)
            return Parcel(topic=found.topic, payload=found.payload, made="again")
        found = chance.choice(self._speakers).next()
        if roll > AGAIN + STRAIGHT:
            found = chance.choice(WAYS)(found, chance)
        self._sent = [*self._sent[-REMEMBERED:], found]
        return found


def _changed(made: str, change: Callable[[bytes, Random], bytes]) -> Callable[[Parcel, Random], Parcel]:
    def way(parcel: Parcel, chance: Random) -> Parcel:
        return Parcel(topic=parcel.topic, payload=change(parcel.payload, chance), made=made)

    return way


def _cut(payload: bytes, chance: Random) -> bytes:
    return payload[: chance.randrange(len(payload))]


def _flipped(payload: bytes, chance: Random) -> bytes:
    changed = bytearray(payload)
    for _ in range(chance.choice((1, 2, 10))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _noise(_: bytes, chance: Random) -> bytes:
    return chance.randbytes(chance.choice((0, 1, 40, 400)))


def _hostile(payload: bytes, chance: Random) -> bytes:
    """Put a value where it does not belong, as text: also what no JSON library would write."""
    fields = json.loads(payload)
    name = chance.choice(list(fields))
    kept = {key: json.dumps(value) for key, value in fields.items()} | {name: chance.choice(HOSTILE)}
    return ("{" + ",".join(f'"{key}":{value}' for key, value in kept.items()) + "}").encode()


def _nested(payload: bytes, chance: Random) -> bytes:
    """Put a value where it does not belong, deep within a field: an angle of a curve, a load of a setting."""
    fields = json.loads(payload)
    places = [one for value in fields.values() for one in _places(value)]
    if not places:
        return _hostile(payload, chance)
    holder, place = chance.choice(places)
    holder[place] = PLACE
    return json.dumps(fields).replace(json.dumps(PLACE), chance.choice(HOSTILE)).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Go through every place in a list or an object, and in those within it."""
    if isinstance(value, dict | list):
        for place in value if isinstance(value, dict) else range(len(value)):
            yield value, place
            yield from _places(value[place])


def _without(payload: bytes, chance: Random) -> bytes:
    fields = json.loads(payload)
    for name in chance.sample(list(fields), chance.choice((1, 1, 2))):
        del fields[name]
    return json.dumps(fields).encode()


def _more(payload: bytes, chance: Random) -> bytes:
    fields = json.loads(payload) | {chance.choice(("x", "", "seq ", "\u0000", "__proto__")): _any(chance, 3)}
    return json.dumps(fields).encode()


def _twice(payload: bytes, chance: Random) -> bytes:
    """Name a field twice."""
    name = chance.choice(list(json.loads(payload)))
    return payload[:-1] + f',"{name}":{chance.choice(HOSTILE)}}}'.encode()


def _other_body(payload: bytes, chance: Random) -> bytes:
    fields = json.loads(payload)
    numbers = [name for name, value in fields.items() if isinstance(value, float | int)]
    fields[chance.choice(numbers)] = chance.choice((0, 1, 2, 3, 7, 1.5, 12_345))
    return json.dumps(fields).encode()


def _anything(_: bytes, chance: Random) -> bytes:
    return json.dumps(_any(chance, 4)).encode()


def _deep(payload: bytes, chance: Random) -> bytes:
    depth = chance.choice((7, 8, 9, 100, DEEPEST))
    opened, closed = chance.choice((("[", "]"), ('{"a":', "}")))
    return payload[:-1] + f',"x":{opened * depth}1{closed * depth}}}'.encode()


def _huge(payload: bytes, chance: Random) -> bytes:
    size = chance.choice((60_000, codec.UP_LIMIT_BYTES, LONG_CHARS))
    return payload[:-1] + b',"x":"' + b"y" * size + b'"}'


def _elsewhere(parcel: Parcel, chance: Random) -> Parcel:
    name = parcel.topic.split("/")[2]
    channels = [channel for channel in topics.TOPICS if channel != "local/sample"]
    own = topics.name("sim", f"fuzz-{chance.randrange(MACHINES)}", chance.choice(channels))
    foreign = chance.choice(FOREIGN).replace("{machine}", name)
    return Parcel(topic=chance.choice((own, foreign)), payload=parcel.payload, made="elsewhere")


def _any(chance: Random, depth: int) -> Any:
    """Make any JSON value."""
    kind = chance.randrange(8 if depth else 6)
    simple = (
        None,
        chance.random() < 1 / 2,
        chance.randint(-(2**70), 2**70),
        chance.gauss(0, 1e9),
        "é\u0000" * 3,
    )
    if kind < len(simple):
        return simple[kind]
    if kind == len(simple):
        return chr(chance.randrange(0x20, 0xD7FF))
    inner = [_any(chance, depth - 1) for _ in range(chance.randrange(4))]
    return inner if kind == 6 else {str(number): one for number, one in enumerate(inner)}


# What is dear (large or deep) comes seldom, what finds most comes often.
WAYS: tuple[Callable[[Parcel, Random], Parcel], ...] = (
    *(_changed("cut", _cut),) * 8,
    *(_changed("flipped", _flipped),) * 10,
    *(_changed("noise", _noise),) * 4,
    *(_changed("hostile", _hostile),) * 24,
    *(_changed("nested", _nested),) * 12,
    *(_changed("without", _without),) * 10,
    *(_changed("more", _more),) * 6,
    *(_changed("twice", _twice),) * 6,
    *(_changed("other_body", _other_body),) * 12,
    *(_changed("anything", _anything),) * 6,
    *(_changed("deep", _deep),) * 3,
    _changed("huge", _huge),
    *(_elsewhere,) * 10,
)


def uuid_of(chance: Random) -> str:
    """Make a random UUID of a seeded chance."""
    return str(uuid.UUID(bytes=chance.randbytes(16), version=4))
