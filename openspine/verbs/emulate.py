"""`emulate`: machines and people made of software, each machine with the true agent."""

import asyncio
import json as json_format
import signal
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson
from openspine.verbs.serve import split_address

if TYPE_CHECKING:
    from emulator.fleet import FleetReport, FleetSettings, Progress
    from emulator.members import Member

SITE_FILE = "site"  # beside keys.json


def run(  # noqa: PLR0913 (each is an option of the command line)
    *,
    broker: Annotated[str, Parameter(help="MQTT broker as HOST:PORT.")],
    fleet: Annotated[Path, Parameter(help="People as JSON, such as the demo's members.json.")],
    keys: Annotated[Path, Parameter(help="Public keys of the studio (keys.json); the site key lies beside.")],
    folder: Annotated[Path, Parameter(help="Where the machines keep their spools.")],
    machine: Annotated[list[str] | None, Parameter(help="ID=KIND, repeated; else the demo's six.")] = None,
    rate: Annotated[float, Parameter(help="Body time beside real time.")] = 1.0,
    seconds: Annotated[float | None, Parameter(help="End after so many real seconds.")] = None,
    report: Annotated[Path | None, Parameter(help="Write what was done as JSON.")] = None,
    json: AsJson = False,
) -> None:
    """Let emulated people train until Ctrl-C; then they finish, and every row is handed in."""
    from emulator.fleet import FleetSettings  # noqa: PLC0415 (another room, loaded when it runs)

    host, port = split_address(broker)
    settings = FleetSettings(
        host=host,
        port=port,
        machines=machines(machine),
        members=_members(fleet),
        keys_file=keys,
        site_key=_site_key(keys.parent / SITE_FILE),
        folder=folder,
        rate=rate,
        wall_start_ms=None if rate == 1 else time.time_ns() // 1_000_000,  # studio time runs with body time
    )
    done = asdict(asyncio.run(_until_told(settings, seconds)))
    if report is not None:
        report.write_text(json_format.dumps(done))
    hand_over(done, as_json=json, lines=[f"{done['reps_counted']} reps in {done['sessions']} sessions"])


def machines(given: list[str] | None) -> dict[str, str]:
    """Return machine id -> kind; Failure when a kind is not in the catalogue."""
    from contract.machines import catalogue  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.demo.studio import read_studio  # noqa: PLC0415 (only the default needs it)

    if given is None:
        return dict(read_studio().machines)
    named = {name: kind for name, _, kind in (text.partition("=") for text in given)}
    for name, kind in named.items():
        if kind not in catalogue():
            raise Failure(
                f"--machine {name}={kind}: write ID=KIND, one of {', '.join(catalogue())}", ExitCode.USAGE
            )
    return named


async def _until_told(settings: "FleetSettings", seconds: float | None) -> "FleetReport":
    from emulator.fleet import run as run_fleet  # noqa: PLC0415 (another room, loaded when it runs)

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if seconds is not None:
        loop.call_later(seconds, stop.set)
    return await run_fleet(settings, stop, _tell)


def _tell(progress: "Progress") -> None:
    say(f"{progress.seconds:.0f} s: {progress.reps} reps, {progress.settings_applied} settings applied")


def _members(path: Path) -> "tuple[Member, ...]":
    import msgspec  # noqa: PLC0415 (heavy)

    from emulator import members  # noqa: PLC0415 (another room, loaded when it runs)

    try:
        return members.read(path)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", ExitCode.NOT_FOUND) from error
    except msgspec.DecodeError as error:
        raise Failure(f"{path}: {error}") from error


def _site_key(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.read_text())
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", ExitCode.NOT_FOUND) from error
