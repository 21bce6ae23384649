"""`bench loop`: our whole loop beside a raw loop, a naive service and Node-RED, the same machines before all.

Each side is measured twice: with a message of every machine in flight, and at the pace of people.
"""

import asyncio
import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openspine.bench.counting import count
from openspine.bench.driving import Pace, drive
from openspine.bench.load import LoadMachine, Tally, out_of_step
from openspine.bench.node_red import absent, default_folder, install
from openspine.bench.people import enrol
from openspine.bench.processor import spent_ms
from openspine.bench.sides import SIDES, Databases, Ground, new_databases, new_folder
from openspine.broker.embedded import Broker, best_kind

KIND: Final = "lumbar_extension"
APART_S: Final = 3.0  # quality page: a rep of every machine in so many seconds
PEERS: Final = ("naive", "node_red")
RAW_RUNS: Final = ("raw_before", "raw_after")
GOALS: Final = {"raw": 0.30, "node_red": 2.0, "paced_raw": 2.5}  # quality page
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopOptions:
    """Machines (each with one message in flight), measured seconds of each run, and the database.

    `workers`: 0 for a service alone; else all messages are theirs, and the service shows what is live.
    `paced_s`: measured seconds at one message in three; 0 leaves it out. `has_peers`: beside others too.
    """

    machines: int = 50
    seconds: float = 15.0
    database: str = "sqlite"
    workers: int = 0
    paced_s: float = 0.0
    has_peers: bool = True
    packages: Path | None = None  # of Node-RED; None: the user's cache


def measure(options: LoopOptions, say: Say) -> dict[str, Any]:
    """Measure raw, the peers, ours, raw: the ratios are to the mean of the raw runs around them."""
    why_absent = absent(options.database) if options.has_peers else "not asked for"
    sides = [("raw_before", "raw"), *((name, name) for name in (*PEERS, "ours")), ("raw_after", "raw")]
    left_out = set() if options.has_peers else set(PEERS)
    if why_absent:
        left_out.add("node_red")
    else:
        say("Node-RED: its packages ...")
        install(options.packages or default_folder())
    runs = {}
    with new_folder() as folder, new_databases(options.database) as databases:
        for name, side in sides:
            if name not in left_out:
                say(f"{name}: {options.machines} machines, {options.seconds:.0f} s ...")
                runs[name] = run(side, options, folder / name, databases)
    found = about(options) | runs | {"ratios": ratios(runs), "goals": GOALS}
    return found | ({"node_red": {"absent": why_absent}} if why_absent else {})


def about(options: LoopOptions) -> dict[str, Any]:
    """Say what was measured on what."""
    return {
        "machines": options.machines,
        "seconds": options.seconds,
        "workers": options.workers,
        "database": options.database,
        "broker": best_kind(),
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
    }


def run(side: str, options: LoopOptions, folder: Path, databases: Databases) -> dict[str, Any]:
    """Measure one side on a broker and a database of its own."""
    folder.mkdir()
    url = databases.new(folder.name, folder)
    with Broker(best_kind(), folder / "broker") as broker:
        badges = (
            enrol(url, folder / "keys", options.machines, KIND)
            if side == "ours"
            else ["raw"] * options.machines
        )
        packages = options.packages or default_folder()
        ground = Ground(port=broker.port, url=url, folder=folder, workers=options.workers, packages=packages)
        machines = crowd(badges)
        with SIDES[side](ground) as own:
            found = _driven(machines, broker.port, options, lambda: spent_ms([*own, *databases.processes()]))
            return found | count(side, url, machines).told()


def crowd(badges: Sequence[str]) -> list[LoadMachine]:
    """Make a machine for each badge."""
    tally = Tally()
    machines = [
        LoadMachine(name=f"bench-{index}", kind=KIND, badge=badge, tally=tally)
        for index, badge in enumerate(badges)
    ]
    out_of_step(machines)
    return machines


def _driven(
    machines: list[LoadMachine], port: int, options: LoopOptions, read: Callable[[], dict[int, float]]
) -> dict[str, Any]:
    found = figures(asyncio.run(drive(machines, port, Pace(seconds=options.seconds), read)), options.seconds)
    if options.paced_s:
        paced = Pace(seconds=options.paced_s, apart_s=APART_S)
        found["paced"] = figures(asyncio.run(drive(machines, port, paced, read)), options.paced_s)
    return found


def figures(tally: Tally, seconds: float) -> dict[str, Any]:
    """Tell what a run has measured: messages that are reps, or answered by a setting."""
    messages = len(tally.rep_ms) + len(tally.setting_ms)
    return {
        "messages_per_s": round(messages / seconds, 1),
        "processor_us": round(tally.processor_ms * 1_000 / messages, 1) if messages else None,
        "reps": len(tally.rep_ms),
        "settings": len(tally.setting_ms),
        "rep_ms": spread(tally.rep_ms),
        "setting_ms": spread(tally.setting_ms),
        "rejected": tally.rejected,
        "load_average": round(os.getloadavg()[0], 1),
    }


def ratios(runs: dict[str, dict[str, Any]]) -> dict[str, float | None]:
    """Divide ours by each of the others: messages a second, and the wait of a rep at the pace of people."""
    ours = runs["ours"]
    raw = [runs[name] for name in RAW_RUNS]
    mean = statistics.mean(one["messages_per_s"] for one in raw)
    is_whole = all(one["messages_per_s"] for one in raw)  # of nothing measured there is no mean
    found = {"raw": _share(ours["messages_per_s"], mean) if is_whole else None}
    for name in PEERS:
        if name in runs:
            found[name] = _share(ours["messages_per_s"], runs[name]["messages_per_s"])
    if "paced" in ours and all(one["paced"]["rep_ms"] for one in (ours, *raw)):
        waited = statistics.mean(one["paced"]["rep_ms"]["p50"] for one in raw)
        found["paced_raw"] = _share(ours["paced"]["rep_ms"]["p50"], waited)
    return found


def _share(value: float, of: float) -> float | None:
    return round(value / of, 3) if of else None


def spread(values: list[float]) -> dict[str, float]:
    """Tell median and 99th percentile; empty of nothing."""
    ordered = sorted(values)
    if not ordered:
        return {}
    return {
        name: round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 2)
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }
