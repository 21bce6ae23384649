"""`rec`: look into recordings, take parts of them, put them together, mend them, make tables of them."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from openspine.new_file import NewRecording, check_new
from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson

if TYPE_CHECKING:
    from emulator.recordings.mcap_file import NoRecording
    from emulator.recordings.rewriting import Wanted

Topics = Annotated[
    list[str] | None,
    Parameter(help="MQTT filter, with or without what stands before the channel: up/rep, down/#. Repeated."),
]
Exclude = Annotated[list[str] | None, Parameter(help="Topics to leave out, in the same way.")]
Machine = Annotated[list[str] | None, Parameter(help="Only this machine; may be repeated.")]
Session = Annotated[
    list[str] | None, Parameter(help="Only this session, with what its machine did meanwhile. Repeated.")
]
Start = Annotated[str | None, Parameter(help="From here on: seconds from its beginning, or a time (ISO).")]
Until = Annotated[str | None, Parameter(help="Up to here, in the same way.")]


def info(file: Path, *, json: AsJson = False) -> int:
    """Say what a recording holds; exit code 1 when it is cut off or damaged."""
    from emulator.recordings.contents import contents  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.recordings.mcap_file import NoRecording  # noqa: PLC0415 (another room)
    from openspine.recordings.lines import lines_of  # noqa: PLC0415 (only here)

    found = contents(file)
    if isinstance(found, NoRecording):
        raise _failure(found)
    hand_over({"ok": found.is_whole, **asdict(found)}, as_json=json, lines=lines_of(found))
    if not found.is_whole:
        say(
            f"openspine: {file}: cut off or damaged; ./studio rec repair {file} --out NEW saves what is whole"
        )
    return ExitCode.OK if found.is_whole else ExitCode.FAILED


def cat(  # noqa: PLR0913 (each is an option of the command line)
    file: Path,
    *,
    topics: Topics = None,
    exclude: Exclude = None,
    machine: Machine = None,
    session: Session = None,
    start: Start = None,
    until: Until = None,
    json: AsJson = False,
) -> None:
    """Print the messages of a recording, a line each; with --json as JSON lines with the bytes as sent."""
    from emulator.recordings.lines import json_line, readable_line  # noqa: PLC0415 (another room)
    from emulator.recordings.rewriting import chosen  # noqa: PLC0415 (another room, loaded when it runs)

    with _whole():
        records = chosen(file, _wanted(file, (topics, exclude, machine, session), start, until))
        _print(json_line(one) if json else readable_line(one).encode() for one in records)


def filter_(  # noqa: PLR0913 (each is an option of the command line)
    file: Path,
    *,
    out: NewRecording,
    topics: Topics = None,
    exclude: Exclude = None,
    machine: Machine = None,
    session: Session = None,
    start: Start = None,
    until: Until = None,
    hide_people: Annotated[
        bool, Parameter(negative="", help="Take out who the people are: badges, codes, names.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Write a part of a recording into a new one."""
    from emulator.recordings.rewriting import filter_recording  # noqa: PLC0415 (another room)

    check_new(out)
    with _whole(out):
        wanted = _wanted(file, (topics, exclude, machine, session), start, until)
        done = filter_recording(file, out, wanted, hide_people=hide_people)
    _hand_over(done, json)


def merge(*files: Path, out: NewRecording, json: AsJson = False) -> None:
    """Put several recordings into one, by the times at which messages were received."""
    from emulator.recordings.rewriting import merge_recordings  # noqa: PLC0415 (another room)

    if len(files) < 2:  # one is no several
        raise Failure("rec merge: name two recordings or more", ExitCode.USAGE)
    check_new(out)
    with _whole(out):
        done = merge_recordings(files, out)
    _hand_over(done, json)


