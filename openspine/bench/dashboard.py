"""`bench dashboard`: how soon a page stands in a large store, and what viewers of the floor wait for.

A page: from the request to its last element, without a browser's drawing. The floor: see `bench/tiles.py`;
viewers speak both protocols of the page, Streamlit's and the component's own.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from openspine.bench.crowd import Stage, gather, result, share
from openspine.bench.filled import Filled, Say, Size, filled
from openspine.bench.viewer import Door, Seen, open_page
from openspine.broker.embedded import Broker, BrokerKind, available_kinds
from openspine.children import LOOPBACK, Surroundings, end, free_port, spawn
from openspine.service import ServiceProcess, sign_in, wait_for
from services.office.demo_staff import DEMO_PASSPHRASE

PAGES = {"floor": "/", "patients": "/patients", "needs": "/needs", "alerts": "/alerts"}
PAGE_GOAL_MS = 2_000.0  # quality page, "screens": the first page
WHO = "therapist"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How large the store is, how often pages are opened, how many look at once and for how long."""

    size: Size
    keep: Path | None
    loads: int
    viewers: tuple[int, ...]
    seconds: float


def measure(wanted: Wanted, say: Say) -> dict[str, Any]:
    """Open every page in a small and in the filled studio, then let more and more watch its floor."""
    with TemporaryDirectory() as folder:
        say("a small studio ...")
        with (
            filled(Size(patients=24, reps=24), None, say) as store,
            studio(store, Path(folder)) as stage,
        ):
            empty = asyncio.run(_pages(stage.door, wanted.loads))
        with (
            filled(wanted.size, wanted.keep, say) as store,
            studio(store, Path(folder)) as stage,
        ):
            full = asyncio.run(_pages(stage.door, wanted.loads))
            floor = [watched(stage, count, wanted.seconds, say) for count in wanted.viewers]
    pages = {name: _page(full[name], empty[name]) for name in PAGES}
    return report(msgspec.to_builtins(store.held), pages, floor)


def report(held: dict[str, Any], pages: dict[str, Any], floor: list[dict[str, Any]]) -> dict[str, Any]:
    """Put together what was measured, and how busy this computer was at the end of it."""
    return {
        "ok": all(one["ok"] for one in pages.values()) and all(one["ok"] for one in floor),
        "held": held,
        "pages": pages,
        "floor": floor,
        "load_average": round(os.getloadavg()[0], 1),
    }


def watched(stage: Stage, count: int, seconds: float, say: Say) -> dict[str, Any]:
    """Let so many look at the floor, and say how busy this computer was."""
    say(f"{count} viewers for {seconds:g} s ...")
    found = result(asyncio.run(gather(stage, count, seconds)))
    return found | {"load_average": round(os.getloadavg()[0], 1)}


async def _pages(door: Door, loads: int) -> dict[str, list[float]]:
    """Open each page `loads` times, in turns; the first round warms up and does not count."""
    spent: dict[str, list[float]] = {name: [] for name in PAGES}
    for load in range(-1, loads):
        for name, where in PAGES.items():
            seen = Seen()
            await open_page(door, where, seen)
            if load >= 0:
                spent[name].append(seen.page_ms)
    return spent


def _page(full: list[float], empty: list[float]) -> dict[str, Any]:
    p50, p95 = share(full, 0.5), share(full, 0.95)
    base = share(empty, 0.5)
    return {
        "p50_ms": p50,
        "p95_ms": p95,
        "small_p50_ms": base,
        "ratio": round(p50 / base, 2),
        "loads": len(full),
        "ok": p95 <= PAGE_GOAL_MS,
    }


@contextmanager
def studio(store: Filled, folder: Path) -> Iterator[Stage]:
    """Run broker, service and dashboard over a store, with somebody signed in."""
    kind: BrokerKind = available_kinds()[0]
    with Broker(kind, folder / f"broker-{free_port()}") as broker:
        service = ServiceProcess(
            database_url=store.url,
            keys=store.keys,
            mqtt_port=broker.port,
            log=folder / "service.log",
            extra={"OPENSPINE_SIGN_IN": "true"},
        )
        child = service.start()
        try:
            service.wait(child)
            token = sign_in(service.url, WHO, DEMO_PASSPHRASE)
            with _dashboard(service.url, folder) as (address, pid):
                door = Door(dashboard=address, service=service.url, token=token)
                processes = {"dashboard": pid, "service": child.pid}
                yield Stage(door=door, mqtt_port=broker.port, processes=processes)
        finally:
            end(child)


@contextmanager
def _dashboard(service: str, folder: Path) -> Iterator[tuple[str, int]]:
    port, log = free_port(), folder / "dashboard.log"
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py")]
    command += ["--server.port", str(port), "--server.address", LOOPBACK, "--server.headless", "true"]
    environment = {**os.environ, "OPENSPINE_API": service, "OPENSPINE_API_PUBLIC": service}
    child: subprocess.Popen[bytes] = spawn(command, log, Surroundings(environment=environment))
    try:
        wait_for(f"http://{LOOPBACK}:{port}/_stcore/health", child, log)
        yield f"http://{LOOPBACK}:{port}", child.pid
    finally:
        end(child)
