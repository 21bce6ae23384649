"""`import`: foreign recordings become ours."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from openspine.outcome import Failure, hand_over
from openspine.verbs.options import AsJson


def import_(
    file: Path,
    *,
    map_: Annotated[
        str, Parameter(name="--map", help="Column map: a shipped name or the path of a TOML file.")
    ],
    out: Annotated[Path, Parameter(name=["--out", "-o"], help="Recording to write.")],
    json: AsJson = False,
) -> None:
    """Make a recording (MCAP) of a CSV; exit code 1 when the file or the map cannot be used."""
    from emulator.recordings.column_map import BadFile  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.recordings.foreign import import_csv  # noqa: PLC0415 (another room, loaded when it runs)

    report = import_csv(file, map_, out)
    if isinstance(report, BadFile):
        raise Failure(str(report))
    hand_over(asdict(report), as_json=json)
