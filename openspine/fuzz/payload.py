"""Hurl payloads at the true codec and coaching: each must be stored, known already, or a dead letter."""

import hashlib
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from random import Random
from types import ModuleType
from typing import Any

from contract import codec
from contract.messages import Frame, Message, Status
from openspine.fuzz.payloads import Parcel, Payloads, Speaker
from openspine.simulation import ground
from services.bus import transactions
from services.coaching import Delivery, Outcome, handle, receive, segment
from services.coaching.receive import Received
from services.store.engine import writing

BATCH_MOST = 60
STUCK_S = 10.0  # a batch that takes longer holds everybody up
ASKED_EVERY = 25  # batches between two sign-ins of a machine that behaves
SHOWN = 5
PARCEL_MS = 20  # of the service's clock, between two payloads: what waits for a gap waits 2 s
TRIPS_EVERY = 7  # rows, with a planted fault
Say = Callable[[str], None]


class Run:
    """One database in memory, and what became of every payload."""

    def __init__(self, seed: int) -> None:
        ground.fresh_database()
        self.desk = ground.desk()
        self.payloads = Payloads(f"payload-{seed}")
        self.ways: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.crashes: list[str] = []
        self.uncounted = self.vanished = self.asked = self.answered = 0
        self.slowest_s = 0.0
        self.now_ms = ground.START_MS
        self._buried: set[str] = set()
        self._last_buried = 0
        self._chance = Random(f"batches-{seed}")  # noqa: S311 - a seeded trial, no secret

    def batch(self, most: int) -> int:
        """Handle one batch of any size up to `most`; returns how many payloads were in it."""
        parcels = [self.payloads.next() for _ in range(min(self._chance.randint(1, BATCH_MOST), most))]
        self.take(parcels)
        return len(parcels)

    def take(self, parcels: Sequence[Parcel]) -> None:
        """Handle these as one batch, and see what becomes of each."""
        self.ways.update(parcel.made for parcel in parcels)
        began_s = time.monotonic()
        try:
            outcome = self._handle(parcels)
        except Exception as error:  # noqa: BLE001 - what a fuzz is for
            self.crashes.append(f"{type(error).__name__}: {str(error)[:200]}")
            return
        self.slowest_s = max(self.slowest_s, time.monotonic() - began_s)
        self._count(parcels, outcome)

    def ask(self) -> None:
        """Sign in as a machine that behaves: it must get its plan."""
        self.asked += 1
        honest = Speaker(f"honest-{self.asked}", self.asked, self._chance).next()
        outcome = self._handle([honest])
        self.answered += any(one.topic.endswith("/down/plan") for one in outcome.outgoing)

    def _handle(self, parcels: Sequence[Parcel]) -> Outcome:
        """Handle a batch, and do what the bus does between two: answers that have waited long enough."""
        self.now_ms += PARCEL_MS * len(parcels)
        batch = [
            Delivery(topic=parcel.topic, payload=parcel.payload, received_ms=self.now_ms)
            for parcel in parcels
        ]
        engine = ground.engine()
        with writing(engine) as connection:
            outcome = handle(batch, connection, self.desk)
        transactions.look(engine, self.desk, [one.id for one in outcome.outgoing], self.now_ms)
        return outcome

    def _count(self, parcels: Sequence[Parcel], outcome: Outcome) -> None:
        """Count each payload's end, and look for it where it must be."""
        decoded = [codec.decode_up(parcel.topic, parcel.payload) for parcel in parcels]
        live = sum(isinstance(one, Status | Frame) for one in decoded)
        self.ends.update(
            stored=outcome.stored, duplicates=outcome.duplicates, rejected=outcome.rejected, live=live
        )
        self.uncounted += abs(len(parcels) - live - outcome.stored - outcome.duplicates - outcome.rejected)
        raw = ground.driver(ground.engine())
        new, self._last_buried = buried(raw, self._last_buried)
        self._buried |= new
        for parcel, one in zip(parcels, decoded, strict=True):
            is_kept = isinstance(one, Status | Frame) or (isinstance(one, Message) and is_stored(raw, one))
            self.vanished += not is_kept and digest_of(parcel.payload) not in self._buried


