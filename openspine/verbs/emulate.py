"""`emulate`: machines and people made of software, each machine with the true agent."""

import asyncio
import json as json_format
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from openspine.broker.passwords import read_simulation
from openspine.new_file import check_new
from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson
from openspine.verbs.serve import split_address

if TYPE_CHECKING:
    from emulator.people.members import Member
    from emulator.studio.fleet import Progress

SITE_FILE = "site"  # beside keys.json
FAULTS_SCENARIO = "faults"


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
    passwords: Annotated[
        Path | None, Parameter(help='With --broker: TOML, one `sim-ID = "password"` a machine.')
    ] = None,
    tls: Annotated[bool, Parameter(negative="", help="With --broker: speak TLS with it.")] = False,
    ca_file: Annotated[Path | None, Parameter(help="With --tls: whom to trust, as PEM.")] = None,
    folder: Annotated[Path | None, Parameter(help="Where the machines keep their spools.")] = None,
    machine: Annotated[list[str] | None, Parameter(help="ID=KIND, repeated; else the demo's six.")] = None,
    rate: Annotated[float | None, Parameter(help="Body time beside real time; else 1.")] = None,
    seconds: Annotated[float | None, Parameter(help="End after so many real seconds.")] = None,
    report: Annotated[Path | None, Parameter(help="Write what was done as JSON.")] = None,
    record: Annotated[
        Path | None, Parameter(help="Write messages and 50 Hz samples into a new recording.")
    ] = None,
    fault: Annotated[
        list[str] | None,
        Parameter(help="NAME[@MACHINE][:SECONDS-or-REP], repeated, in a studio of its own."),
    ] = None,
    json: AsJson = False,
) -> int:
    """Let emulated people train until Ctrl-C; then they finish, and every row is handed in.

    With `--scenario` or `--fault` broker and service are started in a temporary folder; else `--broker`,
    `--fleet` and `--keys` name the studio. With faults it ends when each has met its reaction; exit code 1
    when one has not (`emulate faults` lists them), or when a rep was lost or doubled.
    """
    if fault and broker is not None:
        raise Failure("--fault: faults strike in a studio of their own; leave --broker away", ExitCode.USAGE)
    if record is not None:
        check_new(record, "--record")
    if scenario is not None or fault:
        done = _in_own_studio(scenario or FAULTS_SCENARIO, fault or [], rate, seconds, record)
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
            "passwords": read_simulation(passwords) if passwords else {},
            "tls": tls,
            "ca": str(ca_file) if ca_file else None,
        }
        done = _train(there | who, folder, rate or 1.0, seconds, record)
    if report is not None:
        report.write_text(json_format.dumps(done))
    lines = done.pop("lines", [f"{done['reps_counted']} reps in {done['sessions']} sessions"])
    hand_over(done, as_json=json, lines=lines)
    return ExitCode.OK if done.get("ok", True) else ExitCode.FAILED


def faults(*, json: AsJson = False) -> None:
    """List the faults that can be planted: what each does, where it strikes, what must be seen after it."""
    from emulator.faults.registry import FAULTS  # noqa: PLC0415 (another room, loaded when it runs)

    table = {name: asdict(kind) for name, kind in FAULTS.items()}
    lines = [
        line
        for name, kind in FAULTS.items()
        for line in (f"{name:<11} {kind.layer:<7} {kind.what}", f"{'':<19} -> {kind.expected}")
    ]
    hand_over({"faults": table}, as_json=json, lines=lines)


def _in_own_studio(
    name: str, planned: list[str], rate: float | None, seconds: float | None, record: Path | None
) -> dict[str, Any]:
    from emulator.faults import wishes  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.recordings.column_map import BadFile  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.studio.scenario import read_scenario  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.emulation import scenario_run  # noqa: PLC0415 (heavy)

    scenario = read_scenario(name)
    if isinstance(scenario, BadFile):
        raise Failure(str(scenario))
    try:
        more = wishes.placed(map(wishes.parse, planned), sorted(scenario.machines))
    except ValueError as error:
        raise Failure(f"--fault {error}", ExitCode.USAGE) from error
    scenario = replace(scenario, wishes=(*scenario.wishes, *more))
    limit_s = seconds or scenario.seconds or None
    with _silence() if scenario.wishes else nullcontext():
        return scenario_run.run(scenario, rate or scenario.rate, limit_s, _tell, record)


@contextmanager
def _silence() -> Iterator[None]:
    """Log nothing: MQTT clients complain of every fault, and faults are the purpose."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _train(
    options: dict[str, Any], folder: Path | None, rate: float, seconds: float | None, record: Path | None
) -> dict[str, Any]:
    from emulator.studio.fleet import FleetSettings  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.emulation.scenario_run import as_table, until_told  # noqa: PLC0415 (heavy)

    with TemporaryDirectory(prefix="openspine-machines-") as spools:
        settings = FleetSettings(
            **options,
            folder=folder or Path(spools),
            rate=rate,
            wall_start_ms=None
            if rate == 1
            else time.time_ns() // 1_000_000,  # studio time runs with body time
        )
        return as_table(asyncio.run(until_told(settings, seconds, _tell, record)))


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