def repair(file: Path, *, out: NewRecording, json: AsJson = False) -> None:
    """Write all that can be read of a cut off or damaged recording into a new one, and say what is lost.

    A recording that was cut off has lost less than the last second.
    """
    from emulator.recordings import repair as mending  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.recordings.mcap_file import NoRecording  # noqa: PLC0415 (another room)
    from openspine.recordings.lines import lines_of_repair  # noqa: PLC0415 (only here)

    check_new(out)
    with _whole(out):
        done = mending.repair(file, out)
    if isinstance(done, NoRecording):
        raise _failure(done)
    hand_over(asdict(done), as_json=json, lines=lines_of_repair(done))


def export(
    form: Literal["parquet", "csv"],
    file: Path,
    *,
    out: Annotated[Path, Parameter(name=["--out", "-o"], help="Folder for the tables.")],
    json: AsJson = False,
) -> None:
    """Make flat tables of a recording: samples, reps, sets, settings; every column names its unit."""
    from emulator.recordings.mcap_file import NoRecording  # noqa: PLC0415 (another room)
    from emulator.recordings.tables import NoWriter, export_tables  # noqa: PLC0415 (another room)

    with _whole():
        done = export_tables(file, form, out)
    if isinstance(done, NoRecording):
        raise _failure(done)
    if isinstance(done, NoWriter):
        raise Failure(str(done))
    lines = [f"{name}: {rows} rows" for name, rows in done.rows.items()]
    if done.repeated_rows:
        lines.append(f"left out: {done.repeated_rows} reps and sets that came again")
    hand_over(asdict(done), as_json=json, lines=lines)


@contextmanager
def _whole(out: Path | None = None) -> Iterator[None]:
    """Turn a file that breaks off, and a disk that is full, into one line; `out` is not left half made."""
    from emulator.recordings.mcap_file import DamagedRecordingError  # noqa: PLC0415 (another room)

    try:
        yield
    except (DamagedRecordingError, OSError) as error:
        if out is not None:
            out.unlink(missing_ok=True)
        raise Failure(str(error)) from error


def _wanted(
    file: Path, names: tuple[list[str] | None, ...], start: str | None, until: str | None
) -> "Wanted":
    from emulator.recordings.mcap_file import NoRecording, first_ms  # noqa: PLC0415 (another room)
    from emulator.recordings.rewriting import Wanted  # noqa: PLC0415 (another room)

    begins = first_ms(file)
    if isinstance(begins, NoRecording):
        raise _failure(begins)
    topics, exclude, machines, sessions = (tuple(one or ()) for one in names)
    return Wanted(
        start_ms=_moment("--start", start, begins),
        until_ms=_moment("--until", until, begins),
        topics=topics,
        exclude=exclude,
        machines=machines,
        sessions=sessions,
    )


def _moment(option: str, text: str | None, first_ms: int) -> int | None:
    """Read seconds from the beginning, or a time (without a zone: local)."""
    if text is None:
        return None
    try:
        return first_ms + round(float(text) * 1_000)
    except (ValueError, OverflowError):
        pass
    try:
        return round(datetime.fromisoformat(text).astimezone().timestamp() * 1_000)
    except (ValueError, OverflowError) as error:
        raise Failure(f"{option} {text}: write seconds, or 2026-01-31T09:30:00", ExitCode.USAGE) from error


def _print(lines: Iterable[bytes]) -> None:
    try:
        for line in lines:
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has seen enough
        sys.stderr.close()


def _hand_over(done: Any, json: bool) -> None:  # noqa: FBT001 (passed on)
    from emulator.recordings.mcap_file import NoRecording  # noqa: PLC0415 (another room)

    if isinstance(done, NoRecording):
        raise _failure(done)
    hand_over(asdict(done), as_json=json, lines=[f"{done.messages} of {done.of} messages: {done.out}"])


def _failure(found: "NoRecording") -> Failure:
    is_absent = "no such file" in found.problem
    return Failure(str(found), ExitCode.NOT_FOUND if is_absent else ExitCode.FAILED)
