"""`emulate`: machines and people made of software, each machine with the true agent."""

import asyncio
import json as json_format
import signal
import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson
from openspine.verbs.serve import split_address

if TYPE_CHECKING:
    from emulator.people.members import Member
    from emulator.studio.fleet import FleetReport, FleetSettings, Progress

SITE_FILE = "site"  # beside keys.json
BASELINE_MOST_NRS = 6  # clinical page: B is capped there


def run(  # noqa: PLR0913 (each is an option of the command line)
    *,
    scenario: Annotated[
        str | None, Parameter(help="Shipped scenario or TOML file, in a studio of its own.")
    ] = None,
    broker: Annotated[str | None, Parameter(help="MQTT broker as HOST:PORT.")] = None,
    fleet: Annotated[Path | None, Parameter(help="With --broker: people as JSON (members.json).")] = None,
    keys: Annotated[
        Path | None, Parameter(help="With --broker: the studio's keys.json; the site key lies beside.")
    ] = None,
    folder: Annotated[Path | None, Parameter(help="Where the machines keep their spools.")] = None,
    machine: Annotated[list[str] | None, Parameter(help="ID=KIND, repeated; else the demo's six.")] = None,
    rate: Annotated[float | None, Parameter(help="Body time beside real time; else 1.")] = None,
    seconds: Annotated[float | None, Parameter(help="End after so many real seconds.")] = None,
    report: Annotated[Path | None, Parameter(help="Write what was done as JSON.")] = None,
    json: AsJson = False,
) -> None:
    """Let emulated people train until Ctrl-C; then they finish, and every row is handed in.

    With `--scenario` broker and service are started in a temporary folder; else `--broker`, `--fleet` and
    `--keys` name the studio.
    """
    if scenario is not None:
        done = _in_own_studio(scenario, rate, seconds)
    elif broker is None or fleet is None or keys is None:
        raise Failure("give --scenario, or all of --broker, --fleet and --keys", ExitCode.USAGE)
    else:
        host, port = split_address(broker)
        who = {"machines": machines(machine), "members": people(fleet)}
        there = {
            "host": host,
            "port": port,
            "keys_file": keys,
            "site_key": site_key(keys.parent / SITE_FILE),
        }
        done = _train(there | who, folder, rate or 1.0, seconds)
    if report is not None:
        report.write_text(json_format.dumps(done))
    hand_over(done, as_json=json, lines=[f"{done['reps_counted']} reps in {done['sessions']} sessions"])


def _in_own_studio(name: str, rate: float | None, seconds: float | None) -> dict[str, Any]:
    from emulator.recordings.column_map import BadFile  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.studio.scenario import read_scenario  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.guests import Guest, welcome  # noqa: PLC0415 (heavy)
    from openspine.workshop import workshop  # noqa: PLC0415 (only here)

    scenario = read_scenario(name)
    if isinstance(scenario, BadFile):
        raise Failure(str(scenario))
    guests = [
        Guest(
            badge=one.badge,
            name=one.badge,
            stations=one.stations,
            age_years=one.person.age_years,
            sex=one.person.sex,
            mass_kg=one.person.mass_kg,
            baseline_nrs=min(round(one.person.pain_nrs), BASELINE_MOST_NRS),
            profile="rehab" if one.person.back_pain else "studio",
            phase="build",
        )
        for one in scenario.members
    ]
    with workshop() as service:
        welcome(service, scenario.machines, guests, time.time_ns() // 1_000_000)
        public = service.keys / "keys.json"
        there = {"host": "127.0.0.1", "port": service.mqtt_port, "keys_file": public}
        what = {
            "site_key": site_key(service.keys / SITE_FILE),
            "machines": scenario.machines,
            "members": scenario.members,
            "faults": scenario.faults,
            "pain_at_rep": scenario.pain_at_rep,
            "seed": scenario.seed,
        }
        return _train(there | what, None, rate or scenario.rate, seconds or scenario.seconds or None)


def _train(
    options: dict[str, Any], folder: Path | None, rate: float, seconds: float | None
) -> dict[str, Any]:
    from emulator.studio.fleet import FleetSettings  # noqa: PLC0415 (another room, loaded when it runs)

    with TemporaryDirectory(prefix="openspine-machines-") as spools:
        settings = FleetSettings(
            **options,
            folder=folder or Path(spools),
            rate=rate,
            wall_start_ms=None
            if rate == 1
            else time.time_ns() // 1_000_000,  # studio time runs with body time
        )
        return asdict(asyncio.run(_until_told(settings, seconds)))


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
    from emulator.studio.fleet import run as run_fleet  # noqa: PLC0415 (another room, loaded when it runs)

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if seconds is not None:
        loop.call_later(seconds, stop.set)
    return await run_fleet(settings, stop, _tell)


def _tell(progress: "Progress") -> None:
    say(f"{progress.seconds:.0f} s: {progress.reps} reps, {progress.settings_applied} settings applied")


def people(path: Path) -> "tuple[Member, ...]":
    """Read the people of a fleet; Failure when the file is missing or something else."""
    import msgspec  # noqa: PLC0415 (heavy)

    from emulator.people import members  # noqa: PLC0415 (another room, loaded when it runs)

    try:
        return members.read(path)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", ExitCode.NOT_FOUND) from error
    except msgspec.DecodeError as error:
        raise Failure(f"{path}: {error}") from error


def site_key(path: Path) -> bytes:
    """Read a studio's site key; Failure when the file is missing."""
    try:
        return bytes.fromhex(path.read_text())
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}", ExitCode.NOT_FOUND) from error
