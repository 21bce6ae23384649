"""What is stored of one stream, and what is missing of it."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any

from contract.messages import Ack, Rejected

MISSING_MOST = 100  # gaps in one ack: 16 kB hold them easily
GAPS_MOST = 2_000  # of one stream: each batch reads and writes them all; no window of a machine opens so many


@dataclass(slots=True, kw_only=True)
class Mark:
    """What is stored of one stream: the highest seq, the gaps below it, and what this batch rejected."""

    boot: str = ""
    upto: int = 0
    missing: list[tuple[int, int]] = field(default_factory=list)  # in order
    rejected: dict[int, str] = field(default_factory=dict)

    def add(self, seq: int) -> None:
        """Note that a row has arrived."""
        if seq > self.upto:
            if seq > self.upto + 1:
                self.missing.append((self.upto + 1, seq - 1))
            self.upto = seq
            return
        gap = self._gap_of(seq)
        if gap is not None:
            place, first, last = gap
            halves = [(first, seq - 1), (seq + 1, last)]
            self.missing[place : place + 1] = [(low, high) for low, high in halves if low <= high]

    def takes(self, seq: int) -> bool:
        """Tell whether a row may be added: where gaps are many, only one that opens none and splits none."""
        if len(self.missing) < GAPS_MOST or seq == self.upto + 1:
            return True
        gap = self._gap_of(seq)
        return seq <= self.upto if gap is None else seq in gap[1:]

    def has_gap(self, above: int, below: int) -> bool:
        """Tell whether a row between two rows is missing."""
        place = bisect_right(self.missing, above, key=_last)
        return place < len(self.missing) and self.missing[place][0] < below

    def _gap_of(self, seq: int) -> tuple[int, int, int] | None:
        """Find the gap that a row is missing in: its place, first and last row."""
        place = bisect_left(self.missing, seq, key=_last)
        if place == len(self.missing) or self.missing[place][0] > seq:
            return None
        return place, *self.missing[place]

    def ack(self, stream: str) -> Ack:
        """Say what is committed; with too many gaps only as far as they can be listed."""
        listed = tuple(self.missing[:MISSING_MOST])
        upto = self.missing[MISSING_MOST][0] - 1 if len(self.missing) > MISSING_MOST else self.upto
        rejected = tuple(Rejected(seq=seq, reason=reason) for seq, reason in sorted(self.rejected.items()))
        return Ack(stream=stream, upto=upto, missing=listed, rejected=rejected[:MISSING_MOST])


def _last(gap: tuple[int, int]) -> int:
    return gap[1]


def mark_of(row: Any) -> Mark:
    """Read a mark from its row in the store."""
    return Mark(boot=row.boot, upto=row.upto, missing=[(first, last) for first, last in row.missing])
