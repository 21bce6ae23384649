from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from scripted_machine import NOW_MS, ScriptedMachine
from scripted_studio import Studio, open_studio

from services.keys.demo import PRESCRIBING_FOLDER
from services.prescribing import operators
from services.prescribing.app import create_prescriber
from services.prescribing.settings import PrescribingSettings
from services.store import tables

OPERATOR = "Dr Wong"
KIND = "lumbar_extension"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """SQLite; `test_databases` takes every database."""
    return f"sqlite:///{tmp_path / 'studio.sqlite'}"


@pytest.fixture
def studio(database: str, tmp_path: Path) -> Iterator[Studio]:
    """A studio with one patient of badge `badge-1`, limits for back and rotation."""
    yield from open_studio(database, tmp_path)


@pytest.fixture
def machine() -> ScriptedMachine:
    return ScriptedMachine()


@pytest.fixture
def settings(studio: Studio, tmp_path: Path) -> PrescribingSettings:
    return PrescribingSettings(
        database_url=studio.engine.url.render_as_string(hide_password=False),
        envelope_keys=tmp_path / "keys" / PRESCRIBING_FOLDER,
        demo=True,
    )


@pytest.fixture
def stranger(settings: PrescribingSettings) -> Iterator[TestClient]:
    """A client without a token."""
    app = create_prescriber(settings)
    desk = app.state.desk
    app.state.desk = type(desk)(engine=desk.engine, key=desk.key, origin="sim", now_ms=lambda: NOW_MS)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(stranger: TestClient, settings: PrescribingSettings) -> TestClient:
    """A client with an operator's token."""
    token = operators.admit(settings.operators_file(), OPERATOR)
    stranger.headers["Authorization"] = f"Bearer {token}"
    return stranger


@pytest.fixture
def new_limits() -> Callable[..., dict[str, object]]:
    def make(**changes: object) -> dict[str, object]:
        window = {"lowest_cdeg": 1_800, "highest_cdeg": 5_400, "start_highest_cdeg": 5_400}
        return {
            "max_load_g": 24_000,
            "phase_cap_g": 12_000,
            "max_torque_nm": 120,
            "max_speed_cdeg_s": 4_500,
            "sides": {"both": window},
            "phase": "build",
            "pain_green_nrs": 3,
            "pain_amber_nrs": 5,
            "reason": "Range painless for two weeks.",
        } | changes

    return make


@pytest.fixture
def url(studio: Studio) -> str:
    return f"/v1/patients/{studio.rows(tables.patient)[0]['id']}/limits/{KIND}"


@pytest.fixture
def second(settings: PrescribingSettings) -> dict[str, str]:
    """Headers of another operator."""
    return {"Authorization": f"Bearer {operators.admit(settings.operators_file(), 'Dr Lee')}"}
