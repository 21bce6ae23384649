"""The golden day: what machines said in a few emulated sessions, and what the service decides of it.

`golden.jsonl` again, after an intended change of the model; read the difference before committing it:

    ./studio replay tests/golden/day/day.mcap --rate max --people tests/golden/day/people.toml \
        --write-golden tests/golden/day/golden.jsonl

The day itself again, only when the protocol or the agent has changed (and then `golden.jsonl` as above):

    .venv/bin/python tests/golden/day/record.py
"""

import asyncio
import math
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from contract import topics
from contract.recording import About
from emulator.people.members import Description, Member, member
from emulator.recordings.mcap_file import RecordingWriter, read_records
from emulator.recordings.recorder import Recorder, RecorderSettings
from emulator.recordings.selection import topic_fits
from emulator.studio.fleet import FleetSettings, Progress
from emulator.studio.fleet import run as run_fleet
from openspine.guests import Guest, welcome
from openspine.outcome import say
from openspine.replay.studio import SITE_KEY, decision_lines, read_people
from openspine.service import ServiceProcess
from openspine.workshop import workshop

FOLDER = Path(__file__).parent
MACHINES = {"extension-1": "lumbar_extension", "rotation-1": "trunk_rotation"}
SESSIONS = 3
SEED = 11
WALL_START_MS = 1_790_000_000_000
WHOLE = "whole.mcap"
CHANNELS: tuple[topics.Channel, ...] = ("up/status", "up/session", "up/rep", "up/set", "up/event")
ABOUT = About(machine="", machine_kind="", origin="sim", source="emulated people", software="golden-day")


def body_of(guest: Guest, seed: int) -> Member:
    """Make the emulated body of a person."""
    return member(
        Description(
            badge=guest.badge,
            code=guest.code or "",
            seed=seed,
            sex=guest.sex,
            age_years=guest.age_years,
            mass_kg=guest.mass_kg,
            pain_nrs=guest.baseline_nrs,
            stations=guest.stations,
        )
    )


def keep(whole: Path, day: Path) -> None:
    """Keep what machines said for the service: no live trace, no answers, and reps without their curves."""
    with RecordingWriter(day, ABOUT) as writer:
        for one in read_records(whole):
            if any(topic_fits(channel, one.topic) for channel in CHANNELS):
                writer.write(replace(one, payload=lighter(one.payload)))


def lighter(payload: bytes) -> bytes:
    """Leave out a curve, as an agent with a full spool does: half of the bytes, and no decision sees it."""
    fields = msgspec.json.decode(payload, type=dict[str, Any])
    return payload if fields.pop("curve", None) is None else msgspec.json.encode(fields)


async def record(service: ServiceProcess, people: list[Guest], folder: Path) -> int:
    """Let the people train until the sessions are done, and record it; returns the rows left."""
    settings = FleetSettings(
        host="127.0.0.1",
        port=service.mqtt_port,
        machines=MACHINES,
        members=[body_of(guest, seed) for seed, guest in enumerate(people, start=SEED)],
        keys_file=service.keys / "keys.json",
        site_key=SITE_KEY,
        folder=folder,
        rate=math.inf,  # body time waits for the service, however slow this computer is
        wall_start_ms=WALL_START_MS,
        seed=SEED,
    )
    enough, over = asyncio.Event(), asyncio.Event()

    def look(progress: Progress) -> None:
        say(f"{progress.sessions} sessions, {progress.reps} reps")
        if progress.sessions >= SESSIONS:
            enough.set()

    listens_at = RecorderSettings(
        host="127.0.0.1", port=service.mqtt_port, client_id="rec-golden", roots=("sim",)
    )
    with RecordingWriter(folder / WHOLE, ABOUT) as writer:
        recorder = Recorder(listens_at, writer)
        recording = asyncio.create_task(recorder.run(over))
        while not recorder.is_linked:  # noqa: ASYNC110 (the recorder has no event for it)
            await asyncio.sleep(0.1)
        report = await run_fleet(settings, enough, look)
        await asyncio.sleep(1)
        over.set()
        await recording
    return report.unacked


def live(out: Path) -> tuple[int, list[bytes]]:
    """Record a day into a file; returns the rows left, and what the service decided while it happened."""
    people = read_people(FOLDER / "people.toml")
    with workshop(SITE_KEY) as service, TemporaryDirectory() as name:
        welcome(service, MACHINES, people, WALL_START_MS)
        left = asyncio.run(record(service, people, Path(name)))
        keep(Path(name) / WHOLE, out)
        return left, decision_lines(service.database_url)


if __name__ == "__main__":
    sys.exit(live(FOLDER / "day.mcap")[0])
