"""The service's end of a chaos run: real rim, coaching and store; and one without an inbox, as a control."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, func, select

from contract import codec
from contract.messages import Message
from ml.adjust import adjust_many
from ml.effort.model import RuleEffort
from openspine.bench.people import NOW_MS, SITE, enrol
from openspine.children import LOOPBACK
from services.bus import RIMS, Broker, Bus
from services.coaching import Delivery, Desk, Outcome, StreamAck
from services.coaching.mark import Mark
from services.keys.demo import open_keys
from services.store import tables
from services.store.engine import open_engine

TABLES = {
    "rep": tables.rep,
    "set_end": tables.finished_set,
    "answer": tables.answer,
    "gravity": tables.gravity,
    "receipt": tables.receipt,
    "event": tables.event,
}
START_MS = NOW_MS  # studio time of the first row: the limits are signed then
DETAIL_MOST = 80  # characters
Identity = tuple[str, str, int]  # machine, stream, seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a service holds at the end: rows as often as it has them, by kind, and why it put some aside."""

    rows: Counter[Identity]
    kinds: Counter[str]
    reasons: Counter[str]


@dataclass(slots=True)
class Side:
    """One service: its database, and the bus while it runs."""

    engine: Engine
    desk: Desk
    badges: list[str]
    has_inbox: bool
    bus: Bus | None = None
    duplicates: int = 0
    forgetful: list[Message] = field(default_factory=list)

    def start(self, port: int) -> asyncio.Task[None]:
        """Serve on this broker port."""
        place = Broker(host=LOOPBACK, port=port, client_id="svc-chaos")
        rim, now_ms = RIMS["gmqtt"](place), lambda: int(time.time() * 1_000)
        if self.has_inbox:
            self.bus = Bus(rim, self.engine, self.desk, lambda *_: None, now_ms)
        else:
            self.bus = ForgetfulBus(rim, self.engine, self.desk, lambda *_: None, now_ms)
            self.bus.stored = self.forgetful
        return asyncio.create_task(self.bus.run())

    @property
    def url(self) -> str:
        """Where the database is."""
        return self.engine.url.render_as_string(hide_password=False)

    async def connected(self) -> None:
        """Wait until the broker has the service's subscriptions."""
        if self.bus is not None:
            await self.bus.connected()

    def found(self, but: str | None = None) -> Found:
        """Read back what is held, but for one machine."""
        if not self.has_inbox:
            heads = [message.head for message in self.forgetful]
            rows = Counter((head.machine, head.stream, head.seq) for head in heads)
            return Found(rows=rows, kinds=Counter(head.kind for head in heads), reasons=Counter())
        inbox, dead = tables.inbox.c, tables.dead_letter
        with self.engine.connect() as connection:
            held = connection.execute(
                select(inbox.machine, inbox.stream, inbox.seq).where(inbox.machine != (but or ""))
            )
            rows = Counter((machine, stream, seq) for machine, stream, seq in held)
            count = partial(select, func.count())
            kinds = Counter(
                {
                    kind: connection.execute(
                        count().select_from(table).where(table.c.machine != (but or ""))
                    ).scalar_one()
                    for kind, table in TABLES.items()
                }
            )
            put_aside = connection.execute(select(dead.c.reason, dead.c.detail))
            reasons = Counter(f"{row.reason} ({row.detail[:DETAIL_MOST]})" for row in put_aside)
        return Found(rows=rows, kinds=kinds, reasons=reasons)


class ForgetfulBus(Bus):
    """The negative control: stores whatever comes as often as it comes, and acknowledges it."""

    stored: list[Message]
    _marks: dict[tuple[str, str], Mark]

    def _transact(self, deliveries: Sequence[Delivery], published: Sequence[str]) -> Outcome:
        del published
        self._marks = getattr(self, "_marks", {})
        for delivery in deliveries:
            message = codec.decode_up(delivery.topic, delivery.payload)
            if isinstance(message, Message):
                self.stored.append(message)
                key = message.head.machine, message.head.stream
                self._marks.setdefault(key, Mark()).add(message.head.seq)
        return Outcome(
            acks=tuple(
                StreamAck(origin="sim", machine=machine, ack=mark.ack(stream), session_open=True)
                for (machine, stream), mark in self._marks.items()
            )
        )


def open_side(folder: Path, machines: int, kind: str, *, has_inbox: bool, url: str | None = None) -> Side:
    """Make a database with one enrolled person per machine; in SQLite when no other is named."""
    url = url or f"sqlite:///{folder / 'studio.sqlite'}"
    badges = enrol(url, folder / "keys", machines, kind)
    return Side(open_engine(url), desk_of(folder / "keys"), badges, has_inbox)


def desk_of(keys: Path) -> Desk:
    """Open the desk with the keys of a folder."""
    own, effort = open_keys(keys), RuleEffort()
    return Desk(
        command=own.command,
        site_key=own.site,
        adjust=partial(adjust_many, effort=effort),
        policy="steady",
        model=effort.name,
        software="chaos",
        site=SITE,
    )


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel a service and wait for it."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
