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
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiomqtt
import msgspec

from contract import recording, topics
from contract.recording import About
from emulator.people.members import Description, Member, member
from emulator.recordings.mcap_file import RecordingWriter
from emulator.studio.fleet import FleetSettings, Progress
from emulator.studio.fleet import run as run_fleet
from openspine.guests import Guest, welcome
from openspine.outcome import say
from openspine.replay.studio import SITE_KEY, read_people
from openspine.service import ServiceProcess
from openspine.workshop import workshop

FOLDER = Path(__file__).parent
MACHINES = {"extension-1": "lumbar_extension", "rotation-1": "trunk_rotation"}
SESSIONS = 3
SEED = 11
WALL_START_MS = 1_790_000_000_000
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


async def capture(port: int, writer: RecordingWriter, ready: asyncio.Event) -> None:
    """Write down everything that machines of the simulation say."""
    client = aiomqtt.Client("127.0.0.1", port, identifier="rec-golden", protocol=aiomqtt.ProtocolVersion.V5)
    async with client:
        await client.subscribe([(topics.name("sim", "+", channel), 1) for channel in CHANNELS])
        ready.set()
        async for message in client.messages:
            if isinstance(message.payload, bytes) and message.payload:
                now_ms = time.time_ns() // 1_000_000
                writer.write(recording.from_wire(str(message.topic), lighter(message.payload), now_ms))


def lighter(payload: bytes) -> bytes:
    """Leave out a curve, as an agent with a full spool does: half of the bytes, and no decision sees it."""
    fields = msgspec.json.decode(payload, type=dict[str, Any])
    return payload if fields.pop("curve", None) is None else msgspec.json.encode(fields)


async def record(service: ServiceProcess, people: list[Guest], folder: Path) -> int:
    """Let the people train until the sessions are done, and write the recording; returns the rows left."""
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
    stop, ready = asyncio.Event(), asyncio.Event()

    def enough(progress: Progress) -> None:
        say(f"{progress.sessions} sessions, {progress.reps} reps")
        if progress.sessions >= SESSIONS:
            stop.set()

    with RecordingWriter(FOLDER / "day.mcap", ABOUT) as writer:
        listening = asyncio.create_task(capture(service.mqtt_port, writer, ready))
        await ready.wait()
        report = await run_fleet(settings, stop, enough)
        await asyncio.sleep(1)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return report.unacked


def main() -> int:
    """Record the day."""
    people = read_people(FOLDER / "people.toml")
    with workshop(SITE_KEY) as service, TemporaryDirectory() as spools:
        welcome(service, MACHINES, people, WALL_START_MS)
        return asyncio.run(record(service, people, Path(spools)))


if __name__ == "__main__":
    sys.exit(main())
