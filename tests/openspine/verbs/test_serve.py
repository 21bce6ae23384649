"""How `serve` starts, and what it refuses to start with."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import database_copies
import pytest
import uvicorn
from fastapi.testclient import TestClient
from sqlalchemy import select

from openspine.__main__ import main
from openspine.children import LOOPBACK, Surroundings, end, is_listening, spawn, wait_for_port
from openspine.outcome import ExitCode, Failure
from openspine.verbs.serve import service, split_address
from services.keys import folder
from services.keys.audit import open_audit_key
from services.keys.identity import make_identity_key
from services.keys.site import open_site_key
from services.prescribing import operators
from services.store import tables
from services.store.engine import open_engine

PROXY = "10.0.0.9"
Refusal = Callable[..., str]
UNSAFE = ExitCode.UNSAFE
NOBODY = "/v1/patients/00000000-0000-4000-8000-000000000000/limits/lumbar_extension"


@pytest.mark.parametrize("address", ["broker.example:1883", "mqtt://broker.example:1883"])
def test_addresses(address: str) -> None:
    assert split_address(address) == ("broker.example", 1883)


@pytest.mark.parametrize("address", ["", "broker", ":1883", "broker:", "broker:x"])
def test_what_is_no_address_is_a_wrong_command_line(address: str) -> None:
    with pytest.raises(Failure, match="HOST:PORT") as refused:
        split_address(address)
    assert refused.value.code == ExitCode.USAGE


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The key folders of a service and a prescriber as a studio would set them up."""
    found = {"service": tmp_path / "keys", "prescribe": tmp_path / "envelope-keys"}
    folder.add(found["service"], "command")
    open_site_key(found["service"], make=True)
    make_identity_key(found["service"])
    folder.add(found["prescribe"], "envelope")
    for one in found.values():
        open_audit_key(one, make=True)
    monkeypatch.setenv("OPENSPINE_KEYS", str(found["service"]))
    monkeypatch.setenv("OPENSPINE_ENVELOPE_KEYS", str(found["prescribe"]))
    monkeypatch.setenv("OPENSPINE_DATABASE_URL", f"sqlite:///{tmp_path / 'openspine.sqlite'}")
    monkeypatch.setenv("OPENSPINE_MQTT", "none")
    monkeypatch.setenv("OPENSPINE_ALLOW_SQLITE", "true")
    monkeypatch.delenv("OPENSPINE_DEMO", raising=False)
    return found


