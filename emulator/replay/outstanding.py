"""Which rows of a replay wait for the service, and when the next may go: that makes a replay deterministic.

A row that may change a decision goes alone: everything before it is committed, and what follows waits until
it is committed itself. So no batch of the service ever holds two of them, whatever the speed of anything.
"""

from dataclasses import dataclass, field

from contract.messages import Ack
from emulator.replay.rewriting import Spoken
from emulator.replay.tape import Row

TOGETHER = frozenset(("rep", "receipt"))  # they are answered by nothing, and commute with their like
WINDOW = 64  # rows under way at once, as an agent has
LISTED_MOST = 100  # gaps that an ack names: beyond them it says nothing of a row


def goes_alone(row: Row, newest_seq: int) -> bool:
    """Tell whether a row may change a decision; a rep that comes late, after the end of its set, may."""
    if row.message is None:
        return False
    head = row.message.head
    return head.kind not in TOGETHER or head.seq < newest_seq


@dataclass(slots=True, kw_only=True)
class Outstanding:
    """Rows that were sent and not yet acknowledged, by machine and stream."""

    sent: int = 0
    acknowledged: int = 0
    rejected: int = 0
    newest: dict[tuple[str, str], int] = field(default_factory=dict)
    _waiting: dict[tuple[str, str], dict[int, Spoken]] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """Count the rows that wait."""
        return sum(len(seqs) for seqs in self._waiting.values())

    def left(self) -> list[Spoken]:
        """List the rows that wait, each stream in order: what was turned away is sent again."""
        return [seqs[seq] for seqs in self._waiting.values() for seq in sorted(seqs)]

    def newest_seq(self, one: Spoken) -> int:
        """Tell the highest number that was sent on the stream of a row."""
        return self.newest.get((one.machine, one.stream or ""), 0)

    def add(self, one: Spoken) -> None:
        """Note that a message was sent; only rows are acknowledged."""
        if one.stream is None:
            return
        key = (one.machine, one.stream)
        self.sent += 1
        self.newest[key] = max(self.newest.get(key, 0), one.seq)
        self._waiting.setdefault(key, {})[one.seq] = one

    def hear(self, machine: str, ack: Ack) -> None:
        """Take out what is committed or rejected for ever."""
        seqs = self._waiting.get((machine, ack.stream), {})
        done = {seq for seq in seqs if _is_settled(seq, ack)}
        for seq in done:
            del seqs[seq]
        rejected = done & {one.seq for one in ack.rejected}
        self.rejected += len(rejected)
        self.acknowledged += len(done) - len(rejected)


def _is_settled(seq: int, ack: Ack) -> bool:
    if seq > ack.upto:
        return len(ack.missing) >= LISTED_MOST  # a part of the recording is played: too many gaps to name
    return not any(first <= seq <= last for first, last in ack.missing)
