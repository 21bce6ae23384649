"""Batches from the broker into transactions, and what they decide back to the machines.

Order of a batch: commit, publish plans and settings, acknowledge to the broker, `down/ack` to the machines.
A crash in between is a duplicate, absorbed by the inbox. While one batch is told the next one is handled, and
on PostgreSQL two are handled at a time, each of machines of its own.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Final, Literal

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from contract import codec, topics
from contract.messages import Ack, Frame, Origin, Status
from services.bus import transactions
from services.bus.counts import Counts
from services.bus.held import Held, Order
from services.bus.lane import Lane, MachineKey, Room, Waiting, drop, lane_of, lanes_for, make_lanes, sender_of
from services.bus.line import Admission, Pace
from services.bus.rim import Parcel, Rim
from services.bus.sending import Sending
from services.bus.trail import Note, note_decided, note_published, unnoted
from services.coaching import Delivery, Desk, Outcome, Outgoing, StreamAck

BATCH_MOST: Final = 500
UNTOLD_MOST: Final = 4  # batches that are committed and not told yet; more wait in front of the store
ACK_S: Final = 5.0  # protocol page: while a session is open, also when nothing is new
LOOK_S: Final = 0.1  # how often it looks for what others have put into the store
RETRY_LEAST_S, RETRY_MOST_S = 0.2, 5.0  # when the database is down: nothing is acknowledged
FORGET_MS: Final = 3_600_000  # a session that nobody has heard of for an hour gets no acks any more
OUTAGES = (OperationalError, InterfaceError)

log = structlog.get_logger(__name__)
OnLive = Callable[[Origin, str, Status | Frame], None]


class Bus:
    """One consumer between a rim and the store; with a `pace` no machine is handled faster than that.

    `lanes`: how many batches are handled at a time; as many as the database is worth when None.
    """

    def __init__(  # noqa: PLR0913 (its number of lanes belongs to none of the others)
        self,
        rim: Rim,
        engine: Engine,
        desk: Desk,
        on_live: OnLive,
        now_ms: Callable[[], int],
        pace: Pace | None = None,
        *,
        lanes: int | None = None,
    ) -> None:
        self._rim, self._engine, self._desk = rim, engine, desk
        self._on_live, self._now_ms = on_live, now_ms
        self._lanes = make_lanes(lanes or lanes_for(engine), pace)
        self._is_ready = asyncio.Event()  # what was stored before the start is acknowledged
        self.order = Order()
        self._untold: asyncio.Queue[tuple[Sequence[Held], Outcome]] = asyncio.Queue(UNTOLD_MOST)
        # Of each machine the stream it speaks on now: a spool set aside is heard of no more.
        self._open: dict[MachineKey, tuple[Ack, int]] = {}
        self._sending = Sending()
        self._look_at_s = 0.0
        self.counts = Counts()
        self.room = Room()
        self.note: Note = unnoted  # of the log in which rows can be followed to their settings

    @property
    def is_connected(self) -> bool:
        """Tell whether the link to the broker stands."""
        return self._rim.is_connected

    async def connected(self) -> None:
        """Wait until the link to the broker stands."""
        await self._rim.connected()

    @property
    def waiting(self) -> int:
        """Count messages that have been received and not handled."""
        return sum(len(lane) for lane in self._lanes)

    async def run(self) -> None:
        """Serve until cancelled; whatever is not committed then is sent again by the broker."""
        with ThreadPoolExecutor(max_workers=len(self._lanes), thread_name_prefix="bus") as thread:
            tasks = [
                asyncio.create_task(self._rim.run(self._take)),
                *(asyncio.create_task(self._consume(lane, thread)) for lane in self._lanes),
                asyncio.create_task(self._tell()),
                asyncio.create_task(self._repeat_acks(thread)),
            ]
            try:
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def _take(self, parcel: Parcel) -> None:
        """Show what is live, queue what is to be stored; frames are never stored."""
        self.counts.forgotten += self.room.leave(drop(self._lanes, self.order.over(parcel.link)))
        kept = self._show(parcel)
        held = self.order.take(parcel)  # everything behind it waits for it: from here on nothing may raise
        if kept == "nothing":
            self.order.settle(held)
            return
        self.counts.received += 1
        delivery = Delivery(topic=parcel.topic, payload=parcel.payload, received_ms=self._now_ms())
        admission = self._admitted(held, delivery, is_status=kept == "status")
        if admission != "now":
            # The broker hands over so many only that are not acknowledged to it: what waits for the pace of
            # one machine would keep all others out. The row stays the machine's until it is in `down/ack`.
            self.order.settle(held)

    def _admitted(self, held: Held, delivery: Delivery, *, is_status: bool) -> Admission:
        """Queue a message, unless its machine or all of them together have too much waiting."""
        sender = sender_of(delivery.topic)
        lane = lane_of(self._lanes, sender)
        lane.has_come.set()
        if is_status:
            self.room.keep(delivery)
            self._let_go(lane.add_status(sender, (held, delivery)))
            return "now"
        if not self.room.has(delivery):
            self.counts.no_room += 1
            return "full"
        admission = lane.line.add(sender, (held, delivery), asyncio.get_running_loop().time())
        self.counts.too_fast += admission == "full"
        if admission != "full":
            self.room.keep(delivery)
        return admission

    def _let_go(self, overtaken: Waiting | None) -> None:
        """Forget a status for which a newer one has come."""
        if overtaken is not None:
            self.room.leave([overtaken[1]])
            self.order.settle(overtaken[0])

    def _show(self, parcel: Parcel) -> Literal["nothing", "row", "status"]:
        """Hand what is live to who looks on; tells as what the parcel is to be stored as well."""
        address = topics.parse(parcel.topic)
        if address is None or address.channel not in ("up/frame", "up/status"):
            return "row"
        seen = codec.decode_up(parcel.topic, parcel.payload)
        if isinstance(seen, Frame | Status):
            try:
                self._on_live(address.origin, address.machine, seen)
            except Exception as error:  # noqa: BLE001 - who looks on must not stop the messages
                log.error("live view failed", error=type(error).__name__)  # noqa: TRY400 - no content in the log
        if not parcel.payload or isinstance(seen, Frame):
            return "nothing"  # an empty retained status is one that was taken back
        return "status" if isinstance(seen, Status) else "row"

    async def _consume(self, lane: Lane, thread: ThreadPoolExecutor) -> None:
        if lane.has_looks:
            await self._recover(thread)
            self._is_ready.set()
        await self._is_ready.wait()
        while True:
            await self._say(*await self._handled(lane, thread))

    async def _handled(self, lane: Lane, thread: ThreadPoolExecutor) -> tuple[list[Held], Outcome]:
        """Commit the next batch; of what it was only the acknowledgements are kept."""
        batch = await self._next_batch(lane, thread)
        deliveries = [delivery for _, delivery in batch]
        outcome = await self._committed(thread, partial(self._transact, deliveries))
        self.room.leave(deliveries)
        self.counts.add(outcome, len(deliveries))
        return [held for held, _ in batch], outcome

    async def _say(self, batch: Sequence[Held], outcome: Outcome) -> None:
        """Hand over what was committed, if anything, to be told while the next batch is handled."""
        if not (batch or outcome.outgoing or outcome.acks or outcome.traces):
            return  # most looks: they would fill the queue while the link is slow
        await self._untold.put((batch, replace(outcome, outgoing=self._sending.begin(outcome.outgoing))))

    async def _tell(self) -> None:
        """Tell what was committed, one batch after the other."""
        while True:
            batch, outcome = await self._untold.get()
            await self._publish(outcome.outgoing)
            for held in batch:
                self.order.settle(held)
            await self._acknowledge(outcome.acks)
            note_decided(self.note, outcome.traces)

    async def _next_batch(self, lane: Lane, thread: ThreadPoolExecutor) -> list[Waiting]:
        """Wait until something may be handled, and take all that may, up to a full batch.

        While waiting, and however much comes, look often enough for what others have put into the store.
        """
        loop = asyncio.get_running_loop()
        while True:
            if lane.has_looks and loop.time() >= self._look_at_s:
                self._look_at_s = loop.time() + LOOK_S
                await self._say((), await self._committed(thread, self._look))
            lane.has_come.clear()
            batch = lane.take(BATCH_MOST, loop.time())
            if batch:
                return batch
            ready_s = lane.ready_in_s(loop.time())
            look_s = max(self._look_at_s - loop.time(), 0.0) if lane.has_looks else LOOK_S
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(look_s if ready_s is None else min(ready_s, look_s)):
                    await lane.has_come.wait()

    async def _committed(
        self, thread: ThreadPoolExecutor, work: Callable[[Sequence[str]], Outcome]
    ) -> Outcome:
        """Run the transaction until the database takes it; meanwhile the spools hold."""
        wait_s = RETRY_LEAST_S
        loop = asyncio.get_running_loop()
        while True:
            published = self._sending.take_published()
            try:
                outcome = await loop.run_in_executor(thread, work, published)
            except OUTAGES as error:
                self._sending.put_back(published)
                self.counts.failed_transactions += 1
                log.warning("transaction failed", error=type(error).__name__, wait_s=wait_s)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, RETRY_MOST_S)
            else:
                self._sending.noted(published)
                note_published(self.note, published)
                return outcome

    def _transact(self, deliveries: Sequence[Delivery], published: Sequence[str]) -> Outcome:
        return transactions.handle_batch(self._engine, self._desk, deliveries, published, self._now_ms())

    def _look(self, published: Sequence[str]) -> Outcome:
        return transactions.look(self._engine, self._desk, published, self._now_ms())

    async def _recover(self, thread: ThreadPoolExecutor) -> None:
        """After a crash: acknowledge what is stored; what is left to publish is found like that of others."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                marks = await loop.run_in_executor(thread, self._open_streams)
                break
            except OUTAGES as error:
                log.warning("database is not there", error=type(error).__name__)
                await asyncio.sleep(RETRY_MOST_S)
        await self._acknowledge(marks)

    def _open_streams(self) -> list[StreamAck]:
        return transactions.open_streams(self._engine, self._now_ms() - FORGET_MS)

    async def _publish(self, outgoing: Sequence[Outgoing]) -> None:
        for one in outgoing:
            await self._rim.publish(one.topic, one.payload, one.expiry_s, partial(self._confirmed, one.id))

    def _confirmed(self, row: str, has_it: bool) -> None:  # noqa: FBT001 (what the broker says)
        """Count a row as published once the broker has it."""
        self._sending.confirmed(row, has_it=has_it)
        self.counts.published += has_it

    async def _acknowledge(self, acks: Sequence[StreamAck]) -> None:
        for one in acks:
            key = (one.origin, one.machine)
            is_same = key in self._open and self._open[key][0].stream == one.ack.stream
            if one.session_open or (one.session_open is None and is_same):
                self._open[key] = (one.ack, self._now_ms())
            elif one.session_open is False and is_same:
                del self._open[key]
            await self._send_ack(one.origin, one.machine, one.ack)

    async def _repeat_acks(self, thread: ThreadPoolExecutor) -> None:
        while True:
            await asyncio.sleep(ACK_S)
            with contextlib.suppress(*OUTAGES):
                await self._refresh(thread)
            forgotten_ms = self._now_ms() - FORGET_MS
            for key, (ack, heard_ms) in list(self._open.items()):
                if heard_ms < forgotten_ms:
                    self._open.pop(key, None)
                else:
                    await self._send_ack(key[0], key[1], ack)

    async def _refresh(self, thread: ThreadPoolExecutor) -> None:
        """Ask the store what other workers have taken since, and whose session they have closed."""
        asked = dict(self._open)
        found = await asyncio.get_running_loop().run_in_executor(thread, self._open_streams)
        newest = {(one.origin, one.machine): one.ack for one in found}
        for key, (ack, heard_ms) in asked.items():
            if self._open.get(key) != (ack, heard_ms):
                continue  # a batch has come in between
            if key not in newest:
                del self._open[key]
            else:
                self._open[key] = (newest[key], heard_ms)

    async def _send_ack(self, origin: Origin, machine: str, ack: Ack) -> None:
        await self._rim.publish(topics.name(origin, machine, "down/ack"), codec.encode(ack), None)
