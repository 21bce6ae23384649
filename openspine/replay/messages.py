"""A recording of messages, played from the command line: keys, progress, and what was decided."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Mapping, Sequence
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
from openspine.replay import keyboard, verdict
from openspine.replay.line import Line
from openspine.replay.studio import decision_lines, read_people, studio_of


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
    kinds = golden.ON_THE_WIRE if asked.broker is not None else (*golden.ON_THE_WIRE, "decision")
    expected = None if asked.verify is None else _golden(asked.verify, kinds)
    if asked.broker is not None:
        report = _played(asked, asked.broker, {})
        lines = list(report.lines)
    else:
        report, lines = _at_home(asked)
    found = None if expected is None or not report.is_whole else golden.compare(expected, lines, kinds)
    code = _ended(asked, report, lines, found)
    result = {name: value for name, value in asdict(report).items() if name != "lines"}
    result |= {"ok": code == ExitCode.OK, "played_as": "messages", "decided": len(lines)}
    return result if found is None else result | {"verified": _told(found)}, code


def _ended(asked: Asked, report: MessageReport, lines: Sequence[bytes], found: Comparison | None) -> ExitCode:
    if not report.is_whole:
        is_judged = asked.verify is not None or asked.write_golden is not None
        return verdict.unfinished(report, is_judged=is_judged)
    missing = verdict.unanswered(report)
    if asked.write_golden is not None and missing is None:
        _write(asked.write_golden, lines)
    if found is not None and not found.is_same:
        return verdict.differs(found, asked.verify, lines)
    if missing is not None:
        say(f"openspine: {missing}")
        return ExitCode.FAILED
    return ExitCode.OK


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


def _golden(path: Path, kinds: Sequence[Kind]) -> list[bytes]:
    try:
        found = golden.read_lines(path.read_bytes())
    except OSError as error:
        raise Failure(f"--verify {path}: {error.strerror}", ExitCode.NOT_FOUND) from error
    except msgspec.DecodeError as error:
        raise Failure(f"--verify {path}: no golden lines ({error}); --write-golden makes them") from error
    if not golden.compare(found, (), kinds).missing:
        raise Failure(f"--verify {path}: nothing to compare: no golden line of {', '.join(kinds)} is in it")
    return found


def _write(path: Path, lines: Sequence[bytes]) -> None:
    try:
        path.write_bytes(b"".join(one + b"\n" for one in lines))
    except OSError as error:
        raise Failure(f"--write-golden {path}: {error.strerror}") from error


def _told(found: Comparison) -> dict[str, Any]:
    return {"is_same": found.is_same, **asdict(found)}
