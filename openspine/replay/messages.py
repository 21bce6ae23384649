"""A recording of messages, played from the command line: keys, progress, and what was decided."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from emulator.replay import golden
from emulator.replay.controls import Controls
from emulator.replay.golden import Comparison, Kind
from emulator.replay.messages import MessageReport, MessageSettings, run
from emulator.replay.tape import Tape
from emulator.replay.transport import Transport
from emulator.replay.typed import HELP, keys_in
from emulator.replay.voices import Broker
from openspine.outcome import ExitCode, Failure, say
from openspine.replay import keyboard
from openspine.replay.line import Line
from openspine.replay.studio import decision_lines, read_people, studio_of

SHOWN_MOST = 40  # lines of a difference; the count says how many there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asks of a replay of messages."""

    tape: Tape
    rate: float
    is_paused: bool
    is_looped: bool
    as_if_now: bool
    broker: Broker | None
    people: Path | None
    verify: Path | None
    write_golden: Path | None


def replay(asked: Asked) -> tuple[dict[str, Any], ExitCode]:
    """Play into a studio of its own or at a broker; what was decided is compared, or kept."""
    expected = None if asked.verify is None else _golden(asked.verify)
    if asked.broker is not None:
        report = _played(asked, asked.broker, {})
        lines, kinds = list(report.lines), golden.ON_THE_WIRE
    else:
        report, lines = _at_home(asked)
        kinds = (*golden.ON_THE_WIRE, "decision")
    result = {name: value for name, value in asdict(report).items() if name != "lines"}
    result |= {"played_as": "messages", "decided": len(lines)}
    if not report.is_whole:
        return result, _unfinished(report)
    if asked.write_golden is not None:
        _write(asked.write_golden, lines)
    if expected is None:
        return result, ExitCode.OK
    found = golden.compare(expected, lines, kinds)
    return result | {"verified": _told(found)}, _judged(found, asked.verify, lines, kinds)


def _at_home(asked: Asked) -> tuple[MessageReport, list[bytes]]:
    try:
        known = [] if asked.people is None else read_people(asked.people)
    except OSError as error:
        raise Failure(f"{asked.people}: {error.strerror}", ExitCode.NOT_FOUND) from error
    except ValueError as error:
        raise Failure(f"{asked.people}: no list of people ({error})") from error
    say("starting a studio of its own ...")
    at_ms = time.time_ns() // 1_000_000 if asked.as_if_now else None
    with studio_of(asked.tape, known, at_ms) as home:
        broker = Broker(host="127.0.0.1", port=home.service.mqtt_port)
        report = _played(asked, broker, home.pins)
        return report, [*report.lines, *decision_lines(home.service.database_url)]


def _played(asked: Asked, broker: Broker, pins: Mapping[str, bytes]) -> MessageReport:
    settings = MessageSettings(
        broker=broker, rounds=0 if asked.is_looped else 1, as_if_now=asked.as_if_now, pins=pins
    )
    return asyncio.run(_until_told(asked, settings))


async def _until_told(asked: Asked, settings: MessageSettings) -> MessageReport:
    controls = Controls(Transport(rate=asked.rate, is_paused=asked.is_paused))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, controls.press, "quit")
    line = Line()
    with contextlib.ExitStack() as stack:
        if keyboard.is_terminal():
            say(HELP)
            stack.enter_context(keyboard.listening(lambda typed: _press(controls, typed)))
        stack.callback(line.end)
        return await run(asked.tape, settings, controls, line)


def _press(controls: Controls, typed: bytes) -> None:
    for key in keys_in(typed):
        controls.press(key)


def _unfinished(report: MessageReport) -> ExitCode:
    """Say why it is not whole; nothing is compared then, and nothing kept."""
    if report.problem is None:
        say(f"stopped by hand; {report.rows} rows were sent, {report.acknowledged} are committed")
        return ExitCode.OK
    say(f"openspine: {report.problem}; {report.acknowledged} of {report.rows} rows are committed, and are")
    say("  not stored twice when the recording is played again")
    return ExitCode.UNREACHABLE


def _golden(path: Path) -> list[bytes]:
    try:
        return golden.read_lines(path.read_bytes())
    except OSError as error:
        raise Failure(f"--verify {path}: {error.strerror}", ExitCode.NOT_FOUND) from error
    except msgspec.DecodeError as error:
        raise Failure(f"--verify {path}: no golden lines ({error}); --write-golden makes them") from error


def _write(path: Path, lines: list[bytes]) -> None:
    try:
        path.write_bytes(b"".join(one + b"\n" for one in lines))
    except OSError as error:
        raise Failure(f"--write-golden {path}: {error.strerror}") from error


def _told(found: Comparison) -> dict[str, Any]:
    return {"is_same": found.is_same, **asdict(found)}


def _judged(found: Comparison, path: Path | None, lines: list[bytes], kinds: tuple[Kind, ...]) -> ExitCode:
    if found.is_same:
        return ExitCode.OK
    say(f"openspine: what was decided differs from {path} ({', '.join(kinds)}; {found.equal} equal)")
    told = [f"  - only golden: {one}" for one in found.missing]
    told += [f"  + only now: {one}" for one in found.unexpected]
    told += [f"  ! {one}" for one in found.different]
    for one in told[:SHOWN_MOST]:
        say(one)
    if len(told) > SHOWN_MOST:
        say(f"  and {len(told) - SHOWN_MOST} more")
    if not lines:
        say("  nothing was decided: a service that has the recording already answers nothing again")
    return ExitCode.DIFFERS
