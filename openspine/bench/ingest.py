"""`bench ingest`: messages straight into the store, without broker: what a batch costs, and where it goes."""

import cProfile
import pstats
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from contract import codec, topics
from contract.messages import Message
from openspine.bench.load import LoadMachine, Tally, out_of_step
from openspine.bench.loop import KIND, Say
from openspine.bench.people import NOW_MS, enrol
from openspine.bench.raw import open_rows
from openspine.bench.sides import new_databases
from services.bus import transactions
from services.chosen import champion
from services.coaching import Delivery, Desk, Outcome
from services.desk import open_desk
from services.keys.demo import open_keys
from services.settings import Settings
from services.store.engine import open_engine

# By a part of a file's path: where the time of a message goes.
PLACES = {
    "database driver": ("psycopg", "sqlite3"),
    "SQL toolkit": ("sqlalchemy",),
    "decode and encode": ("contract/codec", "msgspec", "contract/signing", "cryptography"),
    "model": ("/ml/", "numpy", "scipy", "sklearn"),
    "use cases": ("services/coaching", "services/bus", "services/access"),
    "store": ("services/store",),
}
BATCH = 500  # rows of the raw way
OTHER = "the rest of Python"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """Machines (each sends its next message in every batch), sessions of each, database, profile or not."""

    machines: int = 200
    sessions: int = 1
    database: str = "postgres"
    profile: bool = False


@dataclass(slots=True, kw_only=True)
class Spent:
    """Time of the clock, and of this process's processor (the database's is not in it)."""

    wall_s: float = 0.0
    processor_s: float = 0.0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count what is done inside."""
        wall_s, processor_s = time.perf_counter(), time.process_time()
        yield
        self.wall_s += time.perf_counter() - wall_s
        self.processor_s += time.process_time() - processor_s

    def per_message_us(self, messages: int) -> dict[str, float]:
        """Say what one message took."""
        parts = {"wall": self.wall_s, "processor": self.processor_s}
        return {name: round(s / messages * 1e6, 1) for name, s in parts.items()}


@dataclass(slots=True, kw_only=True)
class Place:
    """A store of our own, and who decides."""

    engine: Engine
    desk: Desk
    machines: list[LoadMachine]


def measure(options: IngestOptions, say: Say) -> dict[str, Any]:
    """Measure the whole batch beside the same rows stored as they are."""
    with tempfile.TemporaryDirectory() as folder, new_databases(options.database) as databases:
        say(f"enrol {options.machines} people ...")
        place = place_of(Path(folder), databases.new("ours", Path(folder)), options.machines)
        out_of_step(place.machines)
        batch = [delivery(machine, machine.begin()) for machine in place.machines]
        tally = place.machines[0].tally
        while tally.sessions < options.machines:  # a session of each: tables and statements are warm
            batch = answers(place, handled(place, batch))
        say(f"ours, {options.sessions} sessions of each ...")
        profile = cProfile.Profile(time.process_time) if options.profile else None
        ours, sample = _run(place, batch, options.sessions, profile)
        say("the same rows as they are ...")
        apart = Path(folder) / "raw"
        apart.mkdir()
        raw = _raw(databases.new("raw", apart), sample)
    count = len(sample)
    found = {
        "machines": options.machines,
        "database": options.database,
        "messages": count,
        "settings": len(tally.setting_ms),
        "messages_per_s": round(count / ours.wall_s, 1),
        "us": ours.per_message_us(count),
        "raw_us": raw.per_message_us(count),
        "ratio": round(raw.wall_s / ours.wall_s, 3),
        "processor_ratio": round(raw.processor_s / ours.processor_s, 3),
    }
    return found if profile is None else found | {"us_by_place": _by_place(profile, count)}


def place_of(folder: Path, url: str, machines: int, prefix: str = "bench") -> Place:
    """Enrol people and make a machine for each, named as their badges."""
    badges = enrol(url, folder / "keys", machines, KIND, prefix)
    keys, tally = open_keys(folder / "keys"), Tally()
    settings = Settings(database_url=url, keys=folder / "keys", demo=True)
    return Place(
        engine=open_engine(url),
        desk=open_desk(settings, keys.command, keys.site, champion(settings)),
        machines=[LoadMachine(name=badge, kind=KIND, badge=badge, tally=tally) for badge in badges],
    )


def delivery(machine: LoadMachine, payload: bytes) -> Delivery:
    """Make of what a machine says what the broker would deliver."""
    topic = topics.name_for_kind("sim", machine.name, _message(machine).head.kind)
    return Delivery(topic=topic, payload=payload, received_ms=NOW_MS)


def _message(machine: LoadMachine) -> Message:
    if machine.sent is None:
        raise ValueError("the machine has said nothing yet")
    return machine.sent


def _run(
    place: Place, batch: list[Delivery], sessions: int, profile: cProfile.Profile | None
) -> tuple[Spent, list[Delivery]]:
    """Handle batches until each machine has done its sessions; returns the time and the messages."""
    spent, sample, tally = Spent(), list[Delivery](), place.machines[0].tally
    most = tally.sessions + sessions * len(place.machines)
    tally.setting_ms.clear()
    while tally.sessions < most:
        with spent.counted(), profile or nullcontext():
            outcome = handled(place, batch)
        sample += batch
        batch = answers(place, outcome)
    return spent, sample


def handled(place: Place, batch: Sequence[Delivery]) -> Outcome:
    """Handle a batch in one transaction."""
    return transactions.handle_batch(place.engine, place.desk, batch, (), NOW_MS)


def answers(place: Place, outcome: Outcome) -> list[Delivery]:
    """Give the machines what they wait for; what they say to it is the next batch."""
    by_name = {machine.name: machine for machine in place.machines}
    said = []
    for topic, payload in _told(outcome):
        address = topics.parse(topic)
        machine = by_name[address.machine] if address else place.machines[0]
        answer = machine.hear(address.channel if address else "", payload)
        if answer is not None:
            said.append(delivery(machine, answer))
    return said


def _told(outcome: Outcome) -> Iterator[tuple[str, bytes]]:
    for one in outcome.outgoing:
        yield one.topic, one.payload
    for ack in outcome.acks:
        yield topics.name(ack.origin, ack.machine, "down/ack"), codec.encode(ack.ack)


def _raw(url: str, sample: Sequence[Delivery]) -> Spent:
    """Store the same messages in the same batches, and nothing else."""
    rows, spent = open_rows(url), Spent()
    for first in range(0, len(sample), BATCH):
        with spent.counted():
            messages = [
                (one, codec.decode_up(one.topic, one.payload)) for one in sample[first : first + BATCH]
            ]
            rows.add(
                [
                    (message.head.machine, message.head.stream, message.head.seq, one.payload.decode())
                    for one, message in messages
                    if isinstance(message, Message)
                ]
            )
    return spent


def _by_place(profile: cProfile.Profile, handled: int) -> dict[str, float]:
    """Sum the own processor time of every function by where it stands, microseconds a message."""
    spent: dict[str, float] = {}
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for (file, _, name), (_, _, own_s, _, _) in stats.items():
        place = next(
            (one for one, parts in PLACES.items() if any(p in f"{file} {name}" for p in parts)), OTHER
        )
        spent[place] = spent.get(place, 0.0) + own_s
    return {name: round(s / handled * 1e6, 1) for name, s in sorted(spent.items(), key=lambda one: -one[1])}