@pytest.fixture
def refusal(places: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> Refusal:
    """Start a role; return the one line with which it refuses."""

    def start(role: str, code: ExitCode = ExitCode.FAILED) -> str:
        assert places
        assert main(["serve", "--role", role]) == code
        printed = capsys.readouterr()
        assert (printed.out, len(printed.err.splitlines())) == ("", 1)
        return printed.err

    return start


ROLES = [("service", "command"), ("prescribe", "envelope")]


@pytest.mark.parametrize(("role", "use"), ROLES)
def test_no_key_is_refused(places: dict[str, Path], refusal: Refusal, role: str, use: str) -> None:
    (places[role] / "register.json").unlink()
    next(places[role].glob("*.private")).unlink()
    assert f"there is no current {use} key" in refusal(role)


@pytest.mark.parametrize(("role", "use"), ROLES)
def test_demo_keys_are_refused(places: dict[str, Path], refusal: Refusal, role: str, use: str) -> None:
    folder.add(places[role], "command" if use == "command" else "envelope", f"demo-{use}")
    assert f"demo-{use} in {places[role]} is a demo key, and this is no demo" in refusal(role, UNSAFE)


@pytest.mark.parametrize(("role", "use"), ROLES)
def test_a_key_that_others_may_read_is_refused(
    places: dict[str, Path], refusal: Refusal, role: str, use: str
) -> None:
    next(places[role].glob(f"{use}-*.private")).chmod(0o644)
    assert "may be read by others (mode 0644): chmod 600 it" in refusal(role, UNSAFE)


def test_the_service_refuses_the_envelope_key(places: dict[str, Path], refusal: Refusal) -> None:
    stolen = next(places["prescribe"].glob("*.private"))
    (places["service"] / stolen.name).write_bytes(stolen.read_bytes())
    (places["service"] / stolen.name).chmod(0o600)
    assert "is no command key: this process must not hold it" in refusal("service")


def test_the_service_refuses_the_folder_of_the_prescriber(
    places: dict[str, Path], refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENSPINE_KEYS", str(places["prescribe"]))
    assert "is no command key: this process must not hold it" in refusal("service")


def test_a_list_of_operators_that_others_may_read_is_refused(
    places: dict[str, Path], refusal: Refusal
) -> None:
    path = places["prescribe"] / "operators.json"
    operators.admit(path, "Dr Wong")
    path.chmod(0o640)
    assert "operators.json may be read by others" in refusal("prescribe", UNSAFE)


@pytest.mark.parametrize("words", [["--broker", "a:1"], ["--mqtt", "none"]])
def test_the_prescriber_speaks_to_no_broker(words: list[str]) -> None:
    assert main(["serve", "--role", "prescribe", *words]) == ExitCode.USAGE


@pytest.fixture
def prescriber(places: dict[str, Path], tmp_path: Path, free_port: int) -> Iterator[int]:
    """The prescribing process of a studio that is no demo."""
    assert places
    database_copies.migrate(os.environ["OPENSPINE_DATABASE_URL"])
    command = [sys.executable, "-m", "openspine", "serve", "--role", "prescribe", "--port", str(free_port)]
    log = tmp_path / "prescriber.log"
    child = spawn(command, log, Surroundings(environment=dict(os.environ)))
    try:
        assert wait_for_port(child, free_port, 30.0), log.read_text()
        yield free_port
    finally:
        end(child)


def status(port: int, path: str, token: str | None = None) -> int:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"http://{LOOPBACK}:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 (ours)
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_prescriber_is_a_process_of_its_own_that_answers_to_operators(
    prescriber: int, places: dict[str, Path]
) -> None:
    assert (status(prescriber, "/healthz"), status(prescriber, "/readyz")) == (200, 200)
    assert status(prescriber, NOBODY) == 401
    token = operators.admit(places["prescribe"] / "operators.json", "Dr Wong")
    assert status(prescriber, NOBODY, token) == 404
    assert is_listening(prescriber)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_prescriber_listens_on_the_loopback_interface_alone(prescriber: int) -> None:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{prescriber:04X}")]
    assert listening == [f"0100007F:{prescriber:04X}"]


def test_refusals_are_an_exit_code_of_the_process(places: dict[str, Path]) -> None:
    next(places["service"].glob("*.private")).chmod(0o644)
    command = [sys.executable, "-m", "openspine", "serve"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (78, 1)
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("trusted", "comes_from", "devices"),
    [("", LOOPBACK, 1), (PROXY, PROXY, 3), (PROXY, LOOPBACK, 1)],
    ids=["nobody is believed", "the proxy is", "another than the proxy is not"],
)
def test_whom_a_request_comes_from_is_only_the_trusted_proxys_to_say(
    places: dict[str, Path], monkeypatch: pytest.MonkeyPatch, trusted: str, comes_from: str, devices: int
) -> None:
    assert places
    url = os.environ["OPENSPINE_DATABASE_URL"]
    database_copies.migrate(url)
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    app, options = service({"trusted_proxy": trusted})
    config = uvicorn.Config(app, **options)
    config.load()
    browser = TestClient(config.loaded_app, client=(comes_from, 50_000))
    tried = {"login": "nobody", "passphrase": "not the right one", "code": "000000"}
    for number in range(3):
        forwarded = {"X-Forwarded-For": f"192.0.2.{number}"}
        assert browser.post("/v1/sign-in", json=tried, headers=forwarded).status_code == 401
    with open_engine(url).connect() as connection:
        counted = select(tables.attempt).where(tables.attempt.c.what == "device")
        assert len(connection.execute(counted).all()) == devices
