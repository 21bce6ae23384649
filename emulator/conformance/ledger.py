"""What the kit commits and what it keeps back: the `ack` of the played service."""

from dataclasses import dataclass, field

from contract.messages import Ack, Rejected
from emulator.conformance.transcript import Row

REJECTED_AS = "VALUE"  # a dead-letter reason of the protocol page


@dataclass(slots=True)
class Ledger:
    """The rows of one stream that were heard; `quiet`: nothing is acknowledged.

    After a silence one row is said to be missing until it has come again, and one is rejected for good.
    """

    stream: str = ""
    seen: set[int] = field(default_factory=set)
    missing: int | None = None
    rejected: set[int] = field(default_factory=set)
    quiet: bool = False
    unheard: list[Row] = field(default_factory=list)  # rows that came in the silence, when they came first

    def take(self, row: Row) -> bool:
        """Note a row; tells whether it is new. A new stream begins a new ledger."""
        head = row.head
        if head.stream != self.stream:
            self.stream, self.missing = head.stream, None
            self.seen, self.rejected, self.unheard = set(), set(), []
        if head.seq == self.missing:
            self.missing = None
        if head.seq in self.seen:
            return False
        self.seen.add(head.seq)
        if self.quiet:
            self.unheard.append(row)
        return True

    def hush(self) -> None:
        """Acknowledge nothing any more."""
        self.quiet, self.unheard = True, []

    def speak(self, resent: int | None) -> None:
        """Acknowledge again; after a row was sent again, all but one that is missing and one rejected."""
        self.quiet = False
        others = [row for row in self.unheard if row.head.seq != resent]
        self.unheard = []
        if resent is None or len(others) < 2:
            return
        reps = [row for row in others if row.head.kind == "rep"] or others
        self.missing = reps[0].head.seq
        spare = [row for row in others if row.head.seq != self.missing]
        self.rejected.add(spare[-1].head.seq)

    def release(self) -> None:
        """Wait for the missing row no longer."""
        self.missing = None

    def reject(self, seq: int) -> None:
        """Put a row among the dead letters."""
        self.rejected.add(seq)

    def ack(self) -> Ack:
        """Say what is committed; rows that were never heard are missing."""
        upto = max(self.seen, default=0)
        kept = set() if self.missing is None else {self.missing}
        gone = sorted((set(range(1, upto + 1)) - self.seen) | kept)
        return Ack(
            stream=self.stream,
            upto=upto,
            missing=tuple(_ranges(gone)),
            rejected=tuple(Rejected(seq=seq, reason=REJECTED_AS) for seq in sorted(self.rejected)),
        )


def _ranges(seqs: list[int]) -> list[tuple[int, int]]:
    """Join neighbours."""
    found: list[tuple[int, int]] = []
    for seq in seqs:
        if found and seq == found[-1][1] + 1:
            found[-1] = (found[-1][0], seq)
        else:
            found.append((seq, seq))
    return found
