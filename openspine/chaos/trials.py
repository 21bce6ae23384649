"""`chaos service`: every trial of the service one after the other, each in a fresh folder and database."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from openspine import postgres
from openspine.broker.embedded import best_kind
from openspine.chaos.cold import cold
from openspine.chaos.flood import flood
from openspine.chaos.kills import Kills, Say, kills
from openspine.chaos.outage import RATE_PER_S, backlog, database_stopped

Trial = Literal["service", "broker", "workers", "cold", "database", "backlog", "flood"]
Doing = Coroutine[None, None, dict[str, Any]]
TRIALS: tuple[Trial, ...] = get_args(Trial)
SUMMED = ("messages", "lost", "doubled", "buried")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How often, how long (s), how many."""

    kills: int
    cold: int
    stopped_s: float
    backlog: int
    flood_s: float  # of each round


WHOLE = Size(kills=200, cold=10, stopped_s=60.0, backlog=20_000, flood_s=20.0)
QUICK = Size(kills=8, cold=1, stopped_s=3.0, backlog=1_200, flood_s=8.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which trials, how large; without `app_ack` machines believe the broker, and rows must be lost."""

    size: Size
    trials: tuple[Trial, ...] = TRIALS
    seed: int = 1
    app_ack: bool = True


def run(plan: Plan, say: Say) -> dict[str, Any]:
    """Do the trials; `ok` when nothing is lost or doubled and every bound holds."""
    began_s = time.monotonic()
    with _database(say) as server:
        done = {name: _timed(name, plan, server, say) for name in plan.trials}
    told = {name: one for name, one in done.items() if one is not None}
    return {
        "ok": all(one["ok"] for one in told.values()),
        **{name: sum(one.get(name, 0) for one in told.values()) for name in SUMMED},
        "database": "sqlite" if server is None else "postgresql",
        "broker": best_kind(),
        "seed": plan.seed,
        "app_ack": plan.app_ack,
        **asdict(plan.size),
        "trials": told,
        "skipped": [name for name, one in done.items() if one is None],
        "seconds": round(time.monotonic() - began_s, 1),
    }


def _timed(name: Trial, plan: Plan, server: postgres.Postgres | None, say: Say) -> dict[str, Any] | None:
    trial = _trial(name, plan, server, say)
    if trial is None:
        say(f"{name}: skipped, PostgreSQL is not installed here")
        return None
    say(f"{name} ...")
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="openspine-chaos-") as folder:
        found = asyncio.run(trial(Path(folder)))
    return found | {"seconds": round(time.monotonic() - began_s, 1)}


def _trial(
    name: Trial, plan: Plan, server: postgres.Postgres | None, say: Say
) -> Callable[[Path], Doing] | None:
    """Make one trial ready; None when it cannot be done here."""
    size = plan.size
    url = None if server is None else server.create_database(f"chaos_{name}")
    match name:
        case "service" | "broker" | "workers":
            of: Literal["service", "broker"] = "broker" if name == "broker" else "service"
            wish = Kills(of=of, times=size.kills, seed=plan.seed, app_ack=plan.app_ack)
            if name == "workers":  # as a large studio runs them: a share each, and the pace of a machine
                wish = replace(wish, workers=2, rate_per_s=RATE_PER_S)
            return lambda folder: kills(folder, url, wish, say)
        case "cold":
            return lambda folder: cold(folder, url, size.cold, say)
        case "backlog":
            return lambda folder: backlog(folder, url, size.backlog, say)
        case "flood":
            return lambda folder: flood(folder, url, size.flood_s, say)
        case "database":
            return None if server is None else lambda folder: _stopped(folder, server, size.stopped_s, say)


def _stopped(folder: Path, server: postgres.Postgres, for_s: float, say: Say) -> Doing:
    return database_stopped(folder, server, server.url("chaos_database"), for_s, say)


@contextmanager
def _database(say: Say) -> Iterator[postgres.Postgres | None]:
    if not postgres.is_available():
        say("PostgreSQL is not installed here: SQLite takes its place")
        yield None
        return
    with postgres.Postgres() as server:
        yield server
