"""Invented patients and their weeks into a store: wings over processes, each whole or not at all."""

import hashlib
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.engine import make_url

from openspine import parallel
from openspine.generator import wing as wings
from openspine.generator.merging import merge
from openspine.generator.wing import Scribe, Wing, Written
from services.desk import open_desk
from services.keys.audit import open_audit_key
from services.keys.demo import open_keys
from services.monitoring import look
from services.opened import open_store
from services.settings import Settings
from services.store.engine import open_engine, upgrade, writing

FIRST_DAY_MS = 1_767_600_000_000  # Monday 5 January 2026, 08:00 UTC: the same history on every day
SQLITE = "sqlite"
PATIENTS = 24  # of a full wing: a batch is then as large as the bus makes them under load


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How much history, into which migrated database, signed with the keys of which folder."""

    patients: int
    weeks: int
    seed: int
    url: str
    keys: Path
    visits_per_week: int = 2
    jobs: int = parallel.ALL_CORES


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One wing for one process."""

    wing: Wing
    url: str
    keys: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One wing in the store; `made` is False when it stood there before. Seconds of this process."""

    written: Written
    made: bool
    processor_s: float


def generate(asked: Asked, progress: parallel.Progress) -> dict[str, Any]:
    """Write everything that is not there yet; the figures do not depend on the number of processes."""
    upgrade(asked.url)
    open_keys(asked.keys)
    began = time.perf_counter()
    pieces = [Piece(wing=one, url=asked.url, keys=asked.keys) for one in divided(asked)]
    done = parallel.spread(write, pieces, jobs=asked.jobs, progress=progress)
    if not is_sqlite(asked.url):
        _look(asked.url)
    return _summed(asked, done, time.perf_counter() - began)


def divided(asked: Asked) -> list[Wing]:
    """Divide the patients into wings; the last one may be smaller."""
    return [
        Wing(
            number=number,
            seed=asked.seed,
            first=first,
            count=min(PATIENTS, asked.patients - first),
            weeks=asked.weeks,
            visits_per_week=asked.visits_per_week,
            first_day_ms=FIRST_DAY_MS,
        )
        for number, first in enumerate(range(0, asked.patients, PATIENTS), 1)
    ]


def write(piece: Piece) -> Done:
    """Write one wing, or find it; SQLite has one writer: there it is first made in a file of its own."""
    began = time.process_time()
    engine = open_engine(piece.url)
    with engine.connect() as connection:
        before = wings.found(connection, piece.wing)
    engine.dispose()
    if before is not None:
        return Done(written=before, made=False, processor_s=0.0)
    if not is_sqlite(piece.url):
        written = _write_into(piece.url, piece)
        return Done(written=written, made=True, processor_s=time.process_time() - began)
    whole = Path(make_url(piece.url).database or "")
    with TemporaryDirectory(prefix="openspine-wing-", dir=whole.absolute().parent) as folder:
        part = Path(folder) / "part.sqlite"
        url = f"sqlite:///{part}"
        upgrade(url)
        written = _write_into(url, piece)
        _look(url)
        merge(part, whole, open_audit_key(piece.keys, make=False))
    return Done(written=written, made=True, processor_s=time.process_time() - began)


def is_sqlite(url: str) -> bool:
    """Tell whether this database has one writer at a time."""
    return make_url(url).get_backend_name() == SQLITE


def _write_into(url: str, piece: Piece) -> Written:
    keys = open_keys(piece.keys)
    settings = Settings(database_url=url, keys=piece.keys, demo=True)
    engine = open_store(url, piece.keys, demo=True)
    with writing(engine) as connection:  # one transaction: half a history would be no history
        scribe = Scribe(
            wing=piece.wing,
            connection=connection,
            keys=keys,
            desk=open_desk(settings, keys.command, keys.site),
        )
        written, _ = scribe.write()
    engine.dispose()
    return written


def _look(url: str) -> None:
    """Look at every decision, or the service would have all of them to look at when it starts."""
    engine = open_engine(url)
    while look(engine, None):
        pass
    engine.dispose()


def _summed(asked: Asked, done: list[Done], seconds: float) -> dict[str, Any]:
    made = [one.written for one in done if one.made]
    names = ("sessions", "sets", "reps", "missed", "rows", "decisions")
    whole = hashlib.sha256("".join(one.written.digest for one in done).encode()).hexdigest()[:16]
    reps, busy_s = sum(one.reps for one in made), sum(one.processor_s for one in done)
    return {
        "ok": True,
        "patients": asked.patients,
        "weeks": asked.weeks,
        "seed": asked.seed,
        **{name: sum(asdict(one.written)[name] for one in done) for name in names},
        "digest": whole,
        "reps_made": reps,
        "seconds": round(seconds, 1),
        "reps_per_s": round(reps / seconds, 1) if reps else 0.0,
        "processor_s": round(busy_s, 1),
        "reps_per_processor_s": round(reps / busy_s, 1) if busy_s else 0.0,
        "wings": {"made": len(made), "found": len(done) - len(made)},
    }
