"""A recorded day, decided again after a restart: by another process, byte for byte, on every database."""

import asyncio
import json
import math
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import database_copies
import pytest
from sqlalchemy import select, update

from emulator.people.members import Description, member
from emulator.studio.fleet import FleetReport, FleetSettings, Progress, run
from openspine.__main__ import main
from openspine.broker.embedded import Broker, available_kinds, best_kind
from openspine.children import end
from openspine.guests import Guest, welcome
from openspine.outcome import ExitCode
from openspine.service import ServiceProcess
from services.store.engine import open_engine, writing
from services.store.tables import decision

pytestmark = [
    pytest.mark.broker,
    pytest.mark.slow,
    pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker"),
]
NOW_MS = 1_790_000_000_000
MACHINES = {"extension-1": "lumbar_extension", "rotation-1": "trunk_rotation"}
PEOPLE = {"badge-1": 5, "badge-2": 6}
SESSIONS = 2
PATIENCE_S = 400.0  # only so that a hang ends


def test_a_recorded_day_is_decided_again_byte_for_byte_after_a_restart(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database_copies.migrate(database_url)
    with Broker(best_kind(), tmp_path / "broker") as broker:
        service = ServiceProcess(
            database_url=database_url,
            keys=tmp_path / "keys",
            mqtt_port=broker.port,
            log=tmp_path / "service.log",
        )
        first = _started(service)
        try:
            guests = [Guest(badge=badge, name=badge, stations=tuple(MACHINES.values())) for badge in PEOPLE]
            welcome(service, MACHINES, guests, NOW_MS)
            report = asyncio.run(_train(service, tmp_path))
        finally:
            end(first)
        assert report.unacked == 0
        assert report.sessions >= SESSIONS
        end(_started(service))  # the restart: what it finds is what the first one has committed

    code, told = _decide_again(database_url)
    assert code == ExitCode.OK, told
    assert told["equal"] == told["decisions"] >= report.sets
    assert (told["different"], told["refused"]) == (0, {})

    _change_a_byte(database_url)
    code, told = _decide_here(database_url, capsys)
    assert (code, told["different"], told["refused"]) == (ExitCode.DIFFERS, 1, {})
    assert told["first"]["places"][0].startswith("rows[0].load_g: logged ")

    _name_another_model(database_url)
    code, told = _decide_here(database_url, capsys)
    assert code == ExitCode.FAILED
    assert told["equal"] == told["decisions"] - 1
    assert [reason for reason in told["refused"] if "effort-abcdef012345 is not at hand" in reason]


def _started(service: ServiceProcess) -> "subprocess.Popen[bytes]":
    child = service.start()
    service.wait(child)
    return child


async def _train(service: ServiceProcess, folder: Path) -> FleetReport:
    members = [
        member(
            Description(
                badge=badge,
                seed=seed,
                sex="male",
                age_years=40,
                mass_kg=75.0,
                pain_nrs=1,
                stations=tuple(MACHINES.values()),
            )
        )
        for badge, seed in PEOPLE.items()
    ]
    settings = FleetSettings(
        host="127.0.0.1",
        port=service.mqtt_port,
        machines=MACHINES,
        members=members,
        keys_file=service.keys / "keys.json",
        site_key=bytes.fromhex((service.keys / "site").read_text()),
        folder=folder / "spools",
        rate=math.inf,  # body time waits for the service, however slow this computer is
        wall_start_ms=NOW_MS,
    )
    stop = asyncio.Event()

    def enough(progress: Progress) -> None:
        if progress.sessions >= SESSIONS:
            stop.set()

    async with asyncio.timeout(PATIENCE_S):
        return await run(settings, stop, enough)


def _decide_again(database_url: str) -> tuple[int, dict[str, Any]]:
    """Ask in a process of its own, with another order of every set and hash."""
    command = [sys.executable, "-m", "openspine", "decide", "--day", "newest", "--json"]
    done = subprocess.run(
        [*command, "--database", database_url],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "77"},
    )
    return done.returncode, json.loads(done.stdout)


def _decide_here(database_url: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main(["decide", "--day", "newest", "--json", "--database", database_url])
    return code, json.loads(capsys.readouterr().out)


def _change_a_byte(database_url: str) -> None:
    """Plant a fault: one digit of one logged load."""

    def changed(answer: bytes) -> bytes:
        place = answer.index(b'"load_g":', answer.index(b'"rows":[{')) + len(b'"load_g":')
        digit = b"1" if answer[place : place + 1] != b"1" else b"2"
        return answer[:place] + digit + answer[place + 1 :]

    _rewrite(database_url, "answer", changed)


def _name_another_model(database_url: str) -> None:
    """Plant a fault in the same decision: it was made by an artifact that is not here."""

    def changed(request: bytes) -> bytes:
        place = request.index(b'"model":"') + len(b'"model":"')
        return request[:place] + b"effort-abcdef012345" + request[request.index(b'"', place) :]

    _rewrite(database_url, "request", changed)


def _rewrite(database_url: str, column: str, changed: Any) -> None:
    engine = open_engine(database_url)
    with writing(engine) as connection:
        query = select(decision.c.id, decision.c[column]).where(decision.c.occasion == "plan")
        row = connection.execute(query.order_by(decision.c.id)).first()
        assert row is not None
        packed = zlib.compress(changed(zlib.decompress(row[1])))
        connection.execute(update(decision).where(decision.c.id == row.id).values({column: packed}))
    engine.dispose()
