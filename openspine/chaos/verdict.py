"""What machines said beside what the service holds: rows lost, rows doubled, rows buried."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from contract.messages import Message
from openspine.chaos.service import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Counts of rows."""

    messages: int
    lost: int
    doubled: int
    buried: int

    @property
    def is_sound(self) -> bool:
        """Tell whether every row is held exactly once."""
        return self.lost == self.doubled == self.buried == 0


def verdict(said: Iterable[Message], found: Found, *, has_inbox: bool = True) -> Verdict:
    """Compare identities in the inbox, and rows of each kind in their tables."""
    heads = [message.head for message in said]
    sent = {(head.machine, head.stream, head.seq) for head in heads}
    kinds: Counter[str] = Counter(head.kind for head in heads)
    wanted = Counter({kind: count for kind, count in kinds.items() if kind in found.kinds})
    return Verdict(
        messages=len(sent),
        lost=max(len(sent - set(found.rows)), (wanted - found.kinds).total()),
        doubled=max(found.rows.total() - len(found.rows), (found.kinds - kinds).total() if has_inbox else 0),
        buried=found.buried,
    )
