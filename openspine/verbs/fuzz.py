"""`fuzz`: random and hostile input, counted."""

import os
from typing import Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson


def guard(
    *,
    n: Annotated[int, Parameter(help="How many settings.")] = 200_000,
    seed: Annotated[int, Parameter(help="The same seed gives the same settings.")] = 1,
    jobs: Annotated[int | None, Parameter(help="Processes (default: one per core).")] = None,
    plant: Annotated[
        str | None, Parameter(help="Break the guard in this place first; must be found.")
    ] = None,
    json: AsJson = False,
) -> int:
    """Hurl settings at the guard and let an independent oracle judge; exit code 1 when one is unsafe."""
    from openspine.fuzz import faults  # noqa: PLC0415 (only this verb needs it)
    from openspine.fuzz.guard import fuzz  # noqa: PLC0415 (as above)

    if n < 1:
        raise Failure("--n: at least one setting", ExitCode.USAGE)
    if plant is not None and plant not in faults.FAULTS:
        raise Failure(f"--plant {plant}: one of {', '.join(faults.FAULTS)}", ExitCode.USAGE)
    found = fuzz(n, seed, jobs or os.cpu_count() or 1, plant, say)
    hand_over(found, as_json=json)
    return ExitCode.OK if found["ok"] else ExitCode.FAILED
