"""`bench loop` and `bench workers`: the whole loop beside its peers, and two workers beside one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, in_one_line, say
from openspine.verbs.options import AsJson

Machines = Annotated[int, Parameter(help="Machines, each with one message in flight.")]
Seconds = Annotated[float, Parameter(help="Measured seconds of each side.")]
ORDER = ("raw_before", "naive", "node_red", "ours", "raw_after")


def loop(  # noqa: PLR0913 (the options of a verb)
    *,
    machines: Machines = 50,
    seconds: Seconds = 15.0,
    paced: Annotated[float, Parameter(help="Measured seconds at a message in 3 s; 0: not at all.")] = 0.0,
    database: Annotated[Literal["sqlite", "postgres"], Parameter(help="Embedded database.")] = "sqlite",
    workers: Annotated[int, Parameter(help="Worker processes beside the service; 0: it works alone.")] = 0,
    peers: Annotated[bool, Parameter(help="A naive service and Node-RED beside it.")] = True,
    keep: Annotated[Path | None, Parameter(help="Folder that keeps Node-RED; the user's cache.")] = None,
    json: AsJson = False,
) -> None:
    """Measure the closed loop (rep to ack, set to signed setting) beside a raw loop and other services."""
    _check(machines, seconds, paced >= 0 and workers >= 0)
    from openspine.bench.loop import LoopOptions, measure  # noqa: PLC0415 (heavy)

    options = LoopOptions(
        machines=machines,
        seconds=seconds,
        database=database,
        workers=workers,
        paced_s=paced,
        has_peers=peers,
        packages=keep,
    )
    with in_one_line():
        found = measure(options, say)
    hand_over(found, as_json=json, lines=[*_rows(found), *_conclusion(found)])


def workers(*, machines: Machines = 200, seconds: Seconds = 15.0, json: AsJson = False) -> None:
    """Measure two workers on a shared subscription beside one, on PostgreSQL; goal >= 1.6 x."""
    _check(machines, seconds, is_right=True)
    from openspine.bench.loop import LoopOptions  # noqa: PLC0415 (heavy)
    from openspine.bench.workers import RUNS, measure  # noqa: PLC0415 (heavy)

    with in_one_line():
        found = measure(LoopOptions(machines=machines, seconds=seconds, database="postgres"), say)
    lines = [_row(name, found[name]) for name in RUNS]
    hand_over(
        found, as_json=json, lines=[*lines, f"two / one = {found['ratio']} (goal {found['goal_ratio']})"]
    )


def _rows(found: dict[str, Any]) -> Iterator[str]:
    for name in ORDER:
        one = found.get(name)
        if one is None:
            continue
        yield _row(name, one)
        if "paced" in one:
            paced = one["paced"]
            yield f"{'':<11} at a message in 3 s: rep {paced['rep_ms']}   of {paced['reps']} reps"


def _row(name: str, one: dict[str, Any]) -> str:
    if "absent" in one:
        return f"{name:<11} not measured: {one['absent']}"
    counted = f"lost {one['lost']}, doubled {one['doubled']} of {one['answered']}"
    mix = f"{one['reps']} reps, {one['settings']} settings"
    return (
        f"{name:<11} {one['messages_per_s']:>8} messages/s   processor {one['processor_us']} us   rep "
        f"{one['rep_ms']}   setting {one['setting_ms']}   {mix}   {counted}   load {one['load_average']}"
    )


def _conclusion(found: dict[str, Any]) -> Iterator[str]:
    goals = found["goals"]
    for name, ratio in found["ratios"].items():
        said = "rep p50, paced, ours / raw" if name == "paced_raw" else f"ours / {name}"
        yield f"{said} = {ratio}" + (f" (goal {goals[name]})" if name in goals else "")


def _check(machines: int, seconds: float, is_right: bool) -> None:  # noqa: FBT001 (the rest of a check)
    if machines < 1 or seconds <= 0 or not is_right:
        raise Failure(
            "--machines: at least 1; --seconds: above 0; --paced and --workers: not below 0", ExitCode.USAGE
        )
