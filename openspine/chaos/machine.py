"""One machine of a chaos run: the true link, window and spool; a script of rows instead of a body."""

import asyncio
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import aiomqtt

from contract import topics
from contract.machines import catalogue
from contract.messages import Ack, Message, RecordedBody, SignIn, Status
from machine_agent.agent.effects import Record
from machine_agent.agent.station import Station
from machine_agent.agent.writer import Writer
from machine_agent.clock import Now
from machine_agent.link import Link, LinkSettings, Listener
from machine_agent.spool import Spool
from machine_agent.spool_file import Health, SpoolFile
from machine_agent.window import Waiting, Window

AHEAD_MOST = 500  # rows that may wait on disk before the script waits: more than the link's window
ROW_MS, SESSION_MS = 4_000, 6 * 3_600_000  # studio time from row to row, from session to session
LOOK_S = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Whose rows, from when on (studio time, ms), and what is said."""

    kind: str
    start_ms: int
    bodies: Iterable[RecordedBody]
    pause_s: float = 0.0  # real time between two rows; without one as fast as the service commits
    ahead_most: int = AHEAD_MOST


class TrustingLink(Link):
    """The negative control: takes the broker's PUBACK for the service's word, and deletes the row."""

    async def _send_rows(self, client: aiomqtt.Client) -> None:
        seqs = self._window.due(self._listener.mono_ms())
        rows = await self._listener.read_rows(seqs)
        for seq, (kind, payload) in zip(seqs, rows, strict=False):
            await client.publish(self._topic(topics.CHANNEL_OF_KIND[kind]), payload, qos=1)
            ack = Ack(stream=self._window.stream, upto=seq, missing=((0, seq - 1),) if seq > 1 else ())
            self._window.take(ack)
            self._listener.on_ack(ack)


class Machine:
    """Puts rows on disk as fast as the service commits them, and counts what it said and sent."""

    def __init__(self, settings: LinkSettings, script: Script, folder: Path, chance: Random) -> None:
        self.name = settings.machine
        self._disk = folder / f"{self.name}.sqlite"
        self.spool = Spool(self._disk)
        self.said: list[Message] = []
        self.published = 0
        self.takeovers = 0
        self.waits_s: list[tuple[float, float]] = []  # of each row: on disk, taken by the service
        self._stored_s: dict[int, float] = {}
        self._settings = settings
        self._script = script
        self._chance = chance
        self._window = Window(chance, self.spool.stream)
        self._handed = 0

    @property
    def committed(self) -> int:
        """How many rows wait neither for the disk nor for the service."""
        return self._handed - self.waiting

    @property
    def waiting(self) -> int:
        """How many rows the service has not committed."""
        return self._handed - len(self.said) + self._window.rows_waiting

    def kept(self) -> set[tuple[str, str, int]]:
        """Read which rows its disk still has, once it has gone home: machine, stream, seq."""
        file = SpoolFile(self._disk)
        try:
            return {(self.name, file.stream, row.seq) for row in file.waiting()}
        finally:
            file.close()

    async def run(self, stop: asyncio.Event, link_of: Callable[..., Link]) -> None:
        """Say the whole script, and serve the link until `stop`."""
        listener = Listener(
            on_message=lambda _: None,
            on_connected=lambda: None,
            on_takeover=self._on_takeover,
            read_rows=self._read,
            on_ack=self._on_ack,
            mono_ms=lambda: int(asyncio.get_running_loop().time() * 1_000),
        )
        link = link_of(self._settings, self._window, listener, self._chance)
        boot = str(uuid.UUID(bytes=self._chance.randbytes(16), version=4))
        link.say(Status(online=True, wall_ms=self._script.start_ms, mono_ms=0, boot=boot, state="idle"))
        self.spool.start(lambda records, _: self._on_stored(link, records, _))
        serving = asyncio.create_task(link.run(stop))
        try:
            for record in self._records(boot):
                while self._is_ahead() and not stop.is_set():  # noqa: ASYNC110 - looks at a thread
                    await asyncio.sleep(LOOK_S)
                if stop.is_set():
                    break  # where nothing is committed any more it would be ahead for ever
                self._handed += 1
                self.spool.put(record)
                await asyncio.sleep(self._script.pause_s)
            await serving
        finally:
            serving.cancel()
            await asyncio.wait({serving}, timeout=10)
            await self.spool.close()

    def _is_ahead(self) -> bool:
        """Tell whether the script must wait: for the service, or for the disk."""
        return self.waiting >= self._script.ahead_most or self._handed - len(self.said) >= AHEAD_MOST

    def _records(self, boot: str) -> Iterator[Record]:
        station = Station(
            machine=self.name,
            kind=catalogue()[self._script.kind],
            boot=boot,
            firmware="chaos",
            site_key=b"",
            clock="sim",
        )
        writer = Writer(station, self.spool.stream, self.spool.beginning().next_seq)
        wall_ms = self._script.start_ms
        for body in self._script.bodies:
            wall_ms += ROW_MS
            if isinstance(body, SignIn):
                wall_ms += SESSION_MS
                writer.open_session(str(uuid.UUID(bytes=self._chance.randbytes(16), version=4)))
            now = Now(body_ms=0, mono_ms=wall_ms - self._script.start_ms, wall_ms=wall_ms)
            yield writer.row(body, now, None)

    def _on_stored(self, link: Link, records: Sequence[Record], _: Health) -> None:
        now_s = asyncio.get_running_loop().time()
        for record in records:
            head = record.message.head
            self.said.append(record.message)
            self._stored_s[head.seq] = now_s
            self._window.add(Waiting(seq=head.seq, kind=head.kind, session=head.session))
        link.wake()

    def _on_ack(self, ack: Ack) -> None:
        now_s = asyncio.get_running_loop().time()
        low = 1
        for first, last in (*ack.missing, (ack.upto + 1, ack.upto + 1)):
            for seq in range(low, first):
                stored_s = self._stored_s.pop(seq, None)
                if stored_s is not None:
                    self.waits_s.append((stored_s, now_s))
            low = last + 1
        self.spool.put(ack)

    async def _read(self, seqs: list[int]) -> list[tuple[str, bytes]]:
        rows = await self.spool.payloads(seqs)
        self.published += len(rows)
        return rows

    def _on_takeover(self) -> None:
        self.takeovers += 1
