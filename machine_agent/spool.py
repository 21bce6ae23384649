"""The spool's own thread: the 50 Hz loop hands rows over and is told when they are on disk."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from contract.messages import Ack
from machine_agent.agent.effects import Record
from machine_agent.agent.station import Beginning
from machine_agent.spool_file import FULL_PERCENT, SPOOL_MOST_BYTES, Health, Kept, SpoolFile
from machine_agent.spool_place import SpoolError
from machine_agent.window import Waiting

QUEUE_MOST = 4_096  # orders; a thread so far behind is an outage, and the drive unloads with the process
BATCH_MOST = 256  # orders in one transaction
RETRY_S = 1.0  # after a disk error


OnStored = Callable[[Sequence[Record], Health], None]
OpenFile = Callable[[Path, int], SpoolFile]


class _Read:
    """A wish to read rows back."""

    def __init__(self, seqs: Sequence[int], future: "asyncio.Future[list[tuple[str, bytes]]]") -> None:
        self.seqs = seqs
        self.future = future


_Order = Record | Kept | Ack | _Read | None


class Spool:
    """A file and its thread. `on_stored` is called in the event loop of `start`, after each commit."""

    def __init__(
        self, path: Path, most_bytes: int = SPOOL_MOST_BYTES, open_file: OpenFile = SpoolFile
    ) -> None:
        self._file = open_file(path, most_bytes)
        self._orders: queue.Queue[_Order] = queue.Queue(QUEUE_MOST)
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self._broken: sqlite3.Error | None = None

    @property
    def stream(self) -> str:
        """The stream's UUID."""
        return self._file.stream

    def beginning(self) -> Beginning:
        """Say where the spool stands; before `start` only."""
        return self._file.beginning()

    def waiting(self) -> list[Waiting]:
        """List the rows of earlier lives; before `start` only."""
        return self._file.waiting()

    def health(self) -> Health:
        """Say how full it is; before `start` only."""
        return self._file.health()

    def start(self, on_stored: OnStored) -> None:
        """Start the thread; results come back into the running event loop."""
        loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, args=(loop, on_stored), name="spool", daemon=True)
        self._thread.start()

    def put(self, order: Record | Kept | Ack) -> None:
        """Hand over a row, what is to be kept, or an acknowledgement; never waits.

        Raises `queue.Full` in an outage, and `SpoolError` when the file broke while in use: the process must
        end then, and the next one sets the file aside.
        """
        self.raise_if_broken()
        self._orders.put_nowait(order)

    def raise_if_broken(self) -> None:
        """Raise `SpoolError` when the file broke while in use."""
        if self._broken is not None:
            raise SpoolError(f"the spool broke: {self._broken}")

    async def payloads(self, seqs: Sequence[int]) -> list[tuple[str, bytes]]:
        """Read rows back as (kind, bytes), in this order; committed ones are left out."""
        self.raise_if_broken()
        future: asyncio.Future[list[tuple[str, bytes]]] = asyncio.get_running_loop().create_future()
        self._orders.put_nowait(_Read(seqs, future))
        return await future

    async def close(self) -> None:
        """Store what is still queued, then end the thread and close the file."""
        if self._thread is not None:
            self._ending.set()
            self._orders.put_nowait(None)
            await asyncio.to_thread(self._thread.join)
        self._file.close()

    def _run(self, loop: asyncio.AbstractEventLoop, on_stored: OnStored) -> None:
        try:
            self._work(loop, on_stored)
        except sqlite3.Error as error:  # the file is damaged: nothing more can be stored in it
            self._broken = error
            _tell(loop, on_stored, [], self._file.full(FULL_PERCENT))

    def _work(self, loop: asyncio.AbstractEventLoop, on_stored: OnStored) -> None:
        while True:
            orders = self._batch()
            records = [order for order in orders if isinstance(order, Record)]
            keeps = [order for order in orders if isinstance(order, Kept)]
            acks = [order for order in orders if isinstance(order, Ack)]
            if (records or keeps or acks) and not self._store(loop, on_stored, (records, keeps, acks)):
                return
            for read in orders:
                if isinstance(read, _Read):
                    _tell(loop, _answer, read.future, self._read(read.seqs))
            if None in orders:
                return

    def _store(
        self,
        loop: asyncio.AbstractEventLoop,
        on_stored: OnStored,
        work: tuple[list[Record], list[Kept], list[Ack]],
    ) -> bool:
        """Commit, again and again while the disk refuses; False when the spool is closed meanwhile."""
        while True:
            try:
                self._file.commit(*work)
            except sqlite3.OperationalError:
                _tell(loop, on_stored, [], self._file.full(FULL_PERCENT))
                if self._ending.wait(RETRY_S):
                    return False
                self._file.make_room()
            else:
                _tell(loop, on_stored, work[0], self._health())
                return True

    def _health(self) -> Health:
        """Say how full the disk is: full, when it refuses to drop curves; the rows are stored."""
        try:
            return self._file.health()
        except sqlite3.OperationalError:
            return self._file.full(FULL_PERCENT)

    def _read(self, seqs: Sequence[int]) -> list[tuple[str, bytes]]:
        """Read rows back; none while the disk refuses: their time comes again."""
        try:
            return self._file.payloads(seqs)
        except sqlite3.OperationalError:
            return []

    def _batch(self) -> list[_Order]:
        orders = [self._orders.get()]
        while len(orders) < BATCH_MOST and not self._orders.empty():
            orders.append(self._orders.get_nowait())
        return orders

    async def __aenter__(self) -> Self:
        """Return itself; `start` is called by who listens."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()


def _tell(loop: asyncio.AbstractEventLoop, callback: Callable[..., None], *values: object) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(callback, *values)


def _answer(future: "asyncio.Future[list[tuple[str, bytes]]]", rows: list[tuple[str, bytes]]) -> None:
    if not future.done():
        future.set_result(rows)
