"""The container files are valid, hardened, and run what exists."""

import re
import subprocess
import sys
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from openspine.broker.rights import kind_of
from openspine.compose.file import read
from openspine.verbs import VERBS
from services import refusals
from services.bus import SHARES
from services.oidc.registered import of_provider, registered
from services.prescribing import refusals as prescribing_refusals
from services.prescribing.settings import PrescribingSettings
from services.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
PROGRAMS = Path(sys.executable).parent
VARIABLES = {"OPENSPINE_DATABASE_PASSWORD": "chosen-by-the-studio"}
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text())["services"]
RIMS = {"mosquitto", "postgres"}  # programs of the images, not of the project
WORKERS = ("worker-1", "worker-2")


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAMS / program), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_compose_file_follows_the_specification() -> None:
    ended = run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE))
    assert ended.returncode == 0, ended.stdout


def test_the_dockerfile_is_clean() -> None:
    ended = run("hadolint", "--failure-threshold", "info", "Dockerfile")
    assert ended.returncode == 0, ended.stdout


def test_every_copied_file_exists_and_is_sent_to_the_build() -> None:
    sources = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    sent = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    names = {name for line in sources for name in line.split()}
    assert len(names) > 10
    for name in names:
        assert (ROOT / name).exists(), name
        assert any(fnmatch(name, pattern) or name.startswith(f"{pattern}/") for pattern in sent), name


