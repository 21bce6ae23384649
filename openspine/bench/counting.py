"""Every row that was answered must be stored, once: counted in the database when a run is over."""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from openspine.bench.load import LoadMachine
from openspine.bench.raw import query

# Where each side keeps a message; of ours a rep counts where the model and the screens find it.
ROWS = {
    "ours": "SELECT stream, seq FROM rep UNION ALL SELECT stream, seq FROM inbox WHERE kind <> 'rep'",
    "raw": "SELECT stream, seq FROM inbox",
    "naive": "SELECT stream, seq FROM received",
    "node_red": "SELECT stream, seq FROM inbox",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Rows answered, those of them that are not stored, and rows stored more than once."""

    answered: int
    lost: int
    doubled: int

    def told(self) -> dict[str, Any]:
        """Say it in a result."""
        return {"answered": self.answered, "lost": self.lost, "doubled": self.doubled}


def count(side: str, url: str, machines: Iterable[LoadMachine]) -> Count:
    """Compare what the machines were answered with what the database holds."""
    answered = {one.stream: {*range(1, one.answered + 1)} - one.unanswered for one in machines}
    return compared(answered, query(url, ROWS[side]))


def compared(answered: Mapping[str, AbstractSet[int]], stored: Iterable[tuple[str, int]]) -> Count:
    """Compare the answered rows of each stream with the rows that are stored."""
    found = Counter((stream, seq) for stream, seq in stored)
    expected = {(stream, seq) for stream, seqs in answered.items() for seq in seqs}
    return Count(
        answered=len(expected),
        lost=len(expected - found.keys()),
        doubled=sum(times - 1 for times in found.values()),
    )
