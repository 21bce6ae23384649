"""A disk that fills up under a spool: SQLite itself refuses with "database or disk is full"."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from contract.messages import Ack
from machine_agent.agent.effects import Record
from machine_agent.spool_file import Kept, SpoolFile

MOST_PAGES = 4_294_967_294  # SQLite's own bound on a file's pages


@dataclass(slots=True)
class Disk:
    """Whether there is room; changed from the event loop, read by the spool's thread."""

    is_full: bool = False


class FillingFile(SpoolFile):
    """A spool file on a disk that can be full: no page is added to it as long as it is."""

    def __init__(self, disk: Disk, path: Path, most_bytes: int) -> None:
        super().__init__(path, most_bytes)
        self._disk = disk

    def commit(self, records: Iterable[Record], keeps: Iterable[Kept], acks: Iterable[Ack]) -> None:
        """Commit within the room that there is."""
        # The bound is never below what the file has: so it cannot grow, and what is free in it is used.
        self._db.execute(f"PRAGMA max_page_count = {1 if self._disk.is_full else MOST_PAGES}")
        super().commit(records, keeps, acks)