def test_every_build_target_exists() -> None:
    targets = set(re.findall(r"^FROM \S+ AS (\S+)$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE))
    assert {"agent", "service", "dashboard", "emulator", "broker"} <= targets
    asked = {row["build"]["target"] for row in SERVICES.values() if "build" in row}
    assert asked <= targets


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened(name: str) -> None:
    row = SERVICES[name]
    assert row["user"] not in {"", "root", "0"}
    assert row["read_only"] is True
    assert row["cap_drop"] == ["ALL"]
    assert row["security_opt"] == ["no-new-privileges:true"]
    assert row["logging"]["options"]["max-size"]
    assert row["mem_limit"]
    assert row["cpus"] > 0
    assert all(port.startswith("127.0.0.1:") for port in row.get("ports", []))


@pytest.mark.parametrize("name", SERVICES)
def test_what_others_wait_for_has_a_health_check(name: str) -> None:
    conditions = {
        row["depends_on"][name]["condition"] for row in SERVICES.values() if name in row.get("depends_on", {})
    }
    if "service_healthy" in conditions:
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", SERVICES)
def test_every_command_is_a_program_of_the_image(name: str) -> None:
    program, *words = SERVICES[name]["command"]
    if program == "openspine":
        verbs = {verb.name for verb in VERBS}
        assert any(" ".join(words[:length]) in verbs for length in (1, 2, 3))
    elif program == "streamlit":
        assert (ROOT / words[1]).is_file()
    else:
        assert program in RIMS


def test_every_variable_has_a_default_or_stands_in_the_example() -> None:
    text = COMPOSE.read_text()
    example = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    for name, kind in re.findall(r"\$\{(\w+)(?::([-?]))?", text):
        assert kind == "-" or name in example, name


def test_the_example_chooses_no_password_and_the_file_says_so() -> None:
    example = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert example == {"OPENSPINE_DATABASE_PASSWORD": ""}
    with pytest.raises(KeyError, match="choose one"):
        read(COMPOSE, example)


OIDC = {
    "OPENSPINE_OIDC_ISSUER": "https://id.example/realm",
    "OPENSPINE_OIDC_CLIENT_ID": "openspine",
    "OPENSPINE_OIDC_REDIRECT": "https://studio.example/sign-in",
    "OPENSPINE_OIDC_AMR": "mfa",
}


def test_staff_sign_in_at_a_provider_only_where_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "identity-provider"
    secret.touch(0o600)
    secret.write_text("a secret of the client", encoding="utf-8")
    named = OIDC | {"OPENSPINE_OIDC_CLIENT_SECRET_FILE": str(secret)}
    for variables, wanted in ((VARIABLES, None), (VARIABLES | named, "https://id.example/realm")):
        for name, value in read(COMPOSE, variables)["service"].environment.items():
            if name.startswith("OPENSPINE_OIDC_"):
                monkeypatch.setenv(name, value)
        settings = Settings()
        assert list(of_provider(settings)) == []
        found = registered(settings)
        assert (None if found is None else found.issuer) == wanted


def test_the_example_names_every_setting_of_a_provider() -> None:
    settings = {f"OPENSPINE_{name.upper()}" for name in Settings.model_fields if name.startswith("oidc_")}
    handed_on = {name for name in SERVICES["service"]["environment"] if "_OIDC_" in name}
    example = set(re.findall(r"^# (\w*OIDC\w*)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert settings == handed_on == example


def test_the_file_is_read_in_its_order() -> None:
    order = list(read(COMPOSE, VARIABLES))
    assert (
        order.index("database") < order.index("migrate") < order.index("service") < order.index("dashboard")
    )
    assert order.index("broker") < order.index("service")


def holders(volume: str) -> set[str]:
    mounted = {name: row.get("volumes", []) for name, row in SERVICES.items()}
    return {name for name, volumes in mounted.items() if any(one.split(":")[0] == volume for one in volumes)}


def test_each_key_is_in_the_containers_that_sign_with_it_and_in_no_other() -> None:
    assert holders("keys") == {"command-keys", "service", "seed", *WORKERS}
    assert holders("envelope-keys") == {"envelope-keys", "prescribe", "seed"}
    assert SERVICES["seed"]["profiles"] == ["emulator"]
    assert "keys:/keys:ro" in SERVICES["service"]["volumes"]


def test_machines_are_given_public_keys_only() -> None:
    assert holders("enrolment") == {"command-keys", "envelope-keys", "machines"}


def test_each_worker_has_a_number_a_name_and_a_password_of_its_own() -> None:
    assert [name for name, row in SERVICES.items() if row["command"][1:2] == ["worker"]] == list(WORKERS)
    services = read(COMPOSE, VARIABLES)
    for name in WORKERS:
        worker, admitted = services[name], services[f"broker-{name}"]
        assert worker.command[1:] == ("worker", "--number", name.removeprefix("worker-"))
        assert f"svc-{name}" in admitted.command
        assert kind_of(f"svc-{name}") == "service"
        password = worker.environment["OPENSPINE_MQTT_PASSWORD_FILE"]
        assert password in admitted.command
        assert holders(worker.volumes[password.removesuffix("/password")]) == {name, f"broker-{name}"}
        assert worker.profiles == admitted.profiles == ("scale",)


def test_whom_the_broker_admits_is_written_by_one_job_after_another_before_it_starts() -> None:
    services = read(COMPOSE, VARIABLES)
    order = [name for name, one in services.items() if "admit" in one.command]
    needed = {name: one.needs for name, one in services.items()}
    assert all(before in needed[after] for before, after in pairwise(order)), order
    assert set(order) - {"broker-worker-1"} <= set(
        needed["broker"]
    )  # the first worker's by way of the second
    waited = SERVICES["broker"]["depends_on"]
    assert [waited[name].get("required", True) for name in order if name in waited] == [True, False, False]


def test_the_service_takes_all_messages_unless_told_that_there_are_workers() -> None:
    parts = [
        read(COMPOSE, VARIABLES | said)["service"].environment["OPENSPINE_MQTT_PART"]
        for said in ({}, {"OPENSPINE_MQTT_PART": "beside"})
    ]
    assert parts == ["alone", "beside"]
    assert set(parts) <= set(SHARES)


def test_a_production_of_the_file_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    services = read(COMPOSE, VARIABLES)
    for name, value in {**services["service"].environment, **services["prescribe"].environment}.items():
        monkeypatch.setenv(name, value)
    assert list(refusals.of_service(Settings())) == []
    assert list(prescribing_refusals.of_prescriber(PrescribingSettings())) == []
    monkeypatch.setenv("OPENSPINE_MQTT_TLS", "false")
    assert [found.code for found in refusals.of_service(Settings())] == ["plain_mqtt"]
