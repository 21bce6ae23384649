"""A PostgreSQL with a whole studio chain in it: years of reps behind thousands of people."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from sqlalchemy import Engine, func, select, text

from openspine.bench import today
from openspine.bench.clone import Copies, clone
from openspine.demo.store import seed_into
from openspine.demo.studio import read_studio
from openspine.postgres import Postgres
from services.keys.demo import open_keys
from services.keys.identity import make_identity_key
from services.opened import open_store
from services.settings import Settings
from services.store import months, tables
from services.store.engine import upgrade, writing

SEED_PEOPLE = 12
REPS_A_WEEK = 145  # of one person of the seed (two visits); only to choose how many weeks the seed has
WEEKS_MOST = 12  # a course
PEOPLE_OF_SITE = 200
SPREAD_WEEKS = 104  # over how long the courses began
MEMORY = ("shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=30min")
NAME, SIZES = "openspine", "filled.json"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is asked for."""

    patients: int = 10_000
    reps: int = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the store holds, counted."""

    patients: int
    sessions: int
    reps: int
    decisions: int
    settings: int
    gigabytes: float
    partitions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Where the store is, and what it holds."""

    url: str
    keys: Path
    held: Held
    server: Postgres


@contextmanager
def filled(size: Size, keep: Path | None, say: Say) -> Iterator[Filled]:
    """Fill a store of that size, or take the one that the folder `keep` has; without it nothing stays."""
    with TemporaryDirectory(prefix="openspine-filled-") as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        done = folder / SIZES
        kept = None if keep is None else folder / "postgres"
        with Postgres(durable=False, kept=kept, settings=MEMORY) as server:
            if done.exists():
                url = server.url(NAME)
            else:
                url = server.create_database(NAME)
                held = _fill(url, folder, size, say)
                done.write_bytes(msgspec.json.encode(held))
            held = msgspec.json.decode(done.read_bytes(), type=Held)
            say(f"{held.patients} patients, {held.reps} reps, {held.gigabytes} GB")
            yield Filled(url=url, keys=folder / "keys", held=held, server=server)


def _fill(url: str, folder: Path, size: Size, say: Say) -> Held:
    """Write the seed as the demo does, then the copies of it, then what is going on now."""
    upgrade(url)
    keyring = open_keys(folder / "keys")
    make_identity_key(folder / "keys")
    settings = Settings(database_url=url, keys=folder / "keys", demo=True)
    weeks = min(max(round(size.reps / size.patients / REPS_A_WEEK), 1), WEEKS_MOST)
    seed_into(settings, keyring, replace(read_studio(), weeks=weeks), folder / "members.json", say)
    count = max(size.patients // SEED_PEOPLE - 1, 1)
    copies = Copies(
        count=count,
        sites=max(count * SEED_PEOPLE // PEOPLE_OF_SITE, 1),
        weeks=SPREAD_WEEKS,
        now_ms=time.time_ns() // 1_000_000,
    )
    engine = open_store(url, settings.keys, demo=True)
    _months(engine, copies)
    say(f"{count} copies of {weeks} weeks at {copies.sites} sites ...")
    clone(engine, copies, say)
    today.add(engine, copies.now_ms)
    say("statistics ...")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    held = count_rows(engine)
    engine.dispose()
    return held


def _months(engine: Engine, copies: Copies) -> None:
    """Make the months that the copies fall into, as they would have been made in their time."""
    for weeks in range(0, (copies.weeks + WEEKS_MOST) * 7, 14):
        with writing(engine) as connection:
            months.make_ahead(connection, copies.now_ms - weeks * 86_400_000, ahead=0)


def count_rows(engine: Engine) -> Held:
    """Count what there is."""
    with engine.connect() as connection:

        def rows(name: str) -> int:
            return connection.execute(
                select(func.count()).select_from(tables.metadata.tables[name])
            ).scalar_one()

        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        return Held(
            patients=rows("patient"),
            sessions=rows("session"),
            reps=rows("rep"),
            decisions=rows("decision"),
            settings=rows("setting"),
            gigabytes=round(size / 1e9, 1),
            partitions=len(months.standing(connection)),
        )
