"""What a loop is measured with: ours and its peers, each a process of its own behind the same broker."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from openspine.bench.node_red import default_folder, node_red
from openspine.bench.processor import children
from openspine.bench.raw import READY
from openspine.children import Surroundings, end, free_port, spawn
from openspine.postgres import Postgres
from openspine.service import ServiceProcess, wait_for

PATIENCE_S = 120.0  # a bench waits also where others leave it little of the processors


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a side stands on: broker's port, a database of its own, a folder, how many workers ours has."""

    port: int
    url: str
    folder: Path
    workers: int = 0
    packages: Path = field(default_factory=default_folder)  # of Node-RED


Side = Callable[[Ground], AbstractContextManager[list[int]]]  # yields its processes


@contextmanager
def ours(ground: Ground) -> Iterator[list[int]]:
    """Run the service alone, or with workers that take all messages while it shows what is live."""
    part = {"OPENSPINE_MQTT_PART": "live"} if ground.workers else {}
    folder = ground.folder
    service = ServiceProcess(
        database_url=ground.url,
        keys=folder / "keys",
        mqtt_port=ground.port,
        log=folder / "service.log",
        extra=part,
    )
    started = [service.start()]
    try:
        wait_for(f"{service.url}/readyz", started[0], service.log, PATIENCE_S)
        numbers = range(1, ground.workers + 1)
        started.extend(_worker(service, number, folder / f"worker-{number}.log") for number in numbers)
        yield [child.pid for child in started]
    finally:
        for child in started:
            end(child)


def _worker(service: ServiceProcess, number: int, log: Path) -> "subprocess.Popen[bytes]":
    """Start a worker and wait until the broker has its subscription."""
    around = Surroundings(environment={**os.environ, **service.environment()})
    child = spawn([sys.executable, "-m", "openspine", "worker", "--number", str(number)], log, around)
    try:
        _wait_for_words("message rim starts", child, log)
    except RuntimeError:
        end(child)
        raise
    return child


def _wait_for_words(words: str, child: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a process has written some words; RuntimeError carries the end of its log."""
    deadline = time.monotonic() + PATIENCE_S
    while words not in log.read_text(errors="replace"):
        if child.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"it does not work: {log.read_text(errors='replace')[-800:]}")
        time.sleep(0.1)


@contextmanager
def raw(ground: Ground) -> Iterator[list[int]]:
    """Run the yardstick."""
    log = ground.folder / "raw.log"
    child = spawn([sys.executable, "-m", "openspine.bench.raw", str(ground.port), ground.url], log)
    try:
        _wait_for_words(READY, child, log)
        yield [child.pid]
    finally:
        end(child)


@contextmanager
def naive(ground: Ground) -> Iterator[list[int]]:
    """Run the obvious service."""
    http, log = free_port(), ground.folder / "naive.log"
    program = [sys.executable, "-m", "openspine.bench.naive", str(ground.port), ground.url, str(http)]
    child = spawn(program, log)
    try:
        wait_for(f"http://127.0.0.1:{http}/readyz", child, log, PATIENCE_S)
        yield [child.pid]
    finally:
        end(child)


def drawn(ground: Ground) -> AbstractContextManager[list[int]]:
    """Run the flow in Node-RED."""
    return node_red(ground.packages, ground.port, ground.url, ground.folder)


SIDES: dict[str, Side] = {"ours": ours, "raw": raw, "naive": naive, "node_red": drawn}


@dataclass(frozen=True, slots=True, kw_only=True)
class Databases:
    """Makes a fresh database for each run: a file, or one of a durable PostgreSQL."""

    server: Postgres | None

    def new(self, name: str, folder: Path) -> str:
        """Return the URL of an empty database."""
        if self.server is None:
            return f"sqlite:///{folder / 'bench.sqlite'}"
        return self.server.create_database(name)

    def processes(self) -> list[int]:
        """List the processes of the server; none of SQLite, which works in ours."""
        return [] if self.server is None else [self.server.pid, *children(self.server.pid)]


@contextmanager
def new_databases(kind: str) -> Iterator[Databases]:
    """Run a server where one is needed."""
    if kind == "sqlite":
        yield Databases(server=None)
        return
    with Postgres() as server:
        yield Databases(server=server)


@contextmanager
def new_folder() -> Iterator[Path]:
    """Make a folder for one bench; it goes with it."""
    with tempfile.TemporaryDirectory(prefix="openspine-bench-") as name:
        yield Path(name)
