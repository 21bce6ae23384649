"""The demo's database: made once from the whole course, then copied from the cache of the same day."""

import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from emulator.people import members
from openspine.demo import today
from openspine.demo.papers import Writer
from openspine.demo.seed import SITE, Seeder
from openspine.demo.studio import DemoStudio, read_studio
from services.desk import open_desk
from services.keys.demo import Keys, open_keys
from services.keys.folder import PUBLIC_FILE
from services.keys.identity import make_identity_key
from services.monitoring import look
from services.office import demo_staff
from services.opened import open_store
from services.settings import Settings
from services.store.engine import upgrade, writing

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "contract",
    "ml",
    "services/store",
    "services/access",
    "services/coaching",
    "services/office",
    "services/prescribing",
    "emulator",
    "openspine/demo",
)
KIOSK_FILE = "kiosk.json"  # beside the members who train by themselves: who comes to the kiosk
LIBRARIES = ("numpy", "scikit-learn", "sqlalchemy")
NS_IN_MS = 1_000_000
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How much history the studio has."""

    sessions: int
    sets: int
    reps: int
    missed: int

    def __str__(self) -> str:
        return f"{self.sessions} sessions, {self.sets} sets, {self.reps} reps behind 12 patients"


def prepare(folder: Path, weeks: int, say: Say) -> Written:
    """Lay a seeded database and the members of today into the folder; keys are made when missing."""
    studio = replace(read_studio(), weeks=weeks)
    keyring = open_keys(folder / "keys")
    make_identity_key(folder / "keys")
    cached = folder / "cache" / _fingerprint(studio, keyring, (folder / "keys" / PUBLIC_FILE).read_bytes())
    if not (cached / "written.json").exists():
        shutil.rmtree(folder / "cache", ignore_errors=True)
        cached.mkdir(parents=True)
        database_url = f"sqlite:///{cached / 'openspine.sqlite'}"
        made = Settings(database_url=database_url, keys=folder / "keys", demo=True)
        upgrade(made.database_url)
        written = seed_into(made, keyring, studio, cached / "members.json", say)
        _write_papers(made, studio)
        (cached / "written.json").write_bytes(msgspec.json.encode(written))
    for suffix in ("", "-wal", "-shm"):
        (folder / f"openspine.sqlite{suffix}").unlink(missing_ok=True)
    shutil.copyfile(cached / "openspine.sqlite", folder / "openspine.sqlite")
    for name in ("members.json", KIOSK_FILE):
        shutil.copyfile(cached / name, folder / name)
    _open_doors(folder, studio)
    return msgspec.json.decode((cached / "written.json").read_bytes(), type=Written)


def _write_papers(made: Settings, studio: DemoStudio) -> None:
    """Write what staff and people said besides, and when the machines were measured."""
    now_ms = time.time_ns() // NS_IN_MS
    engine = open_store(made.database_url, made.keys, demo=True)
    with writing(engine) as connection:
        for patient in studio.patients:
            Writer(connection=connection, studio=studio, patient=patient, now_ms=now_ms).write()
        today.calibrate(connection, studio, now_ms)
    engine.dispose()


def _open_doors(folder: Path, studio: DemoStudio) -> None:
    """Book the visits of today into the copy: when they are depends on when the demo starts."""
    engine = open_store(f"sqlite:///{folder / 'openspine.sqlite'}", folder / "keys", demo=True)
    with writing(engine) as connection:
        today.book(connection, studio, time.time_ns() // NS_IN_MS)
    engine.dispose()


def seed_into(settings: Settings, keyring: Keys, studio: DemoStudio, people: Path, say: Say) -> Written:
    """Write the whole course into an empty, migrated database and its members into `people`.

    Twelve weeks of limits are signed in this process, by the code of the prescribing process.
    """
    engine = open_store(settings.database_url, settings.keys, demo=True)
    say(f"writing {studio.weeks} weeks of history for {len(studio.patients)} patients ...")
    with writing(engine) as connection:  # one transaction: half a history would be no history
        seeder = Seeder(
            studio=studio,
            connection=connection,
            keys=keyring,
            desk=open_desk(settings, keyring.command, keyring.site),
            progress=_Steps(say),
            now_ms=time.time_ns() // NS_IN_MS,
        )
        done = seeder.seed()
        demo_staff.seed(connection, SITE, time.time_ns() // NS_IN_MS)
    while look(engine, None):  # or the service would have twelve weeks of decisions to look at when it starts
        pass
    engine.dispose()
    people.parent.mkdir(parents=True, exist_ok=True)
    kiosk = {one.badge for one in studio.at_kiosk}
    members.write(people, [one for one in done.members if one.badge not in kiosk])
    members.write(people.with_name(KIOSK_FILE), [one for one in done.members if one.badge in kiosk])
    return Written(sessions=done.sessions, sets=done.sets, reps=done.reps, missed=done.missed)


class _Steps:
    """Say how far the history is, every quarter."""

    def __init__(self, say: Say) -> None:
        self._say, self._next = say, 0.25

    def __call__(self, share: float) -> None:
        while share >= self._next:
            self._say(f"  {self._next:.0%}")
            self._next += 0.25


def _fingerprint(studio: DemoStudio, keyring: Keys, public: bytes) -> str:
    """Name everything the history depends on: the code, its libraries, the keys, the day."""
    found = hashlib.sha256(keyring.site + public + bytes([studio.weeks]))
    for package in SOURCES:
        for file in sorted((ROOT / package).rglob("*")):
            if file.suffix in (".py", ".toml", ".json", ".skops"):
                found.update(file.read_bytes())
    for library in LIBRARIES:
        found.update(version(library).encode())
    day = datetime.now(ZoneInfo(studio.zone)).date()
    found.update(day.isoformat().encode())
    return found.hexdigest()[:16]
