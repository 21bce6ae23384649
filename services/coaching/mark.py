"""What is stored of one stream, and what is missing of it."""

from dataclasses import dataclass, field
from typing import Any

from contract.messages import Ack, Rejected

MISSING_MOST = 100  # gaps in one ack: 16 kB hold them easily


@dataclass(slots=True, kw_only=True)
class Mark:
    """What is stored of one stream: the highest seq, the gaps below it, and what this batch rejected."""

    boot: str = ""
    upto: int = 0
    missing: list[tuple[int, int]] = field(default_factory=list)
    rejected: dict[int, str] = field(default_factory=dict)

    def add(self, seq: int) -> None:
        """Note that a row has arrived."""
        if seq > self.upto:
            if seq > self.upto + 1:
                self.missing.append((self.upto + 1, seq - 1))
            self.upto = seq
            return
        for place, (first, last) in enumerate(self.missing):
            if first <= seq <= last:
                halves = [(first, seq - 1), (seq + 1, last)]
                self.missing[place : place + 1] = [(low, high) for low, high in halves if low <= high]
                return

    def has_gap(self, above: int, below: int) -> bool:
        """Tell whether a row between two rows is missing."""
        return any(first < below and last > above for first, last in self.missing)

    def ack(self, stream: str) -> Ack:
        """Say what is committed; with too many gaps only as far as they can be listed."""
        listed = tuple(self.missing[:MISSING_MOST])
        upto = self.missing[MISSING_MOST][0] - 1 if len(self.missing) > MISSING_MOST else self.upto
        rejected = tuple(Rejected(seq=seq, reason=reason) for seq, reason in sorted(self.rejected.items()))
        return Ack(stream=stream, upto=upto, missing=listed, rejected=rejected[:MISSING_MOST])


def mark_of(row: Any) -> Mark:
    """Read a mark from its row in the store."""
    return Mark(boot=row.boot, upto=row.upto, missing=[(first, last) for first, last in row.missing])
