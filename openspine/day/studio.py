"""The people and machines of a day, put into a store with the weeks behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from emulator.day.booking import Booked, book
from emulator.people.members import Member
from openspine.generator.invented import CIRCUIT, machines
from openspine.generator.run import FIRST_DAY_MS
from openspine.generator.wing import DAY_MS, SITE, Scribe, Wing
from services.desk import open_desk
from services.keys.demo import Keys, open_keys
from services.settings import Settings
from services.store import people
from services.store.engine import open_engine, upgrade, writing

WEEK_DAYS = 7
VISITS_PER_WEEK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How large a day; `rate` (body seconds in a real one, or infinite) changes nothing of what happens."""

    patients: int = 40
    machines: int = 8
    seed: int = 1
    rate: float = 60.0
    weeks: int = 2
    therapists: int = 2
    hours: float = 8.0
    is_dry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A studio before its doors open: machines (id -> kind), people as they are today, the booking list."""

    opens_ms: int
    day_ms: int
    machines: dict[str, str]
    people: dict[str, Member]
    booked: tuple[Booked, ...]


def open_studio(asked: Asked, url: str, keys_folder: Path) -> tuple[Opened, Keys]:
    """Enrol everybody with limits and write the weeks behind them into an empty store."""
    upgrade(url)
    keys = open_keys(keys_folder)
    settings = Settings(database_url=url, keys=keys_folder, demo=True)
    opens_ms = FIRST_DAY_MS + asked.weeks * WEEK_DAYS * DAY_MS
    wing = Wing(
        number=1,
        seed=asked.seed,
        first=0,
        count=asked.patients,
        weeks=asked.weeks,
        visits_per_week=VISITS_PER_WEEK,
        first_day_ms=FIRST_DAY_MS,
    )
    stations = machines(CIRCUIT, asked.machines, "")
    engine = open_engine(url)
    with writing(engine) as connection:
        scribe = Scribe(
            wing=wing,
            connection=connection,
            keys=keys,
            desk=open_desk(settings, keys.command, keys.site),
        )
        _, history = scribe.write()
        made = {"origin": "sim", "site_id": SITE, "enrolled_ms": opens_ms, "retired": False}
        for machine, kind in stations.items():
            people.add_machine(connection, {"id": machine, "kind": kind, "name": machine, **made})
    engine.dispose()
    return _opened(asked, opens_ms, stations, history.members), keys


def _opened(asked: Asked, opens_ms: int, stations: dict[str, str], members: Sequence[Member]) -> Opened:
    day_ms = round(asked.hours * 3_600_000)
    return Opened(
        opens_ms=opens_ms,
        day_ms=day_ms,
        machines=stations,
        people={one.badge: one for one in members},
        booked=book(members, asked.seed, day_ms),
    )
