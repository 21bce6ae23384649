"""`record`: everything that travels on a broker, into one file, without saying a word."""

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from openspine.new_file import NewRecording, check_new
from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson
from openspine.verbs.serve import split_address

if TYPE_CHECKING:
    from emulator.recordings.recorder import (
        NotReached,
        Progress,
        Recorder,
        RecorderReport,
        RecorderSettings,
    )

PASSWORD_VARIABLE = "OPENSPINE_MQTT_PASSWORD"  # noqa: S105 (the name of a variable)
SOFTWARE = "openspine-record"
LINE_S = 10.0  # between two lines where there is no terminal


def run(  # noqa: PLR0913 (each is an option of the command line)
    *,
    broker: Annotated[str, Parameter(help="MQTT broker as HOST:PORT.")],
    out: NewRecording,
    root: Annotated[
        Literal["real", "sim", "both"], Parameter(help="Real machines, emulated ones, or both.")
    ] = "both",
    machine: Annotated[list[str] | None, Parameter(help="Only this machine; may be repeated.")] = None,
    seconds: Annotated[float | None, Parameter(help="End after so many seconds; else at Ctrl-C.")] = None,
    username: Annotated[
        str | None, Parameter(help=f"User of the broker; the password comes from {PASSWORD_VARIABLE}.")
    ] = None,
    tls: Annotated[bool, Parameter(negative="", help="Speak TLS with the broker.")] = False,
    ca_file: Annotated[Path | None, Parameter(help="With --tls: whom to trust, as PEM.")] = None,
    json: AsJson = False,
) -> int:
    """Record every up and down message until Ctrl-C; the recorder only listens.

    PIN proofs are blotted out; badges stay, so only the owner may read the file. A broker that goes away is
    looked for again, and the gap is noted. Exit code 4 when it cannot be reached at all.
    """
    host, port = split_address(broker)
    check_new(out)
    settings = _settings(
        {
            "host": host,
            "port": port,
            "username": username,
            "password": os.environ.get(PASSWORD_VARIABLE),
            "tls": tls,
            "ca_file": ca_file,
            "roots": ("real", "sim") if root == "both" else (root,),
            "machines": _machines(machine),
        }
    )
    done = _record(settings, out, f"broker {broker}", seconds)
    lines = [f"{done.messages} messages in {done.seconds:.1f} s, {len(done.gaps)} gaps: {out}"]
    hand_over({"out": str(out), **asdict(done)}, as_json=json, lines=lines)
    if done.problem is not None:
        say(f"openspine: {done.problem}; what is there: ./studio rec repair {out} --out NEW")
    return ExitCode.FAILED if done.problem else ExitCode.OK


def _settings(given: dict[str, object]) -> "RecorderSettings":
    from emulator.recordings.recorder import RecorderSettings  # noqa: PLC0415 (another room)

    # The production broker binds a user to the client id of the same name.
    client_id = given["username"] or f"rec-{secrets.token_hex(4)}"
    return RecorderSettings(client_id=client_id, **given)  # type: ignore[arg-type]


def _machines(given: list[str] | None) -> tuple[str, ...]:
    from contract.topics import is_machine_id  # noqa: PLC0415 (another room, loaded when it runs)

    for name in given or ():
        if not is_machine_id(name):
            raise Failure(f"--machine {name}: 3 to 32 of a-z, 0-9 and -", ExitCode.USAGE)
    return tuple(given or ())


def _record(settings: "RecorderSettings", out: Path, source: str, seconds: float | None) -> "RecorderReport":
    from contract.recording import About  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.recordings.mcap_file import RecordingWriter  # noqa: PLC0415 (another room)
    from emulator.recordings.recorder import NotReached, Recorder  # noqa: PLC0415 (another room)

    about = About(
        machine=settings.machines[0] if len(settings.machines) == 1 else "",
        machine_kind="",
        origin="sim" if settings.roots == ("sim",) else "real",
        source=source,
        software=SOFTWARE,
    )
    try:
        with RecordingWriter(out, about) as writer:
            done = asyncio.run(_until_told(partial(Recorder, settings, writer), seconds))
    except OSError as error:  # the disk is full, or the folder may not be written to
        raise Failure(f"{out}: {error.strerror}") from error
    if isinstance(done, NotReached):
        out.unlink()
        raise Failure(f"{settings.host}:{settings.port}: {done.reason}", ExitCode.UNREACHABLE)
    return done


async def _until_told(
    recorder: "Callable[[], Recorder]", seconds: float | None
) -> "RecorderReport | NotReached":
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if seconds is not None:
        loop.call_later(seconds, stop.set)
    told = Told()
    done = await recorder().run(stop, told)
    told.end()
    return done


class Told:
    """Says how far the recording is: on a terminal in one line that is written over, else now and then."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._told_s = 0.0

    def __call__(self, progress: "Progress") -> None:
        """Tell it, unless it was just told."""
        if not self._is_terminal and progress.seconds - self._told_s < LINE_S:
            return
        self._told_s = progress.seconds
        link = "" if progress.is_linked else ", the broker is gone, looking for it"
        text = (
            f"{progress.seconds:.0f} s: {progress.messages} messages, {progress.per_s:.0f}/s, "
            f"{progress.size_bytes / 1e6:.2f} MB, {progress.gaps} gaps{link}"
        )
        if self._is_terminal:
            sys.stderr.write(f"\r\x1b[K{text}")  # back to the beginning of the line, and clear it
            sys.stderr.flush()
        else:
            say(text)

    def end(self) -> None:
        """Leave the line as it stands."""
        if self._is_terminal:
            sys.stderr.write("\n")
