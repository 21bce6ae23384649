"""The yardstick: MQTT client, typed decode, batch commit, answer, and no feature at all.

Run as a process of its own: `python -m openspine.bench.raw PORT DATABASE_URL`.
"""

import asyncio
import sqlite3
import sys
import uuid
from typing import Any, Protocol

import gmqtt

from contract import codec, topics
from contract.messages import (
    Ack,
    Answer,
    Basis,
    Envelope,
    Message,
    Plan,
    SetEnd,
    Setting,
    SideRange,
    SignIn,
    Stop,
)

BATCH_MOST = 500
READY = "the broker has its subscription"
TABLE = """
CREATE TABLE IF NOT EXISTS inbox (machine text, stream text, seq bigint, body text,
    PRIMARY KEY (machine, stream, seq))
"""
Row = tuple[str, str, int, str]


class Rows(Protocol):
    """A database that takes a batch of rows in one transaction."""

    def add(self, rows: list[Row]) -> None:
        """Insert the rows that are new and commit."""
        ...

    def count(self) -> int:
        """Count the rows that are stored."""
        ...


class SqliteRows:
    """The standard library's SQLite, WAL and synchronous=FULL."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute(TABLE)

    def add(self, rows: list[Row]) -> None:
        """Insert the rows that are new and commit."""
        self._database.executemany("INSERT INTO inbox VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
        self._database.commit()

    def count(self) -> int:
        """Count the rows that are stored."""
        return int(self._database.execute("SELECT count(*) FROM inbox").fetchone()[0])


class PostgresRows:
    """psycopg 3 with executemany."""

    def __init__(self, url: str) -> None:
        import psycopg  # noqa: PLC0415 - only where PostgreSQL is measured

        self._database = psycopg.connect(url.replace("+psycopg", ""))
        self._database.execute(TABLE)
        self._database.commit()

    def add(self, rows: list[Row]) -> None:
        """Insert the rows that are new and commit."""
        with self._database.cursor() as cursor:
            cursor.executemany("INSERT INTO inbox VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", rows)
        self._database.commit()

    def count(self) -> int:
        """Count the rows that are stored."""
        row = self._database.execute("SELECT count(*) FROM inbox").fetchone()
        return int(row[0]) if row else 0


def open_rows(url: str) -> Rows:
    """Open the database of an SQLAlchemy URL with its bare driver."""
    return SqliteRows(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else PostgresRows(url)


def query(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Ask a database with its bare driver."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
            return file.execute(sql).fetchall()
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is measured

    with psycopg.connect(url.replace("+psycopg", "")) as server:
        return server.execute(sql.encode()).fetchall()


def answer(message: Message) -> tuple[topics.Channel, bytes]:
    """Answer as the protocol asks, without thinking: plan, setting or ack."""
    if isinstance(message.body, SignIn):
        return "down/plan", codec.encode(plan(message))
    if isinstance(message.body, SetEnd | Answer):
        return "down/setting", codec.encode(_setting(message, (message.body.set or 0) + 1))
    return "down/ack", codec.encode(Ack(stream=message.head.stream, upto=message.head.seq))


async def serve(port: int, rows: Rows) -> None:
    """Take whatever is queued, commit it as one batch, answer; for ever."""
    queue: asyncio.Queue[tuple[Message, bytes, asyncio.Future[None]]] = asyncio.Queue()
    client = gmqtt.Client("svc-raw", optimistic_acknowledgement=False, receive_maximum=65_535)

    async def hear(_client: object, topic: str, payload: bytes, _qos: int, _properties: Any) -> int:
        message = codec.decode_up(topic, payload)
        if isinstance(message, Message):
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            await queue.put((message, payload, done))
            await done
        return 0

    client.on_message = hear
    await client.connect("127.0.0.1", port, keepalive=60)
    client.on_subscribe = lambda *_: print(READY, flush=True)  # noqa: T201 (whoever started it reads it)
    client.subscribe("openspine-sim/v1/+/up/#", qos=1)
    while True:
        batch = [await queue.get()]
        while len(batch) < BATCH_MOST and not queue.empty():
            batch.append(queue.get_nowait())
        stored = [(m.head.machine, m.head.stream, m.head.seq, payload.decode()) for m, payload, _ in batch]
        await asyncio.to_thread(rows.add, stored)
        for message, _, done in batch:
            channel, reply = answer(message)
            client.publish(topics.name("sim", message.head.machine, channel), reply, qos=1)
            done.set_result(None)


def plan(message: Message) -> Plan:
    """Plan two sets of ten reps for whoever signs in, without thinking."""
    assert isinstance(message.body, SignIn)  # noqa: S101 - narrows the type for mypy
    side = SideRange(lowest_cdeg=0, highest_cdeg=6_000, start_highest_cdeg=5_400)
    envelope = Envelope(
        version=1,
        subject="0" * 32,
        machine_kind=message.body.machine_kind,
        max_load_g=50_000,
        max_torque_nm=100,
        sides={"both": side},
        max_speed_cdeg_s=4_500,
        phase="build",
        phase_cap_g=30_000,
        pain_green_nrs=3,
        pain_amber_nrs=5,
        valid_until_ms=2**50,
        key_id="raw",
    )
    return Plan(
        session=message.head.session or "",
        nonce=message.body.nonce,
        patient=str(uuid.uuid4()),
        greeting="",
        language="en",
        clock="sim",
        profile="rehab",
        envelope=envelope,
        settings=tuple(_setting(message, index) for index in (1, 2)),
        history={},
        flags=(),
        ceiling_g=0,
        questions=(),
        set_up={},
        key_id="raw",
    )


def _setting(message: Message, index: int) -> Setting:
    return Setting(
        id=str(uuid.uuid4()),
        session=message.head.session or "",
        nonce="0" * 32,
        seq=message.head.seq,
        set=index,
        side="both",
        mode="train",
        load_g=20_000,
        start_cdeg=0,
        end_cdeg=5_000,
        reps=10,
        work_ms=0,
        tempo_ms=(2_000, 0, 3_000),
        rest_ms=60_000,
        stop=Stop(),
        basis=Basis(stream=message.head.stream, seq=message.head.seq),
        ttl_ms=30_000,
        envelope_version=1,
        why=(),
        policy="raw",
        model="raw",
        key_id="raw",
    )


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), open_rows(sys.argv[2])))
