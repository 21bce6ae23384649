import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import database_copies
import pytest
from provided_people import ProvidedPeople
from scripted_machine import ScriptedMachine
from scripted_studio import Studio, open_studio
from studio_door import Door, open_door

from services.store import tables
from services.store.engine import open_engine

FILE = "studio.sqlite"


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Studio]]:
    """One studio for all tests of this folder; migrating and enrolling takes longer than a test."""
    folder = tmp_path_factory.mktemp("office")
    for studio in open_studio(f"sqlite:///{folder / FILE}", folder):
        studio.engine.dispose()  # the file is whole only when nobody writes ahead of it
        yield folder / FILE, studio


@pytest.fixture
def studio(furnished: tuple[Path, Studio], tmp_path: Path) -> Iterator[Studio]:
    """A copy of the studio: SQLite, one patient of badge `badge-1`, limits for back and rotation."""
    file, made = furnished
    shutil.copyfile(file, tmp_path / FILE)
    engine = open_engine(f"sqlite:///{tmp_path / FILE}")
    yield replace(made, engine=engine)
    engine.dispose()


@pytest.fixture
def machine() -> ScriptedMachine:
    return ScriptedMachine()


@pytest.fixture
def door(studio: Studio) -> Iterator[Door]:
    with open_door(studio) as opened:
        yield opened


@pytest.fixture
def provided_people(tmp_path: Path) -> Iterator[ProvidedPeople]:
    """Nobody yet, in an empty SQLite database."""
    url = f"sqlite:///{tmp_path / FILE}"
    database_copies.migrate(url)
    engine = open_engine(url)
    yield ProvidedPeople(engine)
    engine.dispose()


@pytest.fixture
def enrolled(studio: Studio, machine: ScriptedMachine) -> str:
    """The machine is known, and so is who comes; returns the patient."""
    studio.hear(machine.sign_in(), machine.sign_out())
    (patient,) = studio.rows(tables.patient)
    return str(patient["id"])
