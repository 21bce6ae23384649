"""`chaos`: the true ends of the wire with faults between them; nothing lost, nothing doubled."""

import logging
import os
import signal
from dataclasses import asdict, replace
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, say
from openspine.verbs.options import AsJson


def edge(
    *,
    messages: Annotated[int, Parameter(help="Rows that the machines say.")] = 10_000,
    cuts: Annotated[int, Parameter(help="Connections cut, some of them in the middle of a packet.")] = 100,
    kills: Annotated[int, Parameter(help="How often the broker is killed (SIGKILL).")] = 3,
    seed: Annotated[int, Parameter(help="The same seed gives the same faults.")] = 1,
    without: Annotated[
        Literal["app-ack", "dedupe"] | None,
        Parameter(help="Take a protection away first: rows must then be lost, or doubled."),
    ] = None,
    json: AsJson = False,
) -> int:
    """Send rows of true spools and links over a faulty network to the real service; exit code 1 on a loss."""
    from openspine.chaos.edge import EdgeOptions, run  # noqa: PLC0415 (heavy)

    if messages < 1 or cuts < 0 or kills < 0:
        raise Failure("--messages: at least one; --cuts, --kills: not below zero", ExitCode.USAGE)
    logging.disable(logging.CRITICAL)  # MQTT clients complain of every fault, and faults are the purpose
    _end_in_order()
    options = EdgeOptions(
        messages=messages,
        cuts=cuts,
        kills=kills,
        seed=seed,
        app_ack=without != "app-ack",
        dedupe=without != "dedupe",
    )
    found = run(options, say)
    hand_over(found, as_json=json)
    return ExitCode.OK if found["ok"] else ExitCode.FAILED


def service(
    *,
    full: Annotated[
        bool, Parameter(negative="", help="The whole N: 200 kills each, 60 s, 20,000 rows; below an hour.")
    ] = False,
    kills: Annotated[int | None, Parameter(help="How often service and broker are killed.")] = None,
    only: Annotated[
        str | None,
        Parameter(help="Only these, with commas: service,broker,workers,cold,database,backlog,flood."),
    ] = None,
    seed: Annotated[int, Parameter(help="The same seed gives the same pauses between kills.")] = 1,
    without: Annotated[
        Literal["app-ack"] | None, Parameter(help="Let machines believe the broker: rows must be lost.")
    ] = None,
    json: AsJson = False,
) -> int:
    """Kill the service and its surroundings under load; exit code 1 when a row is lost or doubled."""
    from openspine.chaos import trials  # noqa: PLC0415 (heavy)

    chosen = trials.TRIALS if only is None else tuple(one for one in trials.TRIALS if one in only.split(","))
    if (kills is not None and kills < 1) or (only is not None and len(chosen) != len(only.split(","))):
        raise Failure(f"--kills: at least one; --only: of {', '.join(trials.TRIALS)}", ExitCode.USAGE)
    logging.disable(logging.CRITICAL)  # as above
    _end_in_order()
    size = trials.WHOLE if full else trials.QUICK
    size = replace(size, kills=kills or size.kills)
    plan = trials.Plan(size=size, trials=chosen, seed=seed, app_ack=without is None)
    found = trials.run(plan, say)
    hand_over(found, as_json=json)
    return ExitCode.OK if found["ok"] else ExitCode.FAILED


def simulation(
    *,
    seeds: Annotated[int, Parameter(help="How many seeds.")] = 1_000,
    seed: Annotated[int | None, Parameter(help="Run only this seed, and print its trace.")] = None,
    keep: Annotated[
        str | None, Parameter(help="With --seed: only these of its faults, as in 0,2; none: no fault.")
    ] = None,
    plant: Annotated[str | None, Parameter(help="Break a part first; a seed must find it.")] = None,
    jobs: Annotated[int | None, Parameter(help="Processes (default: one per core).")] = None,
    json: AsJson = False,
) -> int:
    """Play agent, broker and service in virtual time, one world a seed; exit code 1 on a broken promise."""
    from openspine.simulation import run  # noqa: PLC0415 (heavy)
    from openspine.simulation.plants import PLANTS  # noqa: PLC0415 (as above)

    if seeds < 1 or (jobs is not None and jobs < 1):
        raise Failure("--seeds, --jobs: at least one", ExitCode.USAGE)
    if plant is not None and plant not in PLANTS:
        raise Failure(f"--plant {plant}: one of {', '.join(PLANTS)}", ExitCode.USAGE)
    if seed is None:
        found = run.run(1, seeds, jobs or os.cpu_count() or 1, plant, say)
        hand_over(found, as_json=json)
        return ExitCode.OK if found["ok"] else ExitCode.FAILED
    result = run.one(seed, plant, _places(keep))
    lines = (*result.trace, f"seed {seed}: {result.first or 'every promise kept'}, trace {result.digest}")
    hand_over(asdict(result), as_json=json, lines=lines)
    return ExitCode.FAILED if result.broken else ExitCode.OK


def _end_in_order() -> None:
    """Let SIGTERM end a run as Ctrl-C does: brokers, databases and services of the run end with it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(*_: Any) -> None:
    signal.raise_signal(signal.SIGINT)


def _places(keep: str | None) -> list[int] | None:
    if keep is None:
        return None
    try:
        return [] if keep == "none" else [int(one) for one in keep.split(",")]
    except ValueError as error:
        raise Failure(f"--keep {keep}: numbers with commas, or none", ExitCode.USAGE) from error
