"""A recording of samples, played through the true agent from the command line."""

import asyncio
import signal
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import URLError

from emulator.recordings.mcap_file import NoRecording
from emulator.replay.player import ReplayReport, ReplaySettings, about_machine
from emulator.replay.player import run as play
from openspine.guests import Guest, welcome
from openspine.outcome import ExitCode, Failure
from openspine.service import ask
from openspine.workshop import workshop

SITE_FILE = "site"  # beside keys.json
WALL_START_MS = 1_767_225_600_000  # 1 January 2026 UTC: the same studio time in every replay


def with_own_studio(options: dict[str, Any]) -> dict[str, Any]:
    """Play into a studio of its own that knows whoever sits in the recording."""
    about = about_machine(options["recording"], options["machine"])
    if isinstance(about, NoRecording):
        raise Failure(str(about))
    with workshop() as service:
        guest = Guest(badge=options["badge"], name="Recorded", stations=(about.machine_kind,))
        welcome(service, {about.machine: about.machine_kind}, [guest], WALL_START_MS)
        address = {"host": "127.0.0.1", "port": service.mqtt_port, "keys_file": service.keys / "keys.json"}
        result = at(options | address)
        return {**result, **stored(service.url, result["session"])}


def stored(api: str, session: str | None) -> dict[str, Any]:
    """Ask the service what it stored of the replayed session, and what it decided."""
    if session is None:
        return {"reps_stored": 0, "adjustments": 0}
    try:
        found = ask(f"{api}/v1/sessions/{session}")
        person = found["patient"]
        adjustments = ask(f"{api}/v1/patients/{person['id']}/adjustments")["items"] if person else []
    except URLError as error:
        raise Failure(f"--api {api}: {error}", ExitCode.UNREACHABLE) from error
    decided = [row for row in adjustments if row["session"] == session and row["occasion"] != "plan"]
    return {"reps_stored": sum(len(row["reps"]) for row in found["sets"]), "adjustments": len(decided)}


def at(options: dict[str, Any]) -> dict[str, Any]:
    """Play at a broker whose studio's keys are given."""
    site = options["keys_file"].parent / SITE_FILE
    try:
        site_key = bytes.fromhex(site.read_text())
    except OSError as error:
        raise Failure(f"{site}: {error.strerror}", ExitCode.NOT_FOUND) from error
    with TemporaryDirectory(prefix="openspine-replay-") as folder:
        settings = ReplaySettings(**options, site_key=site_key, folder=Path(folder))
        report = asyncio.run(_until_told(settings))
    if isinstance(report, NoRecording):
        raise Failure(str(report))
    return {"played_as": "samples", **asdict(report)}


async def _until_told(settings: ReplaySettings) -> ReplayReport | NoRecording:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return await play(settings, stop)