def fuzz(n: int, seed: int, say: Say) -> dict[str, Any]:
    """Try `n` payloads in batches of any size."""
    began_s = time.monotonic()
    run = Run(seed)
    tried = batches = told = 0
    while tried < n:
        tried += run.batch(n - tried)
        batches += 1
        if batches % ASKED_EVERY == 0:
            run.ask()
        if tried * 20 // n > told:
            told = tried * 20 // n
            say(f"{tried} of {n} payloads, {len(run.crashes)} crashes, {run.vanished} vanished")
    run.ask()
    took_s = time.monotonic() - began_s
    failed = _failed()
    is_sound = not run.crashes and not failed and run.uncounted == run.vanished == 0
    return {
        "ok": is_sound and run.answered == run.asked and run.slowest_s < STUCK_S,
        "payloads": tried,
        "batches": batches,
        "crashes": len(run.crashes),
        "buried_by_a_bug": failed,
        "stuck": int(run.slowest_s >= STUCK_S),
        "vanished": run.vanished,
        "uncounted": run.uncounted,
        **run.ends,
        "reasons": _reasons(),
        "made": dict(run.ways.most_common()),
        "asked": run.asked,
        "answered": run.answered,
        "findings": run.crashes[:SHOWN],
        "slowest_batch_s": round(run.slowest_s, 3),
        "seed": seed,
        "took_s": round(took_s, 1),
        "per_s": round(tried / took_s),
    }


@contextmanager
def planted(name: str | None) -> Iterator[None]:
    """Break the service: poison that is not kept, or a handler that trips over some rows."""
    if name is None:
        yield
        return
    module, attribute, broken = PLANTS[name]
    whole = getattr(module, attribute)
    setattr(module, attribute, partial(broken, whole))
    try:
        yield
    finally:
        setattr(module, attribute, whole)


def _forget(_: Callable[..., None], received: Received, *__: object) -> None:
    received.rejected += 1


def _trip(whole: Callable[..., None], case: object, message: Message, *more: object, **named: object) -> None:
    if message.head.seq % TRIPS_EVERY == 0:
        raise ArithmeticError
    whole(case, message, *more, **named)


PLANTS: dict[str, tuple[ModuleType, str, Callable[..., None]]] = {
    "loses-poison": (receive, "bury", _forget),
    "trips": (segment, "take", _trip),
}


def is_stored(raw: sqlite3.Connection, message: Message) -> bool:
    """Tell whether the inbox holds this row."""
    head = message.head
    key = (head.machine, head.stream, head.seq)  # of either origin, by the key's index
    query = "SELECT 1 FROM inbox WHERE origin IN ('sim', 'real') AND machine = ? AND stream = ? AND seq = ?"
    return raw.execute(query, key).fetchall() != []


def buried(raw: sqlite3.Connection, after: int = 0) -> tuple[set[str], int]:
    """Read the hashes of the dead letters behind a row number, and the last such number."""
    found = raw.execute("SELECT rowid, sha256 FROM dead_letter WHERE rowid > ?", (after,)).fetchall()
    return {digest for _, digest in found}, max((number for number, _ in found), default=after)


def digest_of(payload: bytes) -> str:
    """Name bytes as the dead letters do."""
    return hashlib.sha256(payload).hexdigest()


def _reasons() -> dict[str, int]:
    raw = ground.driver(ground.engine())
    return dict(
        raw.execute("SELECT reason, count(*) FROM dead_letter GROUP BY reason ORDER BY 2 DESC").fetchall()
    )


def _failed() -> dict[str, int]:
    """Count the dead letters whose handling raised: each is a bug, though nothing else suffered from it."""
    raw = ground.driver(ground.engine())
    query = "SELECT detail, count(*) FROM dead_letter WHERE reason = 'FAILED' GROUP BY detail"
    return dict(raw.execute(query).fetchall())
