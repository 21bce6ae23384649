"""`bench queries`: everything that screens ask of the API, in a store of ten thousand people."""

import os
import time
import urllib.error
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from openspine.bench import scans
from openspine.bench.filled import Filled, Say, Size, filled
from openspine.bench.processor import Took, children, since_ms, spent_ms
from openspine.bench.questions import QUESTIONS, SITE, Question, subjects
from openspine.children import end
from openspine.service import ServiceProcess, ask, sign_in
from services.office.demo_staff import DEMO_PASSPHRASE
from services.opened import open_store
from services.store.engine import writing

GOAL_MS = 100.0  # quality page, "screens": 95th percentile of every query
STAFF = ("therapist", "clinician", "admin", "auditor")
COUNTED_AFTER_S = 1.1  # PostgreSQL tells of a scan a second later, with the next transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A service of our own in front of the store, and the tokens of whoever asks it."""

    url: str
    tokens: Mapping[str, str]
    service: int  # process id
    database: int

    def ask(self, question: Question, names: Mapping[str, str]) -> Took:
        """Ask once."""
        path = question.path.format_map(names)
        busy_ms, began = self._busy_ms(), time.perf_counter()
        ask(f"{self.url}{path}", 60.0, self.tokens[question.who])
        wall_ms = (time.perf_counter() - began) * 1_000
        return Took(wall_ms=wall_ms, processor_ms=since_ms(busy_ms, self._busy_ms()))

    def _busy_ms(self) -> dict[int, float]:
        return spent_ms((self.service, *children(self.database)))


def measure(size: Size, keep: Path | None, runs: int, say: Say) -> dict[str, Any]:
    """Ask every question `runs` times, in turns; then once more each, to see which tables it reads whole."""
    with filled(size, keep, say) as store, TemporaryDirectory() as folder:
        engine = open_store(store.url, store.keys, demo=True)
        with writing(engine) as connection:
            _place_staff(connection)
        with engine.connect() as connection:
            names = subjects(connection)
        with _service(store, Path(folder)) as asking:
            spent = _asked(asking, names, runs, say)
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                read_whole = {one.name: _scans(connection, asking, one, names) for one in QUESTIONS}
        engine.dispose()
    found = {one.name: _figures(one, spent[one.name], read_whole[one.name]) for one in QUESTIONS}
    missed = [name for name, one in found.items() if one["p95_ms"] > GOAL_MS]
    of_reps = [name for name, one in found.items() if any(table.startswith("rep") for table in one["scans"])]
    return {
        "ok": not missed and not of_reps,
        "goal_ms": GOAL_MS,
        "held": msgspec.to_builtins(store.held),
        "runs": runs,
        "load_average": round(os.getloadavg()[0], 1),
        "missed": missed,
        "scan_reps": of_reps,
        "questions": found,
    }


def _asked(asking: Asking, names: Mapping[str, str], runs: int, say: Say) -> dict[str, list[Took]]:
    spent: dict[str, list[Took]] = {one.name: [] for one in QUESTIONS}
    for run in range(-1, runs):  # the first round warms up and does not count
        for one in QUESTIONS:
            try:
                took = asking.ask(one, names)
            except urllib.error.HTTPError as refused:
                raise RuntimeError(f"{one.name}: {one.path} answers {refused.code}") from refused
            if run >= 0:
                spent[one.name].append(took)
        if run % 10 == 0:
            say(f"  round {run} of {runs}")
    return spent


def _scans(connection: Connection, asking: Asking, one: Question, names: Mapping[str, str]) -> list[str]:
    """Ask once and tell which large tables were read from one end to the other."""
    before = scans.counted(connection)
    asking.ask(one, names)
    time.sleep(COUNTED_AFTER_S)
    asking.ask(one, names)
    return sorted(scans.new(before, scans.counted(connection)))


def _figures(one: Question, spent: list[Took], read_whole: list[str]) -> dict[str, Any]:
    wall, processor = (
        _spread([took.wall_ms for took in spent]),
        _spread([took.processor_ms for took in spent]),
    )
    return {
        "who": one.who,
        "p50_ms": wall[0],
        "p95_ms": wall[1],
        "processor_p50_ms": processor[0],
        "processor_p95_ms": processor[1],
        "ok": wall[1] <= GOAL_MS,
        "scans": read_whole,
    }


def _spread(values: list[float]) -> tuple[float, float]:
    """Tell median and 95th percentile."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return round(ordered[len(ordered) // 2], 1), round(ordered[min(int(0.95 * len(ordered)), last)], 1)


@contextmanager
def _service(store: Filled, folder: Path) -> Iterator[Asking]:
    service = ServiceProcess(
        database_url=store.url,
        keys=store.keys,
        mqtt_port=1,
        log=folder / "service.log",
        extra={"OPENSPINE_MQTT": "none", "OPENSPINE_SIGN_IN": "true"},
    )
    child = service.start()
    try:
        service.wait(child)
        tokens = {login: sign_in(service.url, login, DEMO_PASSPHRASE) for login in STAFF}
        yield Asking(url=service.url, tokens=tokens, service=child.pid, database=store.server.pid)
    finally:
        end(child)


def _place_staff(connection: Connection) -> None:
    """Let the therapist be of one site of many, and the clinician of the whole chain."""
    for role, site in (("therapist", SITE), ("clinician", None)):
        connection.execute(
            text("UPDATE staff_role SET site_id = :site WHERE role = :role"), {"site": site, "role": role}
        )
