"""`bench dashboard`: pages in a large store, and many viewers of the floor."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over, in_one_line, say
from openspine.verbs.options import AsJson


def run(  # noqa: PLR0913 (the options of a verb)
    *,
    patients: Annotated[int, Parameter(help="People; 10000 for the figures of the quality page.")] = 500,
    reps: Annotated[int, Parameter(help="Reps behind them, about; 10000000 for those figures.")] = 100_000,
    keep: Annotated[Path | None, Parameter(help="Folder that keeps the filled store.")] = None,
    loads: Annotated[int, Parameter(help="How often each page is opened.")] = 20,
    viewers: Annotated[list[int] | None, Parameter(help="How many look at once, in turns.")] = None,
    seconds: Annotated[float, Parameter(help="How long each crowd looks.")] = 20.0,
    json: AsJson = False,
) -> None:
    """Measure how soon pages stand (goal 2 s), and what viewers of the floor wait for (goal 500 ms)."""
    crowd = tuple(viewers or (1, 10, 25, 50))
    if patients < 24 or reps < patients or min(loads, *crowd) < 1 or seconds <= 0:
        wrong = "--patients from 24, --reps at least as many, --loads, --viewers and --seconds above 0"
        raise Failure(wrong, ExitCode.USAGE)
    from openspine.bench.dashboard import Wanted, measure  # noqa: PLC0415 (heavy)
    from openspine.bench.filled import Size  # noqa: PLC0415 (heavy)

    size = Size(patients=patients, reps=reps)
    with in_one_line():
        found = measure(Wanted(size=size, keep=keep, loads=loads, viewers=crowd, seconds=seconds), say)
    hand_over(found, as_json=json, lines=_lines(found))


def _lines(found: dict[str, Any]) -> list[str]:
    pages = [
        f"{name:<10} p50 {one['p50_ms']:>8} ms   p95 {one['p95_ms']:>8} ms   {one['ratio']} x a small studio"
        for name, one in found["pages"].items()
    ]
    floor = [
        f"{one['viewers']:>3} viewers   refresh p95 {one['refresh_p95_ms']:>8} ms ({one['refreshes']})   "
        f"frame p95 {one['frame_p95_ms']:>8} ms ({one['frames']})"
        for one in found["floor"]
    ]
    held = found["held"]
    about = f"{held['patients']} patients, {held['reps']} reps, load average {found['load_average']}"
    return [*pages, *floor, f"goals 2000 ms and 500 ms; {about}"]
