"""`bench loop`: our whole loop beside the raw loop, the same machines in front of both, in one run."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openspine.bench.load import LoadMachine, Tally, drive
from openspine.bench.people import enrol
from openspine.broker.embedded import Broker, best_kind
from openspine.children import LOOPBACK, Surroundings, end, spawn
from openspine.service import PATIENCE_S, ServiceProcess

KIND = "lumbar_extension"
WARM_UP_S = 3.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopOptions:
    """Machines (each with one message in flight), measured seconds of each side, and the database.

    `workers`: 0 for a service alone; else all messages are theirs, and the service shows what is live.
    """

    machines: int = 50
    seconds: float = 15.0
    database: str = "sqlite"
    workers: int = 0


def measure(options: LoopOptions, say: Say) -> dict[str, Any]:
    """Measure raw, ours, raw: the ratio is ours over the mean of the raw runs around it."""
    with tempfile.TemporaryDirectory() as folder, new_databases(options.database) as new_database:
        runs = {}
        for name in ("raw_before", "ours", "raw_after"):
            say(f"{name}: {options.machines} machines, {options.seconds:.0f} s ...")
            place = Path(folder) / name
            place.mkdir()
            runs[name] = _figures(
                _run(name == "ours", options, place, new_database(name, place)), options.seconds
            )
    raw = statistics.mean((runs["raw_before"]["messages_per_s"], runs["raw_after"]["messages_per_s"]))
    return {
        "machines": options.machines,
        "seconds": options.seconds,
        "workers": options.workers,
        "database": options.database,
        "broker": best_kind(),
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        **runs,
        "ratio": round(runs["ours"]["messages_per_s"] / raw, 3) if raw else None,
    }


def compare_workers(options: LoopOptions, say: Say) -> dict[str, Any]:
    """Measure one worker, two and one again: the ratio is two over the mean of the runs around it."""
    runs = {}
    with tempfile.TemporaryDirectory() as folder, new_databases(options.database) as new_database:
        for name, workers in (("one_before", 1), ("two", 2), ("one_after", 1)):
            say(f"{name}: {options.machines} machines, {options.seconds:.0f} s ...")
            place = Path(folder) / name
            place.mkdir()
            tally = _run(True, replace(options, workers=workers), place, new_database(name, place))  # noqa: FBT003 (ours)
            runs[name] = _figures(tally, options.seconds)
    one = statistics.mean((runs["one_before"]["messages_per_s"], runs["one_after"]["messages_per_s"]))
    about = {"machines": options.machines, "seconds": options.seconds, "database": options.database}
    around = {"cores": os.cpu_count(), "load_average": round(os.getloadavg()[0], 1)}
    ratio = round(runs["two"]["messages_per_s"] / one, 3) if one else None
    return {**about, **around, **runs, "ratio": ratio}


def _run(is_ours: bool, options: LoopOptions, folder: Path, url: str) -> Tally:  # noqa: FBT001 - of two
    with Broker(best_kind(), folder / "broker") as broker:
        badges = (
            enrol(url, folder / "keys", options.machines, KIND) if is_ours else ["raw"] * options.machines
        )
        with ours(broker.port, url, folder, options.workers) if is_ours else _raw(broker.port, url, folder):
            tally = Tally()
            machines = [
                LoadMachine(name=f"bench-{index}", kind=KIND, badge=badge, tally=tally)
                for index, badge in enumerate(badges)
            ]
            return asyncio.run(drive(machines, LOOPBACK, broker.port, options.seconds, WARM_UP_S))


def _figures(tally: Tally, seconds: float) -> dict[str, Any]:
    messages = len(tally.rep_ms) + len(tally.setting_ms)
    return {
        "messages_per_s": round(messages / seconds, 1),
        "reps": len(tally.rep_ms),
        "settings": len(tally.setting_ms),
        "rep_ms": spread(tally.rep_ms),
        "setting_ms": spread(tally.setting_ms),
        "rejected": tally.rejected,
    }


def spread(values: list[float]) -> dict[str, float]:
    """Tell median and 99th percentile; empty of nothing."""
    ordered = sorted(values)
    if not ordered:
        return {}
    return {
        name: round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 2)
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }


@contextmanager
def ours(port: int, url: str, folder: Path, workers: int = 0) -> Iterator[None]:
    """Run the service, with workers beside it or alone."""
    part = {"OPENSPINE_MQTT_PART": "live"} if workers else {}
    service = ServiceProcess(
        database_url=url, keys=folder / "keys", mqtt_port=port, log=folder / "service.log", extra=part
    )
    children = [service.start()]
    try:
        service.wait(children[0])
        children.extend(
            _worker(service, number, folder / f"worker-{number}.log") for number in range(1, workers + 1)
        )
        yield
    finally:
        for child in children:
            end(child)


def _worker(service: ServiceProcess, number: int, log: Path) -> subprocess.Popen[bytes]:
    """Start a worker and wait until the broker has its subscription."""
    around = Surroundings(environment={**os.environ, **service.environment()})
    child = spawn([sys.executable, "-m", "openspine", "worker", "--number", str(number)], log, around)
    deadline_s = time.monotonic() + PATIENCE_S
    while b"message rim starts" not in (log.read_bytes() if log.exists() else b""):
        if child.poll() is not None or time.monotonic() > deadline_s:
            raise RuntimeError(f"the worker does not work: {log.read_text(errors='replace')[-800:]}")
        time.sleep(0.1)
    return child


@contextmanager
def _raw(port: int, url: str, folder: Path) -> Iterator[None]:
    child = spawn([sys.executable, "-m", "openspine.bench.raw", str(port), url], folder / "raw.log")
    try:
        time.sleep(WARM_UP_S)  # it has no readiness of its own; the tally starts after a warm-up anyway
        yield
    finally:
        end(child)


@contextmanager
def new_databases(kind: str) -> Iterator[Callable[[str, Path], str]]:
    """Yield what makes a fresh database for a run: a file, or a database of one durable PostgreSQL."""
    if kind == "sqlite":
        yield lambda _name, folder: f"sqlite:///{folder / 'bench.sqlite'}"
        return
    from openspine.postgres import Postgres  # noqa: PLC0415 - only where PostgreSQL is measured

    with Postgres() as server:
        yield lambda name, _folder: server.create_database(name)
