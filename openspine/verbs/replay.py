"""`replay`: a recording once more through the true agent, always under the simulation's topics."""

import asyncio
import math
import signal
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any
from urllib.error import URLError

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over
from openspine.service import ask
from openspine.verbs.options import AsJson
from openspine.verbs.serve import split_address

if TYPE_CHECKING:
    from emulator.recordings.mcap_file import NoRecording
    from emulator.replay.player import ReplayReport, ReplaySettings

SITE_FILE = "site"  # beside keys.json
WALL_START_MS = 1_767_225_600_000  # 1 January 2026 UTC: the same studio time in every replay


def run(  # noqa: PLR0913 (each is an option of the command line)
    file: Path,
    *,
    rate: Annotated[str, Parameter(help="Times real time, or max.")] = "1",
    broker: Annotated[str | None, Parameter(help="HOST:PORT; else broker and service of its own.")] = None,
    keys: Annotated[Path | None, Parameter(help="With --broker: the studio's keys.json.")] = None,
    api: Annotated[
        str | None, Parameter(help="With --broker: the service's URL, to say what it stored.")
    ] = None,
    badge: Annotated[str, Parameter(help="Whom the scripted operator signs in.")] = "recorded",
    start: Annotated[float | None, Parameter(help="Begin at so many seconds.")] = None,
    until: Annotated[float | None, Parameter(help="End at so many seconds.")] = None,
    json: AsJson = False,
) -> int:
    """Replay a recording; exit code 1 when rows were left or no plan came, 4 when nobody answered."""
    options: dict[str, Any] = {
        "recording": file,
        "rate": _rate(rate),
        "badge": badge,
        "wall_start_ms": WALL_START_MS,
        "start_ms": None if start is None else round(start * 1_000),
        "until_ms": None if until is None else round(until * 1_000),
    }
    if broker is None:
        result = _with_own_studio(options)
    elif keys is None:
        raise Failure("--broker needs --keys: the studio's keys.json", ExitCode.USAGE)
    else:
        host, port = split_address(broker)
        result = _at(options | {"host": host, "port": port, "keys_file": keys})
        result |= _stored(api, result["session"]) if api is not None else {}
    hand_over(result, as_json=json, lines=[_line(result)])
    return ExitCode.FAILED if result["problem"] or result["unacked"] else ExitCode.OK


def _with_own_studio(options: dict[str, Any]) -> dict[str, Any]:
    from emulator.recordings.mcap_file import NoRecording, read_about  # noqa: PLC0415 (another room, loaded when it runs)
    from openspine.guests import Guest, welcome  # noqa: PLC0415 (heavy)
    from openspine.workshop import workshop  # noqa: PLC0415 (only here)

    about = read_about(options["recording"])
    if isinstance(about, NoRecording):
        raise Failure(str(about))
    with workshop() as service:
        guest = Guest(badge=options["badge"], name="Recorded", stations=(about.machine_kind,))
        welcome(service, {about.machine: about.machine_kind}, [guest], WALL_START_MS)
        address = {"host": "127.0.0.1", "port": service.mqtt_port, "keys_file": service.keys / "keys.json"}
        result = _at(options | address)
        return {**result, **_stored(service.url, result["session"])}


def _stored(api: str, session: str | None) -> dict[str, Any]:
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


def _at(options: dict[str, Any]) -> dict[str, Any]:
    from emulator.recordings.mcap_file import NoRecording  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.replay.player import ReplaySettings  # noqa: PLC0415 (another room, loaded when it runs)

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
    return asdict(report)


async def _until_told(settings: "ReplaySettings") -> "ReplayReport | NoRecording":
    from emulator.replay.player import run as replay  # noqa: PLC0415 (another room, loaded when it runs)

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return await replay(settings, stop)


def _rate(text: str) -> float:
    try:
        rate = math.inf if text == "max" else float(text)
    except ValueError:
        rate = 0.0
    if rate <= 0:
        raise Failure(f"--rate {text}: write a number above 0, or max", ExitCode.USAGE)
    return rate


def _line(result: dict[str, Any]) -> str:
    return f"{result['reps_counted']} reps counted in {result['recorded_s']:.0f} s of recording"
