"""How long processes have had a processor: what a neighbour takes does not count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What something took in milliseconds: until it was done, and of processors, in us and the database."""

    wall_ms: float
    processor_ms: float


def spent_ms(pids: Iterable[int]) -> dict[int, float]:
    """Tell the processor time of processes with all their threads; who is gone has spent nothing (Linux)."""
    return {pid: _of_process(pid) / 1e6 for pid in pids}


def since_ms(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """Sum what was spent between two readings; a process that has ended meanwhile does not count."""
    return sum(after[pid] - before.get(pid, 0.0) for pid in after if after[pid] > before.get(pid, 0.0))


def children(pid: int) -> list[int]:
    """List the processes that a process has started."""
    found = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in _read(file).split()]
    return found


def _of_process(pid: int) -> int:
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int((_read(file).split() or ["0"])[0]) for file in tasks)  # nanoseconds on a processor


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
