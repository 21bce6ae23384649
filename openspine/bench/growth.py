"""`bench growth`: what a message costs in a store of ten million reps, beside an empty one, in turns."""

import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from openspine.bench import scans
from openspine.bench.filled import Filled, Say, Size, filled
from openspine.bench.ingest import Place, answers, delivery, handled, place_of
from openspine.bench.processor import Took, children, since_ms, spent_ms
from services.coaching import Delivery
from services.store.engine import open_engine, upgrade

GOAL_RATIO = 1.2  # quality page, "growth"
KINDS = {"rep": "rep", "set_end": "decision", "answer": "decision", "sign_in": "sign_in"}
COUNTED_AFTER_S = 1.0  # a connection that ends tells of its scans at once, or nearly
Spent = dict[str, list[Took]]  # of a message in each batch, by what was asked


@dataclass(slots=True, kw_only=True)
class Side:
    """One store with its machines, and what its batches took."""

    place: Place
    batch: list[Delivery]
    database: int  # process id of the server
    spent: Spent = field(default_factory=dict)

    def step(self, *, counts: bool) -> None:
        """Handle what the machines have said; they say the next thing."""
        kind = KINDS.get(self.place.machines[0].said_last(), "other")
        pids = (os.getpid(), *children(self.database))
        busy_ms, began = spent_ms(pids), time.perf_counter()
        outcome = handled(self.place, self.batch)
        wall_ms = (time.perf_counter() - began) * 1_000
        if counts:
            share = len(self.batch)
            took = Took(wall_ms=wall_ms / share, processor_ms=since_ms(busy_ms, spent_ms(pids)) / share)
            self.spent.setdefault(kind, []).append(took)
        self.batch = answers(self.place, outcome)


def measure(size: Size, keep: Path | None, machines: int, sessions: int, say: Say) -> dict[str, Any]:
    """Let the same machines train in both stores, batch by batch in turns."""
    with filled(size, keep, say) as store:
        empty_url = store.server.create_database(f"empty_{time.time_ns()}")
        upgrade(empty_url)
        stores = {"full": store.url, "empty": empty_url}
        sides = {name: _side(store, url, machines) for name, url in stores.items()}
        say(f"{sessions} sessions of {machines} machines in each ...")
        for _ in _until(sides, 1):  # a session of each: tables and statements are warm
            for side in sides.values():
                side.step(counts=False)
        looking = open_engine(store.url)
        with looking.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            before = scans.counted(connection)
            for _ in _until(sides, 1 + sessions):
                for side in sides.values():
                    side.step(counts=True)
            for side in sides.values():
                side.place.engine.dispose()
            time.sleep(COUNTED_AFTER_S)
            read_whole = scans.new(before, scans.counted(connection))
        looking.dispose()
    return _found(store, sides, machines) | {"scans": read_whole}


def _side(store: Filled, url: str, machines: int) -> Side:
    place = place_of(store.keys.parent, url, machines, f"growth-{time.time_ns() // 1_000_000_000}")
    batch = [delivery(machine, machine.begin()) for machine in place.machines]
    return Side(place=place, batch=batch, database=store.server.pid)


def _until(sides: dict[str, Side], sessions: int) -> Any:
    """Go on until every machine of every side has done its sessions."""
    while any(
        side.place.machines[0].tally.sessions < sessions * len(side.place.machines) for side in sides.values()
    ):
        yield


def _found(store: Filled, sides: dict[str, Side], machines: int) -> dict[str, Any]:
    full, empty = sides["full"].spent, sides["empty"].spent
    figures = {kind: _compared(full[kind], empty[kind]) for kind in ("rep", "decision", "sign_in")}
    return {
        "ok": max(figures[kind]["ratio"] for kind in ("rep", "decision")) <= GOAL_RATIO,
        "goal_ratio": GOAL_RATIO,
        "held": msgspec.to_builtins(store.held),
        "machines": machines,
        "load_average": round(os.getloadavg()[0], 1),
        "a_message": figures,
    }


def _compared(full: list[Took], empty: list[Took]) -> dict[str, Any]:
    """Compare medians: of the clock, and of the processors in this process and the database."""
    wall = [statistics.median(took.wall_ms for took in spent) for spent in (empty, full)]
    processor = [statistics.median(took.processor_ms for took in spent) for spent in (empty, full)]
    return {
        "batches": len(empty),
        "empty_ms": round(wall[0], 3),
        "full_ms": round(wall[1], 3),
        "ratio": round(wall[1] / wall[0], 3),
        "empty_processor_ms": round(processor[0], 3),
        "full_processor_ms": round(processor[1], 3),
        "processor_ratio": round(processor[1] / processor[0], 3),
    }
