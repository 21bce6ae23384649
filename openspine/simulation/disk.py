"""The agent's spool without its thread: the true file, commits that take virtual time, and power cuts."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from contract.messages import Ack
from machine_agent.agent.effects import Record
from machine_agent.agent.station import Beginning
from machine_agent.spool import OnStored
from machine_agent.spool_file import Health, Kept, SpoolFile
from machine_agent.window import Waiting

OnGone = Callable[[str, set[int]], None]  # stream, and the rows that left the disk
OnKept = Callable[[Sequence[Record]], None]  # rows that are on disk now


class SeededFile(SpoolFile):
    """The true file, whose stream's name comes from the seed."""

    def __init__(self, path: Path, chance: Random) -> None:
        self._chance = chance
        super().__init__(path)

    def _new_stream(self) -> str:
        return str(uuid.UUID(bytes=self._chance.randbytes(16), version=4))

    def health(self) -> Health:
        """Say that there is room: a simulation asks no disk."""
        return self.full(1)


class Disk:
    """Orders wait for the next commit; a power cut forgets those, and nothing that was committed."""

    def __init__(self, path: Path, chance: Random, on_kept: OnKept, on_gone: OnGone) -> None:
        self._file = SeededFile(path, chance)
        self._chance, self._on_kept, self._on_gone = chance, on_kept, on_gone
        self._loop = asyncio.get_running_loop()
        self._orders: list[Record | Kept | Ack] = []
        self._on_stored: OnStored = lambda _, __: None
        self._is_off = False

    @property
    def stream(self) -> str:
        """The stream's UUID."""
        return self._file.stream

    def beginning(self) -> Beginning:
        """Say where the spool stands."""
        return self._file.beginning()

    def waiting(self) -> list[Waiting]:
        """List the rows that the service has not committed."""
        return self._file.waiting()

    def start(self, on_stored: OnStored) -> None:
        """Say whom to tell of commits."""
        self._on_stored = on_stored

    def put(self, order: Record | Kept | Ack) -> None:
        """Hand over an order; it is committed a moment later, together with those that come meanwhile."""
        if self._is_off:
            return
        if not self._orders:
            self._loop.call_later(self._chance.uniform(0.0002, 0.004), self._commit)
        self._orders.append(order)

    async def payloads(self, seqs: Sequence[int]) -> list[tuple[str, bytes]]:
        """Read rows back."""
        await asyncio.sleep(0.0002)
        return [] if self._is_off else self._file.payloads(seqs)

    def cut_power(self) -> None:
        """Forget what is not committed."""
        self._is_off = True
        self._orders.clear()
        self._file.close()

    def _commit(self) -> None:
        if self._is_off:
            return
        orders, self._orders = self._orders, []
        records = [one for one in orders if isinstance(one, Record)]
        acks = [one for one in orders if isinstance(one, Ack)]
        before = self._seqs() if acks and self._file.rows else set()
        self._file.commit(records, [one for one in orders if not isinstance(one, Record | Ack)], acks)
        self._on_kept(records)
        if before:
            self._on_gone(self.stream, before - self._seqs())
        # The process may die between the disk's word and the moment it hears of it.
        self._loop.call_later(self._chance.uniform(0.0, 0.001), self._tell, records)

    def _tell(self, records: Sequence[Record]) -> None:
        if not self._is_off:
            self._on_stored(records, self._file.health())

    def _seqs(self) -> set[int]:
        return {row.seq for row in self._file.waiting()}
