"""A fleet of emulated machines with a recorder beside it: what they say, hear and measure in one file."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from contract.recording import About
from emulator.recordings.mcap_file import RecordingWriter
from emulator.recordings.recorder import NotReached, Recorder, RecorderReport, RecorderSettings
from emulator.studio.fleet import FleetSettings
from openspine.outcome import ExitCode, Failure, say

SOFTWARE = "openspine-emulate"
LOOK_S = 0.01


@asynccontextmanager
async def recorded(settings: FleetSettings, out: Path) -> AsyncIterator[FleetSettings]:
    """Record while the context is open; the fleet that it gives also tells what its drives measure."""
    is_one = len(settings.machines) == 1
    about = About(
        machine=next(iter(settings.machines)) if is_one else "",
        machine_kind=next(iter(settings.machines.values())) if is_one else "",
        origin=settings.origin,
        source=f"emulated machines, seed {settings.seed}, {settings.rate:g} times real time",
        software=SOFTWARE,
    )
    place = RecorderSettings(
        host=settings.host,
        port=settings.port,
        client_id=f"rec-{secrets.token_hex(4)}",
        roots=(settings.origin,),
        machines=tuple(settings.machines),
    )
    with RecordingWriter(out, about) as writer:
        for machine, kind in settings.machines.items():
            writer.note_machine(machine, kind)
        recorder, over = Recorder(place, writer), asyncio.Event()
        listening = asyncio.create_task(recorder.run(over))
        await _linked(recorder, listening)
        try:
            yield replace(settings, on_samples=partial(recorder.take_samples, settings.origin))
        finally:
            over.set()
            done = await listening
            if isinstance(done, RecorderReport) and done.problem is not None:
                say(f"openspine: {out}: {done.problem}")


async def _linked(recorder: Recorder, listening: "asyncio.Task[object]") -> None:
    """Wait until nothing can be missed any more."""
    while not recorder.is_linked:
        if listening.done():
            found = listening.result()
            reason = found.reason if isinstance(found, NotReached) else "the recorder ended"
            raise Failure(f"the recorder cannot listen: {reason}", ExitCode.UNREACHABLE)
        await asyncio.sleep(LOOK_S)
