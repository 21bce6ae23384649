"""The service as one process would run it: settings in, HTTP and messages out."""

import asyncio
import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar

import aiomqtt
import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from scripted_machine import ScriptedMachine
from scripted_studio import open_studio

import services.app
from contract import codec
from contract.messages import Frame, Status
from ml import artifact
from openspine.broker.embedded import Broker
from services.activation import ActivationRefusedError
from services.app import create_app
from services.bus import RIMS, Parcel
from services.bus import Broker as Place
from services.keys import folder
from services.keys.audit import open_audit_key
from services.keys.identity import make_identity_key
from services.keys.register import KeyRefusedError
from services.keys.site import open_site_key
from services.refusals import StartRefusedError
from services.settings import Settings

PATIENCE_S = 60.0
ROOT = Path(__file__).resolve().parents[2]
BOOT = "22222222-2222-4222-8222-222222222222"
TOPIC = "openspine-sim/v1/rotation-1/up"


def settings(folder: Path, **changes: object) -> Settings:
    values = {
        "database_url": f"sqlite:///{folder / 'openspine.sqlite'}",
        "keys": folder / "keys",
        "mqtt": "none",
        "demo": True,
    } | changes
    return Settings(**values)  # type: ignore[arg-type]


@contextmanager
def served(app: FastAPI) -> Iterator[httpx2.Client]:
    """Serve the application over a real socket, in a thread."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with httpx2.Client(base_url=base, timeout=PATIENCE_S) as client:
            until(lambda: server.started)
            yield client
    finally:
        app.state.context.hub.close()
        server.should_exit = True
        thread.join(PATIENCE_S)
        listening.close()
    assert not thread.is_alive()


def until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def checks(client: httpx2.Client) -> dict[str, bool]:
    return {check["name"]: check["ok"] for check in client.get("/readyz").json()["checks"]}


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, object]]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def say(port: int, channel: str, message: Status | Frame) -> None:
    async with aiomqtt.Client("127.0.0.1", port, protocol=aiomqtt.ProtocolVersion.V5) as client:
        await client.publish(f"{TOPIC}/{channel}", codec.encode(message), qos=1)


def a_status(state: str = "WORKING") -> Status:
    return Status(online=True, wall_ms=1, mono_ms=1, boot=BOOT, state=state)


def test_start_migrates_loads_the_model_and_becomes_ready(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(create_app(settings(tmp_path))) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        about = client.get("/v1/about").json()
        assert (about["demo"], about["origin"], about["policy"]) == (True, "sim", "steady")
        assert client.get("/v1/patients").json() == {"items": [], "next": None}
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert {"model loaded", "request", "stopped"} <= {line["event"] for line in lines}
    assert all("timestamp" in line for line in lines)


def test_without_migration_an_empty_database_is_not_ready(tmp_path: Path) -> None:
    with served(create_app(settings(tmp_path, migrate=False))) as client:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert checks(client)["migrations"] is False


def production_keys(home: Path) -> None:
    folder.add(home, "command")
    open_site_key(home, make=True)
    open_audit_key(home, make=True)
    make_identity_key(home)


def test_real_data_are_shown_outside_of_a_demo(tmp_path: Path) -> None:
    production_keys(tmp_path / "keys")
    with served(create_app(settings(tmp_path, demo=False, allow_sqlite=True))) as client:
        about = client.get("/v1/about").json()
        assert (about["origin"], about["sign_in"]) == ("real", True)
        assert client.get("/v1/patients").status_code == HTTPStatus.UNAUTHORIZED


def test_a_model_that_cannot_be_opened_is_a_reason_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("nobody expected this")

    monkeypatch.setattr(services.app, "open_desk", broken)
    with served(create_app(settings(tmp_path, mqtt="gmqtt", mqtt_port=9))) as client:
        until(lambda: "LookupError; the log says more" in client.get("/readyz").text)
        assert client.get("/healthz").status_code == 200


def test_a_refused_artifact_leaves_the_rule_and_tells_staff_why(tmp_path: Path) -> None:
    shutil.copytree(artifact.shipped(), tmp_path / "model")
    card = tmp_path / "model" / artifact.CARD_FILE
    card.write_bytes(card.read_bytes() + b" ")
    with served(create_app(settings(tmp_path, artifact=tmp_path / "model"))) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        found = client.get("/v1/model").json()
        assert (found["model"], found["signed_by"]) == ("rule-1", None)
        assert found["refused"].startswith("the signature is not of model-")
        assert "openspine_model_loaded 0.0" in client.get("/metrics").text
        assert [one["code"] for one in client.get("/v1/about").json()["attention"]] == ["model_refused"]
        assert "in place of the model" in client.get("/readyz").text
    with served(create_app(settings(tmp_path))) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/v1/about").json()["attention"] == []
        assert client.get("/v1/model").json()["signed_by"] in artifact.RELEASE_KEYS
        assert "openspine_model_loaded 1.0" in client.get("/metrics").text


def test_what_was_decided_is_looked_at_in_the_shadow_while_it_runs(tmp_path: Path) -> None:
    url = settings(tmp_path).database_url
    for studio in open_studio(url, tmp_path):
        machine = ScriptedMachine()
        studio.hear(machine.sign_in())
    with served(create_app(settings(tmp_path, shadow_policy="linear"))) as client:
        until(lambda: client.get("/v1/model").json()["shadow"] != [])
        found = client.get("/v1/model").json()
        assert found["waiting"] == 0
        assert [(one["policy"], one["report"]["failed"]) for one in found["shadow"]] == [("linear", 0)]


def test_a_challenger_that_is_none_is_a_reason_and_no_crash(tmp_path: Path) -> None:
    with served(create_app(settings(tmp_path, shadow_policy="liner"))) as client:
        until(lambda: client.get("/v1/model").json()["challenger_refused"] == "there is no policy liner")
        assert client.get("/readyz").status_code == 200


def test_a_policy_that_has_not_been_in_shadow_does_not_start(tmp_path: Path) -> None:
    production_keys(tmp_path / "keys")
    with pytest.raises(ActivationRefusedError, match="0 decisions of 200"):
        create_app(settings(tmp_path, demo=False, allow_sqlite=True, policy="linear"))


def test_without_keys_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(KeyRefusedError, match="there is no current command key"):
        create_app(settings(tmp_path, demo=False, allow_sqlite=True))


def test_a_production_with_what_only_a_demo_may_have_does_not_start(tmp_path: Path) -> None:
    production_keys(tmp_path / "keys")
    with pytest.raises(StartRefusedError) as refused:
        create_app(settings(tmp_path, demo=False, http_host="0.0.0.0", api_docs=True))  # noqa: S104 (refused)
    assert [one.code for one in refused.value.findings] == ["sqlite", "plain_http", "open_docs"]


class BrokenRim:
    """A rim whose first life ends by a bug."""

    lives: ClassVar[int] = 0
    may_live: ClassVar[threading.Event] = threading.Event()

    def __init__(self, _broker: Place) -> None:
        self.is_connected = False

    async def run(self, _on_parcel: Callable[[Parcel], None]) -> None:
        type(self).lives += 1
        if not self.may_live.is_set():
            raise LookupError("nobody expected this")
        self.is_connected = True
        await asyncio.Event().wait()

    async def publish(self, _topic: str, _payload: bytes, _expiry_s: int | None) -> None:
        """Say nothing."""

    async def connected(self) -> None:
        """Wait for nothing."""


def test_a_rim_that_fails_is_a_reason_and_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.app, "RESTART_LEAST_S", 0.01)
    monkeypatch.setattr(services.app, "RESTART_MOST_S", 0.02)
    monkeypatch.setitem(RIMS, "gmqtt", BrokenRim)
    with served(create_app(settings(tmp_path, mqtt="gmqtt"))) as client:
        until(lambda: "LookupError; the log says more" in client.get("/readyz").text)
        assert client.get("/readyz").status_code == 503
        BrokenRim.may_live.set()
        until(lambda: client.get("/readyz").status_code == 200)
    assert BrokenRim.lives > 1


@pytest.mark.broker
@pytest.mark.parametrize("rim", ["gmqtt", "aiomqtt"])
def test_what_a_machine_says_reaches_the_floor_and_the_stream(
    tmp_path: Path, broker: Broker, rim: str
) -> None:
    app = create_app(settings(tmp_path, mqtt=rim, mqtt_port=broker.port))
    with served(app) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        asyncio.run(say(broker.port, "status", a_status()))
        with client.stream("GET", "/v1/live/rotation-1") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            seen = events(stream.iter_lines())
            name, state = next(seen)
            assert (name, state["machine"], state["state"]) == ("state", "rotation-1", "working")
            frame = Frame(mono_ms=5, set=1, rep=2, deg=3.14159, target_deg=3.0, nm=9.0, phase="hold")
            asyncio.run(say(broker.port, "frame", frame))
            name, point = next(seen)
            assert (name, point["rep"], point["deg"], point["phase"]) == ("frame", 2, 3.14, "hold")
        until(lambda: "openspine_live_frames_total 1.0" in client.get("/metrics").text)


def test_stop_ends_open_streams(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path))
    with served(app) as client:
        hub = app.state.context.hub
        hub.on_status("sim", "rotation-1", a_status())
        with client.stream("GET", "/v1/floor/live") as stream:
            lines = stream.iter_lines()
            assert next(events(lines))[0] == "state"
            hub.close()
            hub.on_status("sim", "rotation-1", a_status("IDLE"))
            assert [name for name, _ in events(lines)] in ([], ["state"])
        until(lambda: hub.viewers == 0)


def test_stop_signal_ends_the_process_although_somebody_watches(tmp_path: Path, free_port: int) -> None:
    program = (
        "import sys, uvicorn; from services.app import create_app; from services.settings import Settings; "
    )
    program += "uvicorn.run(create_app(Settings()), port=int(sys.argv[1]), log_config=None, access_log=False)"
    environment = {
        "PATH": "",
        "OPENSPINE_DATABASE_URL": f"sqlite:///{tmp_path / 'openspine.sqlite'}",
        "OPENSPINE_KEYS": str(tmp_path / "keys"),
        "OPENSPINE_MQTT": "none",
        "OPENSPINE_DEMO": "true",
    }
    process = subprocess.Popen([sys.executable, "-c", program, str(free_port)], env=environment, cwd=ROOT)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{free_port}", timeout=PATIENCE_S) as client:
            until(lambda: answers(client))
            with client.stream("GET", "/v1/floor/live") as stream:
                assert stream.status_code == 200
                process.send_signal(signal.SIGTERM)
                stopped = time.monotonic()
                for _ in stream.iter_lines():  # heartbeats, while it does not end
                    assert time.monotonic() < stopped + PATIENCE_S, "the stream outlives the signal"
        assert process.wait(PATIENCE_S) in (0, -signal.SIGTERM)
    finally:
        process.kill()
        process.wait()


def answers(client: httpx2.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx2.TransportError:
        return False
