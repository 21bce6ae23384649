"""`fuzz`: random and hostile input, counted."""

import logging
import os
from typing import Annotated, Literal

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


def mqtt(
    *,
    n: Annotated[int, Parameter(help="How many payloads.")] = 100_000,
    over_broker: Annotated[int, Parameter(help="How many more through a broker and the bus.")] = 2_000,
    seed: Annotated[int, Parameter(help="The same seed gives the same payloads.")] = 1,
    plant: Annotated[
        Literal["loses-poison", "trips"] | None, Parameter(help="Break the service first; must be found.")
    ] = None,
    json: AsJson = False,
) -> int:
    """Hurl payloads at codec and coaching; exit code 1 on a crash, a standstill or one that vanishes."""
    from openspine.fuzz import payload  # noqa: PLC0415 (heavy)
    from openspine.fuzz.payload_bus import over_bus  # noqa: PLC0415 (as above)

    logging.disable(logging.CRITICAL)  # the bus complains of poison, and poison is the purpose
    if n < 1 or over_broker < 0:
        raise Failure("--n: at least one payload; --over-broker: not below zero", ExitCode.USAGE)
    with payload.planted(plant):
        found = payload.fuzz(n, seed, say)
        if over_broker:
            found["over_broker"] = over_bus(over_broker, seed, say)
    found["ok"] = found["ok"] and found.get("over_broker", found)["ok"]
    hand_over(found | {"planted": plant}, as_json=json)
    return ExitCode.OK if found["ok"] else ExitCode.FAILED


def api(
    *,
    cases: Annotated[int, Parameter(help="How many requests.")] = 20_000,
    on_postgres: Annotated[
        int | None, Parameter(help="Of PostgreSQL as many more; a tenth by itself.")
    ] = None,
    seed: Annotated[int, Parameter(help="The same seed sends the same requests.")] = 1,
    json: AsJson = False,
) -> int:
    """Ask service and prescriber anything as anybody; exit code 1 on a crash, an odd shape, or an echo."""
    from openspine import postgres  # noqa: PLC0415 (only this verb needs it)

    try:
        from openspine.fuzz.api import fuzz  # noqa: PLC0415 (heavy, and not on every machine)
    except ModuleNotFoundError as missing:
        raise Failure(f"{missing.name} is not installed here: it comes with the dev set") from missing
    more = cases // 10 if on_postgres is None else on_postgres
    if cases < 1 or more < 0:
        raise Failure("--cases: at least one; --on-postgres: not below zero", ExitCode.USAGE)
    logging.disable(logging.CRITICAL)  # a request that fails is noted, and is the purpose
    found = fuzz(cases, seed, say)
    if more and not postgres.is_available():
        say("PostgreSQL is not installed here: skipped")
    elif more:
        found["on_postgres"] = fuzz(more, seed + 1, say, on="postgres")
        found["ok"] = found["ok"] and found["on_postgres"]["ok"]
    hand_over(found, as_json=json)
    return ExitCode.OK if found["ok"] else ExitCode.FAILED
