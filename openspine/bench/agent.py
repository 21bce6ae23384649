"""`bench agent`: what the agent costs the computer at the machine: start, memory, processor, disk."""

import asyncio
import contextlib
import json
import os
import re
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from subprocess import Popen
from typing import Any

import aiomqtt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import codec, topics
from contract.messages import Status
from openspine.broker.embedded import Broker, best_kind
from openspine.children import LOOPBACK, end, free_port, is_listening, spawn

ROOT = Path(__file__).parents[2]
MACHINE = "bench-1"
STARTS = 5
PATIENCE_S = 20.0
START_MOST_S, MEMORY_MOST_MB, CPU_MOST_PERCENT, INSTALL_MOST_MB = 1.0, 60.0, 5.0, 45.0  # design: quality
MB = 1_000_000
HOW_INSTALLED = "files of the distributions of requirements/base.txt as installed here, and the two rooms"
CONFIG = """
[machine]
id = "{machine}"
kind = "lumbar_extension"
driver = "still"
keys = "keys.json"
site_key = "site"
spool = "spool.sqlite"
[broker]
port = {broker}
[screen]
port = {screen}
"""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a process has used: resident memory, its share of shared pages, processor seconds."""

    rss_mb: float
    pss_mb: float
    cpu_s: float


def measure(seconds: float, say: Say) -> dict[str, Any]:
    """Measure the agent and its watchdog, the screen on and one page open; each figure with its goal."""
    with tempfile.TemporaryDirectory() as folder, Broker(best_kind(), Path(folder) / "broker") as broker:
        screen = free_port()
        config = _configure(Path(folder), broker.port, screen)
        say(f"{STARTS} starts ...")
        starts = [asyncio.run(_start_s(config, broker.port)) for _ in range(STARTS)]
        say(f"{seconds:.0f} s at 50 Hz, the screen open ...")
        with _running(config) as child, _page(screen):
            processes = _used(child.pid, seconds)
    installed = installed_mb()
    total = {name: sum(one[name] for one in processes.values()) for name in ("rss_mb", "cpu_percent")}
    return {
        "start_s": _figure(
            statistics.median(wall_s for wall_s, _ in starts),
            START_MOST_S,
            all_s=[round(wall_s, 3) for wall_s, _ in starts],
            processor_s=round(statistics.median(cpu_s for _, cpu_s in starts), 2),
        ),
        "rss_mb": _figure(total["rss_mb"], MEMORY_MOST_MB, of=processes),
        "cpu_percent": _figure(total["cpu_percent"], CPU_MOST_PERCENT, seconds=seconds),
        "install_mb": _figure(sum(installed.values()), INSTALL_MOST_MB, of=installed, measured=HOW_INSTALLED),
    }


def _figure(value: float, goal: float, **more: Any) -> dict[str, Any]:
    return {"value": round(value, 3), "goal": goal, "ok": value <= goal, **more}


def _configure(folder: Path, broker: int, screen: int) -> Path:
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    (folder / "keys.json").write_text(json.dumps({"bench": {"use": "command", "public": public}}))
    (folder / "site").write_text("00ff")
    config = folder / "agent.toml"
    config.write_text(CONFIG.format(machine=MACHINE, broker=broker, screen=screen))
    return config


@contextlib.contextmanager
def _running(config: Path) -> Iterator["Popen[bytes]"]:
    child = spawn([sys.executable, "-m", "machine_agent", str(config)], config.parent / "agent.log")
    try:
        yield child
    finally:
        end(child)


async def _start_s(config: Path, port: int) -> tuple[float, float]:
    """Start the agent; returns the seconds to its first status that says idle, and those of the processor."""
    async with aiomqtt.Client(LOOPBACK, port, protocol=aiomqtt.ProtocolVersion.V5) as client:
        await client.subscribe(topics.name("sim", MACHINE, "up/status"), qos=1)
        began_s = time.monotonic()
        with _running(config) as child:
            async with asyncio.timeout(PATIENCE_S):
                async for message in client.messages:
                    if message.retain or not isinstance(message.payload, bytes):
                        continue
                    status = codec.decode_up(str(message.topic), message.payload)
                    if isinstance(status, Status) and status.online and status.state == "idle":
                        cpu_s = sum(_usage(pid).cpu_s for pid in (child.pid, _agent_of(child.pid)))
                        return time.monotonic() - began_s, cpu_s
    raise TimeoutError


@contextlib.contextmanager
def _page(port: int) -> Iterator[None]:
    """Keep the stream of one page open, and read it away."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_listening(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    is_over = threading.Event()
    with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/events", timeout=PATIENCE_S) as stream:
        reader = threading.Thread(target=_read_away, args=(stream, is_over))
        reader.start()
        yield
        is_over.set()
        reader.join()


def _read_away(stream: Any, is_over: threading.Event) -> None:
    """Read lines until it is over; the stream tells something every second at least."""
    while not is_over.is_set() and stream.readline():
        pass


def _used(watchdog: int, seconds: float) -> dict[str, dict[str, float]]:
    """Measure watchdog and agent over a time, after they have settled."""
    time.sleep(2)
    pids = {"agent": _agent_of(watchdog), "watchdog": watchdog}
    before = {name: _usage(pid) for name, pid in pids.items()}
    time.sleep(seconds)
    after = {name: _usage(pid) for name, pid in pids.items()}
    return {
        name: {
            "rss_mb": round(after[name].rss_mb, 1),
            "pss_mb": round(after[name].pss_mb, 1),
            "cpu_percent": round((after[name].cpu_s - before[name].cpu_s) / seconds * 100, 2),
        }
        for name in pids
    }


def _agent_of(watchdog: int) -> int:
    return int(_proc(watchdog, f"task/{watchdog}/children").split()[0])


def _usage(pid: int) -> Usage:
    """Read what Linux says of a process."""
    memory = dict(re.findall(r"^(Rss|Pss):\s+(\d+)", _proc(pid, "smaps_rollup"), re.MULTILINE))
    words = _proc(pid, "stat").rpartition(")")[2].split()
    return Usage(
        rss_mb=int(memory["Rss"]) * 1_024 / MB,
        pss_mb=int(memory["Pss"]) * 1_024 / MB,
        cpu_s=(int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK"),
    )


def _proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


def installed_mb() -> dict[str, float]:
    """Add up the files of what the agent needs: the locked base requirements, `machine_agent` and `contract`.

    Compiled bytecode is left out: an installer writes none, and a read-only disk never has any.
    """
    names = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "base.txt").read_text(), re.MULTILINE)
    found = {name: size for name in sorted(set(names)) if (size := _distribution_mb(name)) is not None}
    for room in ("machine_agent", "contract"):
        files = [one for one in (ROOT / room).rglob("*") if one.is_file() and one.suffix != ".pyc"]
        found[room] = round(sum(one.stat().st_size for one in files) / MB, 2)
    return found


def _distribution_mb(name: str) -> float | None:
    """Add up the files of one distribution; None where this platform does not need it."""
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return None
    paths = [Path(str(one.locate())) for one in files if one.suffix != ".pyc"]
    return round(sum(one.stat().st_size for one in paths if one.is_file()) / MB, 2)
