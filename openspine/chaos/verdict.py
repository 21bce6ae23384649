"""What machines said beside what the service holds: rows lost, doubled, buried; and what still waits."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from typing import Any

from contract.messages import Message
from openspine.chaos.service import Found, Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Counts of rows; `waiting` ones are on a machine's disk and not with the service yet, hence not lost."""

    messages: int
    lost: int
    doubled: int
    buried: int
    waiting: int = 0
    put_aside_for: str = ""  # the commonest reason

    @property
    def is_sound(self) -> bool:
        """Tell whether every row is held exactly once, or still on its machine's disk."""
        return self.lost == self.doubled == self.buried == 0

    @property
    def is_whole(self) -> bool:
        """Tell whether the service has every row exactly once."""
        return self.is_sound and self.waiting == 0

    def told(self, gave_up: str = "") -> dict[str, Any]:
        """Report the counts, and in words what is wrong; `gave_up`: why nobody waited any longer."""
        wrong = {
            "lost": f"{self.lost} rows are neither with the service nor on a machine's disk",
            "doubled": f"{self.doubled} rows are held twice",
            "buried": f"{self.buried} rows were put aside, most of them for {self.put_aside_for}",
            "waiting": f"{self.waiting} rows still wait on machines' disks: not lost, not delivered either",
        }
        counts = asdict(self)
        del counts["put_aside_for"]
        why = [words for name, words in wrong.items() if counts[name]]
        return counts | {"why": "; ".join([*why, gave_up] if gave_up else why)}


def verdict(
    said: Iterable[Message],
    found: Found,
    *,
    kept: AbstractSet[Identity] = frozenset(),
    has_inbox: bool = True,
) -> Verdict:
    """Compare identities in the inbox, and rows of each kind in their tables; `kept` rows are on disks."""
    heads = {(one.head.machine, one.head.stream, one.head.seq): one.head for one in said}
    waiting = {identity for identity in heads.keys() & kept if identity not in found.rows}
    kinds: Counter[str] = Counter(head.kind for head in heads.values())
    due: Counter[str] = Counter(head.kind for identity, head in heads.items() if identity not in waiting)
    wanted = Counter({kind: count for kind, count in due.items() if kind in found.kinds})
    missing = heads.keys() - found.rows.keys() - waiting
    return Verdict(
        messages=len(heads),
        lost=max(len(missing), (wanted - found.kinds).total()),
        doubled=max(found.rows.total() - len(found.rows), (found.kinds - kinds).total() if has_inbox else 0),
        buried=found.reasons.total(),
        waiting=len(waiting),
        put_aside_for=next((reason for reason, _ in found.reasons.most_common(1)), ""),
    )
