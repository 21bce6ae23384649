"""`kiosk`: one emulated machine at the speed of life, for the patient's screen."""

import asyncio
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.emulate import SITE_FILE, machines, people, site_key
from openspine.verbs.options import AsJson
from openspine.verbs.serve import split_address

if TYPE_CHECKING:
    from emulator.studio.fleet import FleetSettings
    from emulator.studio.stand import MachineReport
    from openspine.guests import Guest

MACHINE = "kiosk-1=lumbar_extension"
SEED = 3  # a body that reaches the whole range of a first plan
PIN = "123456"  # of the kiosk's own guests; opens nothing but invented people


def run(  # noqa: PLR0913 (each is an option of the command line)
    *,
    broker: Annotated[
        str | None, Parameter(help="MQTT broker as HOST:PORT; else a studio of its own.")
    ] = None,
    fleet: Annotated[Path | None, Parameter(help="With --broker: people as JSON (members.json).")] = None,
    keys: Annotated[
        Path | None, Parameter(help="With --broker: the studio's keys.json; the site key lies beside.")
    ] = None,
    machine: Annotated[str, Parameter(help="ID=KIND.")] = MACHINE,
    port: Annotated[int, Parameter(help="TCP port of the screen on this computer; 0: a free one.")] = 0,
    folder: Annotated[Path | None, Parameter(help="Where the machine keeps its spool.")] = None,
    rate: Annotated[float, Parameter(help="Body time beside real time.")] = 1.0,
    seconds: Annotated[float | None, Parameter(help="End after so many real seconds.")] = None,
    json: AsJson = False,
) -> None:
    """Show the patient's screen: you touch, an emulated body in the seat does the work; Ctrl-C ends it."""
    if rate <= 0:
        raise Failure("--rate: write a number above 0", ExitCode.USAGE)
    with TemporaryDirectory(prefix="openspine-kiosk-") as spools, _studio(broker, fleet, keys, machine) as at:
        settings = replace(
            at,
            folder=folder or Path(spools),
            rate=rate,
            wall_start_ms=None
            if rate == 1
            else time.time_ns() // 1_000_000,  # studio time runs with body time
        )
        done = asyncio.run(_until_told(settings, port, seconds))
    hand_over(asdict(done), as_json=json, lines=[f"{len(done.reps)} reps in {done.sessions} sessions"])


@contextmanager
def _studio(
    broker: str | None, fleet: Path | None, keys: Path | None, machine: str
) -> "Iterator[FleetSettings]":
    """Give the place and the people: the studio that is named, or one of our own while it lasts."""
    from emulator.studio.fleet import FleetSettings  # noqa: PLC0415 (another room, loaded when it runs)

    wanted = machines([machine])
    if broker is not None and fleet is not None and keys is not None:
        host, port = split_address(broker)
        yield FleetSettings(
            host=host,
            port=port,
            machines=wanted,
            members=people(fleet),
            keys_file=keys,
            site_key=site_key(keys.parent / SITE_FILE),
            folder=Path(),
        )
    elif broker is None and fleet is None and keys is None:
        with _own_studio(wanted) as made:
            yield made
    else:
        raise Failure("give all of --broker, --fleet and --keys, or none of them", ExitCode.USAGE)


@contextmanager
def _own_studio(wanted: dict[str, str]) -> "Iterator[FleetSettings]":
    from emulator.people.members import Description, member  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.studio.fleet import FleetSettings  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.guests import welcome  # noqa: PLC0415 (heavy)
    from openspine.workshop import workshop  # noqa: PLC0415 (only here)

    guests = _guests(tuple(wanted.values()))
    say("starting a studio of its own ...")
    with workshop() as service:
        welcome(service, wanted, guests, time.time_ns() // 1_000_000)
        for guest in guests:
            say(f"  {guest.name}: badge {guest.badge}, or code {guest.code} with PIN {guest.pin}")
        bodies = [
            Description(
                badge=guest.badge,
                code=guest.code or "",
                seed=SEED,
                sex=guest.sex,
                age_years=guest.age_years,
                mass_kg=guest.mass_kg,
                pain_nrs=guest.baseline_nrs,
                stations=guest.stations,
            )
            for guest in guests
        ]
        yield FleetSettings(
            host="127.0.0.1",
            port=service.mqtt_port,
            machines=wanted,
            members=[member(one) for one in bodies],
            keys_file=service.keys / "keys.json",
            site_key=site_key(service.keys / SITE_FILE),
            folder=Path(),
        )


def _guests(kinds: Sequence[str]) -> "tuple[Guest, Guest]":
    from openspine.guests import Guest  # noqa: PLC0415 (heavy)

    about: Guest = Guest(
        badge="demo-k01",
        code="K01",
        name="Mrs Lam",
        stations=(*kinds, "trunk_rotation" if "trunk_rotation" not in kinds else "lumbar_extension"),
        pin=PIN,
        sex="female",
        age_years=53,
        mass_kg=66.0,
        height_m=1.60,
        set_up={"seat": 4, "pad": 3},
        baseline_nrs=2,
        profile="rehab",
        phase="build",
    )
    chinese = replace(about, badge="demo-k02", code="K02", name="李先生", language="zh-HK")
    return about, replace(chinese, sex="male", age_years=41, mass_kg=74.0, height_m=1.72)


async def _until_told(settings: "FleetSettings", port: int, seconds: float | None) -> "MachineReport":
    from emulator.studio import kiosk  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.studio.stand import STAFF_PIN  # noqa: PLC0415 (another room, loaded when it runs)
    from machine_agent.screen import listen  # noqa: PLC0415 (another room, loaded when it runs)

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if seconds is not None:
        loop.call_later(seconds, stop.set)
    try:
        door = listen(port)
    except OSError as error:
        raise Failure(f"--port {port}: {error.strerror}", ExitCode.FAILED) from error
    say(f"  screen      http://127.0.0.1:{door.getsockname()[1]}  (staff PIN {STAFF_PIN}; Ctrl-C ends it)")
    return await kiosk.run(kiosk.at_only_machine(settings), settings, door, stop)
