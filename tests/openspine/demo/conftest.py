"""The demo's people, machines and staff in an empty store, before anybody has trained."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import database_copies
import pytest
from sqlalchemy import Connection

from openspine.demo.seed import SITE
from openspine.demo.studio import DemoStudio, read_studio
from services.coaching.enrol import NewPatient, enrol
from services.office import demo_staff
from services.store import people
from services.store.engine import open_engine, writing

EVENING = datetime(2026, 11, 20, 22, 10, tzinfo=ZoneInfo("Asia/Hong_Kong"))


@pytest.fixture
def studio() -> DemoStudio:
    return read_studio()


@pytest.fixture
def evening_ms() -> int:
    return int(EVENING.timestamp() * 1_000)


@pytest.fixture
def enrolled(studio: DemoStudio, tmp_path: Path) -> Iterator[Connection]:
    url = f"sqlite:///{tmp_path / 'demo.sqlite'}"
    database_copies.migrate(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        people.add_site(connection, {"id": SITE, "name": studio.name, "time_zone": studio.zone})
        for machine, kind in (studio.machines | {studio.kiosk.machine: studio.kiosk.kind}).items():
            row = {"origin": "sim", "id": machine, "kind": kind, "site_id": SITE, "name": machine}
            people.add_machine(connection, row | {"enrolled_ms": 0, "retired": False})
        for one in studio.patients:
            who = NewPatient(
                code=one.code, name=one.name, birth_year=one.birth_year, sex=one.sex, mass_kg=one.mass_kg,
                height_m=one.height_m, stations=one.stations, baseline_nrs=one.baseline_nrs,
            )  # fmt: skip
            enrol(connection, who, site=SITE, origin="sim", site_key=b"k" * 32, now_ms=0)
        demo_staff.seed(connection, SITE, 0)
        yield connection
    engine.dispose()
