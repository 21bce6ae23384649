"""`bench growth`: what a message costs in a store of ten million reps, beside an empty one, in turns."""

import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from openspine.bench.filled import Filled, Say, Size, filled
from openspine.bench.ingest import Place, answers, delivery, handled, place_of
from services.coaching import Delivery
from services.store.engine import upgrade

GOAL_RATIO = 1.2  # quality page, "growth"
KINDS = {"rep": "rep", "set_end": "decision", "answer": "decision", "sign_in": "sign_in"}
Spent = dict[str, list[float]]  # milliseconds a message of each batch, by what was asked


@dataclass(slots=True, kw_only=True)
class Side:
    """One store with its machines, and what its batches took."""

    place: Place
    batch: list[Delivery]
    spent_ms: Spent = field(default_factory=dict)

    def step(self, *, counts: bool) -> None:
        """Handle what the machines have said; they say the next thing."""
        kind = KINDS.get(self.place.machines[0].said_last(), "other")
        began = time.perf_counter()
        outcome = handled(self.place, self.batch)
        took_ms = (time.perf_counter() - began) * 1_000 / len(self.batch)
        if counts:
            self.spent_ms.setdefault(kind, []).append(took_ms)
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
        for _ in _until(sides, 1 + sessions):
            for side in sides.values():
                side.step(counts=True)
        for side in sides.values():
            side.place.engine.dispose()
    return _found(store, sides, machines)


def _side(store: Filled, url: str, machines: int) -> Side:
    place = place_of(store.keys.parent, url, machines, f"growth-{time.time_ns() // 1_000_000_000}")
    return Side(place=place, batch=[delivery(machine, machine.begin()) for machine in place.machines])


def _until(sides: dict[str, Side], sessions: int) -> Any:
    """Go on until every machine of every side has done its sessions."""
    while any(
        side.place.machines[0].tally.sessions < sessions * len(side.place.machines) for side in sides.values()
    ):
        yield


def _found(store: Filled, sides: dict[str, Side], machines: int) -> dict[str, Any]:
    full, empty = sides["full"].spent_ms, sides["empty"].spent_ms
    figures = {
        kind: {
            "batches": len(empty[kind]),
            "empty_ms": round(statistics.median(empty[kind]), 3),
            "full_ms": round(statistics.median(full[kind]), 3),
            "ratio": round(statistics.median(full[kind]) / statistics.median(empty[kind]), 3),
        }
        for kind in ("rep", "decision", "sign_in")
    }
    return {
        "ok": max(figures[kind]["ratio"] for kind in ("rep", "decision")) <= GOAL_RATIO,
        "goal_ratio": GOAL_RATIO,
        "held": msgspec.to_builtins(store.held),
        "machines": machines,
        "load_average": round(os.getloadavg()[0], 1),
        "a_message": figures,
    }
