"""A machine's computer claims its place from a true service, and the broker's list follows."""

import base64
import hashlib
import json
import socket
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import database_copies
import pytest
import uvicorn
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from scripted_machine import NOW_MS
from sqlalchemy import Engine

from machine_agent.settings import Settings, read
from openspine.__main__ import main
from openspine.broker import folder as broker_folder
from openspine.broker.rights import ITERATIONS
from openspine.outcome import ExitCode
from services.access import Actor
from services.api import admission
from services.api.application import application
from services.api.context import Condition, Context, Identity
from services.api.metrics import Traffic
from services.keys import folder as keys
from services.live import Hub
from services.office import machines
from services.office.refusal import Act
from services.store.engine import open_engine, writing
from services.store.people import add_site

Printed = pytest.CaptureFixture[str]
SITE_KEY = b"k" * 32


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'studio.sqlite'}"
    database_copies.migrate(url)
    return url


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_engine(database)
    with writing(engine) as connection:
        add_site(connection, {"id": "studio", "name": "Studio", "time_zone": "UTC"})
    yield engine
    engine.dispose()


@pytest.fixture
def code(engine: Engine) -> str:
    with writing(engine) as connection:
        new = machines.NewMachine(id="hip-9", kind="hip_extension", name="Hip 9")
        made = machines.enrol(connection, "studio", new, "real", Act(by="admin", name="x", at_ms=NOW_MS))
    return cast("machines.Code", made).code


@pytest.fixture
def service(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """A true service that listens on a free port; who asks is nobody."""
    keys.add(tmp_path / "keys", "command")
    keys.publish(tmp_path / "keys", tmp_path / "keys" / keys.PUBLIC_FILE)
    app: FastAPI = application(
        version="0", origins=(), traffic=Traffic(CollectorRegistry()), note=lambda *_, **__: None
    )
    fine = Condition(ok=True, reason="")
    app.state.context = Context(
        engine=engine,
        hub=Hub(lambda: NOW_MS),
        identity=Identity(version="0", demo=False, zone="UTC", origin="real", policy="steady"),
        now_ms=lambda: NOW_MS,
        broker=lambda: fine,
        model=lambda: fine,
        model_name=lambda: "rule",
        metrics=CollectorRegistry(),
        site_key=SITE_KEY,
        agent_keys=lambda: keys.for_agents(tmp_path / "keys"),
    )
    app.dependency_overrides[admission.actor] = lambda: Actor(id="anonymous", name="", role="anonymous")
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def asked(code: str, service: str, folder: Path) -> list[str]:
    place = ["--service", service, "--broker", "mqtts://broker.studio", "--folder", str(folder)]
    return ["enrol", code, *place, "--json"]


def test_a_code_becomes_a_configuration_that_the_agent_can_use(
    service: str, code: str, tmp_path: Path, capsys: Printed
) -> None:
    folder = tmp_path / "machine"
    assert main(asked(code, service, folder)) == ExitCode.OK
    shown = json.loads(capsys.readouterr().out)
    assert (shown["machine"], shown["client"]) == ("hip-9", "hip-9")
    settings = read(Path(shown["configuration"]))
    assert isinstance(settings, Settings)
    assert (settings.machine, settings.kind, settings.origin) == ("hip-9", "hip_extension", "real")
    assert (settings.host, settings.port, settings.tls) == ("broker.studio", 8883, True)
    assert settings.site_key == SITE_KEY
    assert settings.password is not None
    assert settings.password not in json.dumps(shown)
    assert list(json.loads(settings.keys.read_text())) == [
        one.key_id for one in keys.read_register(tmp_path / "keys")
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert main(asked(code, service, folder)) == ExitCode.FAILED
    assert "is there already" in capsys.readouterr().err
    assert main(asked(code, service, tmp_path / "other")) == ExitCode.FAILED
    assert "used up" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


def test_the_broker_lets_in_who_claimed_and_nobody_who_is_retired(
    service: str, code: str, tmp_path: Path, engine: Engine, database: str, capsys: Printed
) -> None:
    broker = tmp_path / "broker"
    broker.mkdir()
    sync = ["admin", "broker", "sync", "--database", database, "--folder", str(broker), "--json"]
    assert main(sync) == ExitCode.FAILED
    assert "set-up" in capsys.readouterr().err
    broker_folder.write_clients(broker, [])
    broker_folder.admit(broker, "svc-coaching")
    main(asked(code, service, tmp_path / "machine"))
    capsys.readouterr()
    assert main(sync) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["admitted"] == ["hip-9"]
    known = {one.name: one for one in broker_folder.read_clients(broker)}
    assert set(known) == {"hip-9", "svc-coaching"}
    settings = cast("Settings", read(tmp_path / "machine" / "agent.toml"))
    salt = base64.b64decode(known["hip-9"].salt)
    hashed = hashlib.pbkdf2_hmac("sha512", (settings.password or "").encode(), salt, ITERATIONS, 64)
    assert base64.b64decode(known["hip-9"].password_hash) == hashed
    main(sync)
    assert json.loads(capsys.readouterr().out) == {
        "ok": True, "admitted": [], "changed": [], "dismissed": [],
    }  # fmt: skip
    with writing(engine) as connection:
        act = Act(by="admin", name="x", at_ms=NOW_MS)
        assert machines.retire(connection, ("real", "hip-9"), "sold", act) is None
    main(sync)
    assert json.loads(capsys.readouterr().out)["dismissed"] == ["hip-9"]
    assert [one.name for one in broker_folder.read_clients(broker)] == ["svc-coaching"]


@pytest.mark.parametrize(
    ("option", "value", "code", "said"),
    [
        ("--service", "http://studio.example", ExitCode.USAGE, "https"),
        ("--broker", "broker.studio", ExitCode.USAGE, "mqtts"),
        ("--broker", "mqtt://broker.studio", ExitCode.USAGE, "mqtts"),
        ("--broker", "mqtt://localhost.studio:1883", ExitCode.USAGE, "mqtts"),
        ("--service", "http://127.0.0.1:9", ExitCode.UNREACHABLE, "does not answer"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_an_exit_code(
    option: str, value: str, code: int, said: str, tmp_path: Path, capsys: Printed
) -> None:
    usual = {"--service": "http://127.0.0.1:9", "--broker": "mqtts://b", "--folder": str(tmp_path / "m")}
    wish = [word for pair in (usual | {option: value}).items() for word in pair]
    assert main(["enrol", "0" * 32, *wish]) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "m").exists()
