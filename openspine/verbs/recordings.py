"""`import`: foreign recordings become ours."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson

if TYPE_CHECKING:
    from emulator.recordings.detected import Detected
    from emulator.recordings.foreign import Foreign


def import_(  # noqa: PLR0913 (each is an option of the command line)
    file: Path,
    *,
    map_: Annotated[
        str, Parameter(name="--map", help="Column map: a shipped name or the path of a TOML file.")
    ],
    out: Annotated[Path | None, Parameter(name=["--out", "-o"], help="Recording to write.")] = None,
    machine: Annotated[str | None, Parameter(help="Id of the machine, in place of the map's.")] = None,
    kind: Annotated[str | None, Parameter(help="Kind of the machine, in place of the map's.")] = None,
    dry_run: Annotated[
        bool, Parameter(negative="", help="Write no recording; say which repetitions are in it.")
    ] = False,
    picture: Annotated[
        Path | None, Parameter(help="Draw what was found over time: .png, .svg or .html.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Make a recording (MCAP) of a CSV or Parquet table; exit code 1 when table or map cannot be used."""
    from emulator.recordings.column_map import BadFile  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.recordings.detected import detect  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.recordings.foreign import read_foreign, report_of, write_foreign  # noqa: PLC0415 (another room)
    from openspine import pictures  # noqa: PLC0415 (only here)

    if (out is None) != dry_run:
        raise Failure("give --out for the recording, or --dry-run to only look", ExitCode.USAGE)
    pictures.check(picture)
    foreign = read_foreign(file, map_, machine, kind)
    if isinstance(foreign, BadFile):
        raise Failure(str(foreign))
    if out is not None:
        write_foreign(foreign, out)
    result = asdict(report_of(foreign, out))
    if dry_run or picture is not None:
        found = detect(foreign.samples)
        result |= asdict(found)
        _draw(foreign, found, picture)
        hand_over(result, as_json=json, lines=_lines(found))
    else:
        hand_over(result, as_json=json)


def _draw(foreign: "Foreign", found: "Detected", picture: Path | None) -> None:
    from openspine import pictures  # noqa: PLC0415 (only here)
    from openspine.recordings.picture import chart  # noqa: PLC0415 (only here)

    if picture is not None:
        pictures.save(chart(Path(foreign.file).name, foreign.samples, found), picture)
        say(f"picture: {picture}")


def _lines(found: "Detected") -> list[str]:
    reps = [
        f"rep {number}: {one.start_s:.1f}-{one.end_s:.1f} s, {one.start_deg:.1f} to {one.top_deg:.1f} deg, "
        f"{one.peak_torque_nm:.0f} Nm{', partial' if one.is_partial else ''}"
        for number, one in enumerate(found.reps, start=1)
    ]
    others = [
        f"not a rep: {one.start_s:.1f}-{one.end_s:.1f} s, {one.from_deg:.1f} to {one.to_deg:.1f} deg"
        for one in found.positioning
    ]
    return [f"{len(found.reps)} repetitions", *reps, *others]
