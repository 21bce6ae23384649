"""A small studio for journeys: broker, service, signing process and dashboard over weeks of history.

Nothing is made up but the people: they sign in with a passphrase and a one-time code, or a code and a PIN.
"""

import fcntl
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyotp
from sqlalchemy import Connection, Engine, Row, select

from emulator.people import members
from openspine.broker.embedded import best_kind
from openspine.demo.processes import Processes
from openspine.demo.store import seed_into
from openspine.demo.studio import DEMO_PIN, read_studio
from openspine.service import wait_for
from services.access.actor import Role
from services.access.proof import Proofs, new_seed
from services.coaching.enrol import NewPatient, enrol
from services.keys.demo import Keys, open_keys
from services.keys.identity import make_identity_key
from services.opened import open_store
from services.prescribing.sign import full_envelope, prescribe
from services.settings import Settings
from services.store import people, staff, tables
from services.store.engine import upgrade, writing
from services.store.tables.day import home_exercise

HERE, ELSEWHERE = "studio", "north"
WEEKS, VISITS_A_WEEK = 4, 3  # the last visit was three days ago: its morning may still be told
ALIVE, PHONE, OTHER = "P06", "P02", "P05"  # demo people: trains on the floor; looks at a phone; somebody else
FAR = "N01"  # enrolled at the other site
TWELVE = tuple(f"T{number:02}" for number in range(1, 13))  # at as many machines of the other site
SORE, HEAVY = "S01", "S02"  # who come to a scripted machine, by a badge of the same name
RATE = 5.0  # body time beside real time: a set lasts some ten seconds
PASSPHRASE = "kettle umbra vowel tangent"  # noqa: S105 (of people in tests)
STAFF: tuple[tuple[str, str, Role, str | None], ...] = (
    ("wing", "Ho Wing Yan", "therapist", HERE),
    ("chi", "Lee Chi Wai", "therapist", HERE),
    ("may", "Lui Mei Yee", "therapist", HERE),
    ("tin", "Tam Tin Yau", "therapist", HERE),
    ("kit", "Fung Kit Man", "therapist", ELSEWHERE),
    ("yan", "Dr Wong Ka Yan", "clinician", HERE),
    ("lok", "Yip Lok Hei", "auditor", None),
)
NAMES = {FAR: "Mrs Yeung", SORE: "Mr Ho", HEAVY: "Ms Kwok"}
STATION = "lumbar_extension"
CODE_STEP_S = 30  # of one-time codes; one is taken once
SLOW_MS = 60_000  # two busy cores
START_S = 240.0  # of three processes at once on them
STANDS = "[data-testid=stApp][data-test-script-state=notRunning]"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealStudio:
    """What runs, the ids of people by their codes, and the seeds of second factors by login."""

    processes: Processes
    patients: dict[str, str]
    seeds: dict[str, str]
    used: dict[str, float] = field(default_factory=dict)  # by login: from when on a new code is there

    @property
    def address(self) -> str:
        """Where the dashboard is."""
        return self.processes.dashboard_url

    def one_time_code(self, login: str) -> str:
        """Give a code that was not used yet, of now or of the next step: clocks may differ by one."""
        now = time.time()
        at = max(now, self.used.get(login, 0.0))
        if at > now + CODE_STEP_S:
            time.sleep(at - now - CODE_STEP_S)
        self.used[login] = (at // CODE_STEP_S + 1) * CODE_STEP_S
        return pyotp.TOTP(self.seeds[login]).at(at)

    def enter(self, page: Any, who: str, path: str = "/") -> None:
        """Go from the dashboard to the door, sign in there, and come back to where one wanted to go."""
        page.goto(self.address + path)
        page.wait_for_url(re.compile("/sign-in"), timeout=SLOW_MS)
        page.locator("#patient:not([hidden])").wait_for(timeout=SLOW_MS)
        if who in self.seeds:
            page.click("#tab-staff")
            page.fill("#staff-login", who)
            page.fill("#staff-passphrase", PASSPHRASE)
            page.fill("#staff-code", self.one_time_code(who))
            page.press("#staff-code", "Enter")
        else:
            page.fill("#patient-code", who)
            page.fill("#patient-pin", DEMO_PIN)
            page.click("#patient button")
        page.wait_for_url(re.compile(re.escape(self.address)), timeout=SLOW_MS)
        stands(page)

    def go(self, page: Any, path: str) -> None:
        """Open an address of the dashboard and wait until the page stands."""
        page.goto(self.address + path)
        stands(page)

    def prove(self, page: Any, login: str) -> None:
        """Prove again who one is, in place."""
        page.get_by_label("Passphrase").fill(PASSPHRASE)
        page.get_by_label("One-time code").fill(self.one_time_code(login))
        page.get_by_role("button", name="Continue").click()

    def rows(self, wanted: Any) -> list[Row[Any]]:
        """Read from the store."""
        engine = _store(self.processes)
        with engine.connect() as connection:
            found = list(connection.execute(wanted))
        engine.dispose()
        return found


def machine_of(code: str) -> str:
    """Name the machine of one of the twelve."""
    return f"extension-{code.lower()}"


def stands(page: Any) -> None:
    """Wait until a page of the dashboard is drawn to its end."""
    page.locator("h1").first.wait_for(timeout=SLOW_MS)
    page.locator(STANDS).wait_for(timeout=SLOW_MS)
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')", timeout=SLOW_MS)


@contextmanager
def opened(shared: Path, own: Path) -> Iterator[RealStudio]:
    """Run the studio in a folder of one's own; its store is written once into `shared` and copied."""
    with _alone(shared / "real-studio.lock"):
        original = shared / "real-studio"
        if not original.exists():
            half_made = shared / "real-studio.half-made"
            shutil.rmtree(half_made, ignore_errors=True)
            _write(half_made)
            half_made.rename(original)
    shutil.copytree(original, own, dirs_exist_ok=True)
    with ExitStack() as stack:
        processes = stack.enter_context(Processes.in_folder(own, best_kind(), RATE))
        processes.start_dashboard()
        processes.start_service()
        processes.start_prescriber()
        ready = {
            "service": f"{processes.service.url}/readyz",
            "prescriber": f"{processes.prescriber_url}/readyz",
            "dashboard": f"{processes.dashboard_url}/_stcore/health",
        }
        for name, url in ready.items():
            wait_for(url, processes.children[name], own / "logs" / f"{name}.log", START_S)
        yield _known(processes)


def _known(processes: Processes) -> RealStudio:
    """Read who is there."""
    engine = _store(processes)
    with engine.connect() as connection:
        patients = connection.execute(select(tables.patient.c.code, tables.patient.c.id))
        accounts = connection.execute(select(tables.staff_member.c.login, tables.staff_member.c.seed))
        known = RealStudio(
            processes=processes,
            patients={row.code: row.id for row in patients},
            seeds={row.login: row.seed for row in accounts if row.seed},
        )
    engine.dispose()
    return known


def _store(processes: Processes) -> Engine:
    return open_store(processes.database_url, processes.folder / "keys", demo=True)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Keep other test processes out."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(folder: Path) -> None:
    """Write three demo people with four weeks behind them, people without a past, and staff."""
    whole = read_studio()
    chosen = tuple(one for one in whole.patients if one.code in (ALIVE, PHONE, OTHER))
    studio = replace(
        whole,
        weeks=WEEKS,
        visits_per_week=VISITS_A_WEEK,
        patients=tuple(replace(one, language="en") for one in chosen),
        kiosk=replace(whole.kiosk, patients=(PHONE, OTHER)),
    )
    folder.mkdir()
    keys = open_keys(folder / "keys")
    make_identity_key(folder / "keys")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'openspine.sqlite'}", keys=folder / "keys", demo=True
    )
    upgrade(settings.database_url)
    seed_into(settings, keys, studio, folder / "members.json", lambda _: None)
    assert [one.code for one in members.read(folder / "members.json")] == [ALIVE]
    engine = open_store(settings.database_url, settings.keys, demo=True)
    with writing(engine) as connection:
        _beside(connection, keys, _last_ms(connection))
    engine.dispose()


