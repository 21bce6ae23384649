"""What the bus counts."""

from dataclasses import dataclass

from services.coaching import Outcome


@dataclass(slots=True, kw_only=True)
class Counts:
    """What the bus has done since it started."""

    received: int = 0
    batches: int = 0
    stored: int = 0
    duplicates: int = 0
    rejected: int = 0
    too_fast: int = 0  # turned away, as their machine had that many waiting for its pace
    no_room: int = 0  # turned away, as memory was full
    forgotten: int = 0  # as their link is lost: the broker sends them again
    published: int = 0
    failed_transactions: int = 0
    largest_batch: int = 0

    @property
    def turned_away(self) -> int:
        """Count what the machines send again."""
        return self.too_fast + self.no_room

    def add(self, outcome: Outcome, size: int) -> None:
        """Count a batch of so many messages."""
        self.batches += 1
        self.stored += outcome.stored
        self.duplicates += outcome.duplicates
        self.rejected += outcome.rejected
        self.largest_batch = max(self.largest_batch, size)
