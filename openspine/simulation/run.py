"""Many seeds over all cores; the first that breaks a promise is made small and said how to see again."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Any

from openspine.simulation import world
from openspine.simulation.plants import PLANTS, Parts
from openspine.simulation.weather import sky
from openspine.simulation.world import Result

CHUNK = 50  # seeds
SHOWN = 5  # seeds that are named
REPEATED = 50  # every so many seeds one is run twice: its trace must be the same
SUMMED = ("rows", "reps", "decisions", "commands_judged", "faults", "crashes", "acks", "lost", "doubled")
Say = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of some seeds."""

    seeds: int = 0
    repeated: int = 0
    virtual_s: float = 0.0
    sums: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    failed: list[int] = field(default_factory=list)

    def add(self, more: "Tally") -> None:
        """Add what came of other seeds."""
        self.seeds += more.seeds
        self.repeated += more.repeated
        self.virtual_s += more.virtual_s
        self.sums += more.sums
        self.kinds += more.kinds
        self.broken += more.broken
        self.failed = sorted(self.failed + more.failed)


def run(first: int, seeds: int, jobs: int, plant: str | None, say: Say) -> dict[str, Any]:
    """Run `seeds` seeds from `first` on; a planted fault ends it at the first seed that finds it."""
    began_s = time.monotonic()
    whole = Tally()
    told = 0
    for tally in _tallies(_chunks(first, seeds), jobs, plant):
        whole.add(tally)
        if whole.seeds * 20 // seeds > told:
            told = whole.seeds * 20 // seeds
            say(f"{whole.seeds} of {seeds} seeds, {len(whole.failed)} with a broken promise")
    took_s = time.monotonic() - began_s
    report = {
        "ok": not whole.failed and whole.sums["commands_judged"] > 0,
        "planted": plant,
        "seeds": whole.seeds,
        "first_seed": first,
        "repeated": whole.repeated,
        **{name: whole.sums[name] for name in SUMMED},
        "by_fault": dict(sorted(whole.kinds.items())),
        "broken": dict(whole.broken),
        "failed_seeds": whole.failed[:SHOWN],
        "virtual_h": round(whole.virtual_s / 3_600, 1),
        "jobs": jobs,
        "took_s": round(took_s, 1),
        "seeds_per_s": round(whole.seeds / took_s, 1),
    }
    return report | (smallest(whole.failed[0], plant) if whole.failed else {})


def chunk(first: int, size: int, plant: str | None) -> Tally:
    """Run some seeds; with a planted fault only up to the one that finds it."""
    tally = Tally()
    planted = PLANTS[plant] if plant else None
    for seed in range(first, first + size):
        result = world.run(seed, parts_of(plant))
        _count(tally, result)
        if planted is not None and planted.breaks in result.broken:
            break
        if seed % REPEATED == 0 and plant is None:
            tally.repeated += 1
            if world.run(seed).digest != result.digest:
                tally.broken["trace_differs"] += 1
                tally.failed.append(seed)
    return tally


def smallest(seed: int, plant: str | None) -> dict[str, Any]:
    """Leave out every fault without which the same promise still breaks; say how to see it again."""
    first = world.run(seed, parts_of(plant))
    keep = list(range(len(sky(seed).faults)))
    for fault in tuple(keep):
        fewer = [one for one in keep if one != fault]
        if set(first.broken) & set(world.run(seed, parts_of(plant), fewer).broken):
            keep = fewer
    shown = ",".join(map(str, keep)) or "none"
    command = f"./studio chaos simulation --seed {seed} --keep {shown}"
    return {"first": first.first, "see_again": command + (f" --plant {plant}" if plant else "")}


def one(seed: int, plant: str | None, keep: Sequence[int] | None) -> Result:
    """Run one seed with its whole trace."""
    return world.run(seed, parts_of(plant), keep, is_traced=True)


def parts_of(plant: str | None) -> Parts:
    """Return the parts of a run: all whole, or one of them broken."""
    return PLANTS[plant].parts if plant else Parts()


def _count(tally: Tally, result: Result) -> None:
    tally.seeds += 1
    tally.virtual_s += result.virtual_s
    tally.sums.update({name: result.counted.get(name, 0) for name in SUMMED})
    tally.kinds.update(fault.kind for fault in sky(result.seed).faults)
    tally.broken.update(result.broken)
    if result.broken:
        tally.failed.append(result.seed)


def _chunks(first: int, seeds: int) -> list[tuple[int, int]]:
    return [(first + done, min(CHUNK, seeds - done)) for done in range(0, seeds, CHUNK)]


def _tallies(chunks: Sequence[tuple[int, int]], jobs: int, plant: str | None) -> Iterable[Tally]:
    if jobs == 1 or plant is not None:
        return _in_turn(chunks, plant)
    return _in_parallel(chunks, jobs)


def _in_turn(chunks: Sequence[tuple[int, int]], plant: str | None) -> Iterator[Tally]:
    for first, size in chunks:
        tally = chunk(first, size, plant)
        yield tally
        if plant is not None and PLANTS[plant].breaks in tally.broken:
            return


def _in_parallel(chunks: Sequence[tuple[int, int]], jobs: int) -> Iterator[Tally]:
    with ProcessPoolExecutor(jobs) as pool:
        running = [pool.submit(chunk, first, size, None) for first, size in chunks]
        for done in as_completed(running):
            yield done.result()