def _last_ms(connection: Connection) -> int:
    """Tell until when there is history."""
    found = connection.scalars(select(tables.session.c.opened_ms).order_by(tables.session.c.opened_ms.desc()))
    return int(found.first() or 0)


def _beside(connection: Connection, keys: Keys, now_ms: int) -> None:
    """Add a second site, those who have no past, an exercise at home, and staff."""
    people.add_site(connection, {"id": ELSEWHERE, "name": "North Studio", "time_zone": "Asia/Hong_Kong"})
    for code in TWELVE:
        row = {
            "origin": "sim", "id": machine_of(code), "kind": STATION, "site_id": ELSEWHERE,
            "name": f"Extension {code}", "enrolled_ms": now_ms, "retired": False,
        }  # fmt: skip
        people.add_machine(connection, row)
    others = (FAR, *TWELVE)
    for code, site in (*((code, ELSEWHERE) for code in others), (SORE, HERE), (HEAVY, HERE)):
        who = NewPatient(
            code=code, name=NAMES.get(code, f"Guest {code}"), birth_year=1980, sex="male",
            mass_kg=72.0, height_m=1.74, badge=code, pin=DEMO_PIN, stations=(STATION,), baseline_nrs=2,
        )  # fmt: skip
        found = enrol(connection, who, site=site, origin="sim", site_key=keys.site, now_ms=now_ms)
        limits = full_envelope(STATION, now_ms=now_ms, phase_cap_g=40_000, max_torque_nm=150)
        prescribe(connection, found, limits, by="Dr Demo (DEMO)", reason="First.", key=keys.envelope)
    _at_home(connection, now_ms)
    proofs = Proofs()
    for login, name, role, site_id in STAFF:
        added = staff.add(connection, login=login, name=name, language="en", now_ms=now_ms)
        staff.give_role(connection, added, role, None if site_id is None else [site_id])
        staff.take_up(connection, added, hashed=proofs.keep(PASSPHRASE), seed=new_seed())


def _at_home(connection: Connection, now_ms: int) -> None:
    """Give the person at the phone an exercise for every day."""
    patient = connection.scalar(select(tables.patient.c.id).where(tables.patient.c.code == PHONE))
    row = {
        "id": "e-1", "patient_id": patient, "origin": "sim", "exercise": "knee_to_chest", "sets": 2,
        "reps": 3, "hold_ms": 5_000, "times_a_week": 7, "by_id": "somebody", "from_day": "2026-01-01",
        "made_ms": now_ms,
    }  # fmt: skip
    connection.execute(home_exercise.insert().values(**row))
