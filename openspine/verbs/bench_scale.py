"""`bench queries` and `bench growth`: ten thousand people and ten million reps in PostgreSQL."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, in_one_line, say
from openspine.verbs.options import AsJson

if TYPE_CHECKING:
    from openspine.bench.filled import Size

Patients = Annotated[int, Parameter(help="People; 10000 for the figures of the quality page.")]
Reps = Annotated[
    int, Parameter(help="Reps behind them, about; 10000000 for the figures of the quality page.")
]
Keep = Annotated[Path | None, Parameter(help="Folder that keeps the filled store; the next run takes it.")]


def queries(
    *,
    patients: Patients = 500,
    reps: Reps = 100_000,
    keep: Keep = None,
    runs: Annotated[int, Parameter(help="How often each question is asked.")] = 40,
    json: AsJson = False,
) -> None:
    """Measure what screens ask of a large store; goal: 95 of 100 within 100 ms, and no scan of reps."""
    size = _size(patients, reps, runs, "--runs")
    from openspine.bench.queries import measure  # noqa: PLC0415 (heavy)

    with in_one_line():
        found = measure(size, keep, runs, say)
    lines = [_line(name, one) for name, one in found["questions"].items()]
    held = found["held"]
    about = f"{held['patients']} patients, {held['reps']} reps, load average {found['load_average']}"
    hand_over(found, as_json=json, lines=[*lines, f"goal {found['goal_ms']:g} ms; {about}"])


def _line(name: str, one: dict[str, Any]) -> str:
    told = "ok" if one["ok"] else "MISSED"
    scans = f"reads all of {', '.join(one['scans'])}" if one["scans"] else ""
    times = (
        f"p50 {one['p50_ms']:>7} ms   p95 {one['p95_ms']:>7} ms   processor {one['processor_p95_ms']:>6} ms"
    )
    return f"{name:<34} {one['who']:<10} {times}   {told}   {scans}"


def growth(
    *,
    patients: Patients = 500,
    reps: Reps = 100_000,
    keep: Keep = None,
    machines: Annotated[int, Parameter(help="Machines that train, each in every batch.")] = 20,
    sessions: Annotated[int, Parameter(help="Measured sessions of each machine.")] = 2,
    json: AsJson = False,
) -> None:
    """Measure what a rep and a decision cost in a large store beside an empty one; goal <= 1.2 x."""
    size = _size(patients, reps, min(machines, sessions), "--machines and --sessions")
    from openspine.bench.growth import measure  # noqa: PLC0415 (heavy)

    with in_one_line():
        found = measure(size, keep, machines, sessions, say)
    lines = [
        f"{name:<9} empty {one['empty_ms']:>8} ms   full {one['full_ms']:>8} ms   {one['ratio']} x   "
        f"processor {one['processor_ratio']} x   ({one['batches']} batches)"
        for name, one in found["a_message"].items()
    ]
    if found["scans"]:
        lines.append(f"reads all of {found['scans']}")
    held = found["held"]
    about = f"{held['patients']} patients, {held['reps']} reps, load average {found['load_average']}"
    hand_over(found, as_json=json, lines=[*lines, f"goal {found['goal_ratio']:g} x; {about}"])


def _size(patients: int, reps: int, count: int, option: str) -> "Size":
    if patients < 24 or reps < patients or count < 1:
        raise Failure(
            f"--patients: at least 24; --reps: at least one each; {option}: at least 1", ExitCode.USAGE
        )
    from openspine.bench.filled import Size  # noqa: PLC0415 (heavy)

    return Size(patients=patients, reps=reps)
