"""`bench dashboard`: how soon a page stands in a large store, and what viewers of the floor wait for."""

import asyncio
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiomqtt
import msgspec

from contract import topics
from contract.codec import encode
from contract.messages import Frame
from openspine.bench.filled import Filled, Say, Size, filled
from openspine.bench.viewer import Door, Seen, open_page, watch_floor
from openspine.broker.embedded import Broker, BrokerKind, available_kinds
from openspine.children import LOOPBACK, Surroundings, end, free_port, spawn
from openspine.service import ServiceProcess, ask, sign_in, wait_for
from services.office.demo_staff import DEMO_PASSPHRASE

PAGES = {"floor": "/", "patients": "/patients", "needs": "/needs", "alerts": "/alerts"}
PAGE_GOAL_MS = 2_000.0  # quality page, "screens": the first page
TILE_GOAL_MS = 500.0  # of a tile, 95th percentile, with fifty viewers
FRAME_HZ = 20.0  # as agents send them
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
            _studio(store, Path(folder)) as (door, _),
        ):
            empty = asyncio.run(_pages(door, wanted.loads))
        with (
            filled(wanted.size, wanted.keep, say) as store,
            _studio(store, Path(folder)) as (door, mqtt_port),
        ):
            full = asyncio.run(_pages(door, wanted.loads))
            floor = [
                asyncio.run(_crowd(door, mqtt_port, count, wanted.seconds, say)) for count in wanted.viewers
            ]
    pages = {name: _page(full[name], empty[name]) for name in PAGES}
    return {
        "ok": all(one["ok"] for one in pages.values()) and all(one["ok"] for one in floor),
        "held": msgspec.to_builtins(store.held),
        "load_average": round(os.getloadavg()[0], 1),
        "pages": pages,
        "floor": floor,
    }


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


async def _crowd(door: Door, mqtt_port: int, count: int, seconds: float, say: Say) -> dict[str, Any]:
    """Let `count` viewers look at a floor whose machines all move."""
    say(f"{count} viewers for {seconds:g} s ...")
    machines = _machines(door)
    is_over = asyncio.Event()  # the client may swallow a cancellation in the middle of a publication
    moving = asyncio.create_task(_move(mqtt_port, machines, is_over))
    seen = [Seen() for _ in range(count)]
    all_here = asyncio.Barrier(count)
    try:
        looking = (watch_floor(door, one, seconds, all_here, place / count) for place, one in enumerate(seen))
        await asyncio.gather(*looking)
    finally:
        is_over.set()
        await moving
    refresh = [value for one in seen for value in one.refresh_ms]
    frames = [value for one in seen for value in one.frame_ms]
    return {
        "viewers": count,
        "machines": len(machines),
        "refreshes": len(refresh),
        "refresh_p50_ms": share(refresh, 0.5),
        "refresh_p95_ms": share(refresh, 0.95),
        "frames": len(frames),
        "frame_p50_ms": share(frames, 0.5),
        "frame_p95_ms": share(frames, 0.95),
        "ok": max(share(refresh, 0.95), share(frames, 0.95)) <= TILE_GOAL_MS,
    }


def _machines(door: Door) -> list[str]:
    items = ask(f"{door.service}/v1/floor", 60.0, door.token)["items"]
    return [item["machine"] for item in items]


async def _move(mqtt_port: int, machines: list[str], is_over: asyncio.Event) -> None:
    """Publish a frame of every machine at the pace of agents; `mono_ms` is this computer's own clock."""
    async with aiomqtt.Client(LOOPBACK, mqtt_port, protocol=aiomqtt.ProtocolVersion.V5) as client:
        while not is_over.is_set():
            now_s = time.monotonic()
            for place, machine in enumerate(machines):
                topic = topics.name("sim", machine, "up/frame")
                await client.publish(topic, encode(_frame(now_s, place)), qos=0)
            await asyncio.sleep(max(1 / FRAME_HZ - (time.monotonic() - now_s), 0))


def _frame(now_s: float, place: int) -> Frame:
    turn = now_s + place
    return Frame(
        mono_ms=int(now_s * 1_000),
        set=1,
        rep=1 + int(turn / 6) % 12,
        deg=30 + 15 * math.sin(turn),
        target_deg=30 + 15 * math.sin(turn + 0.1),
        nm=50.0,
        phase="concentric",
    )


@contextmanager
def _studio(store: Filled, folder: Path) -> Iterator[tuple[Door, int]]:
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
            with _dashboard(service.url, folder) as address:
                yield Door(dashboard=address, service=service.url, token=token), broker.port
        finally:
            end(child)


@contextmanager
def _dashboard(service: str, folder: Path) -> Iterator[str]:
    port, log = free_port(), folder / "dashboard.log"
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py")]
    command += ["--server.port", str(port), "--server.address", LOOPBACK, "--server.headless", "true"]
    environment = {**os.environ, "OPENSPINE_API": service, "OPENSPINE_API_PUBLIC": service}
    child: subprocess.Popen[bytes] = spawn(command, log, Surroundings(environment=environment))
    try:
        wait_for(f"http://{LOOPBACK}:{port}/_stcore/health", child, log)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        end(child)


def share(values: list[float], part: float) -> float:
    """Tell the value below which that part of all lies; nan without any."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return round(ordered[min(int(part * len(ordered)), len(ordered) - 1)], 1)
