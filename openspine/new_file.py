"""Files that a verb makes: what is there already is not overwritten, and nothing half-made is left."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure

NewRecording = Annotated[
    Path, Parameter(name=["--out", "-o"], help="Recording to write; what is there is not overwritten.")
]


def check_new(path: Path, option: str = "--out") -> None:
    """Refuse, before any work, a path that cannot be written or holds something already."""
    if path.exists():
        raise Failure(f"{option} {path}: it is there already; choose another name, or remove it")
    if not path.absolute().parent.is_dir():
        raise Failure(f"{option} {path}: there is no folder {path.absolute().parent}", ExitCode.NOT_FOUND)
