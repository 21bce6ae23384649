"""One process that runs: messages in, streams out, a rim that fails, and its end."""

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, cast

import aiomqtt
import httpx2
import pytest
from scripted_machine import ScriptedMachine
from served_app import PATIENCE_S, served, settings, until
from studio_rows import StudioRows

import services.app
from contract import codec
from contract.messages import Frame, Status
from openspine.broker.embedded import Broker
from services.app import create_app
from services.bus import RIMS, Parcel
from services.bus import Broker as Place
from services.bus.rim import Confirmed, unasked
from services.store.engine import open_engine

ROOT = Path(__file__).resolve().parents[2]
BOOT = "22222222-2222-4222-8222-222222222222"
TOPIC = "openspine-sim/v1/rotation-1/up"


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, object]]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def say(port: int, channel: str, message: Status | Frame) -> None:
    await publish(port, f"{TOPIC}/{channel}", codec.encode(message))


async def publish(port: int, topic: str, payload: bytes) -> None:
    async with aiomqtt.Client("127.0.0.1", port, protocol=aiomqtt.ProtocolVersion.V5) as client:
        await client.publish(topic, payload, qos=1)


def enrol_machine(url: str) -> None:
    """Add `rotation-1`: a machine that nobody enrolled is not there for who watches."""
    engine = open_engine(url)
    studio = StudioRows(engine)
    studio.site()
    studio.machine("rotation-1")
    engine.dispose()


def a_status(state: str = "WORKING") -> Status:
    return Status(online=True, wall_ms=1, mono_ms=1, boot=BOOT, state=state)


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

    async def publish(
        self, _topic: str, _payload: bytes, _expiry_s: int | None, _confirmed: Confirmed = unasked
    ) -> None:
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
    chosen = settings(tmp_path, mqtt=rim, mqtt_port=broker.port)
    app = create_app(chosen)
    with served(app) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        enrol_machine(chosen.database_url)
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
        with client.stream("GET", "/v1/floor/live?pace_ms=250") as stream:
            seen = events(stream.iter_lines())
            assert next(seen)[0] == "state"
            asyncio.run(say(broker.port, "frame", frame))
            name, batch = next(seen)
            items = cast("list[dict[str, object]]", batch["items"])
            assert (name, [one["machine"] for one in items]) == ("frames", ["rotation-1"])
        until(lambda: "openspine_live_frames_total 2.0" in client.get("/metrics").text)


@pytest.mark.broker
def test_what_left_for_a_machine_stands_in_the_log(
    tmp_path: Path, broker: Broker, capsys: pytest.CaptureFixture[str]
) -> None:
    row, said = ScriptedMachine().sign_in(), list[str]()

    def published() -> list[list[str]]:
        said.extend(capsys.readouterr().out.splitlines())
        lines = [json.loads(line) for line in said if line.startswith("{")]
        return [line["messages"] for line in lines if line["event"] == "published"]

    with served(create_app(settings(tmp_path, mqtt="gmqtt", mqtt_port=broker.port))) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        assert published() == []
        asyncio.run(publish(broker.port, row.topic, row.payload))
        until(lambda: len(published()) == 1)
        assert len(published()[0]) == 1  # the plan


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
