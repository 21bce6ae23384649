"""`bench workers`: two workers on a shared subscription beside one, in one run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from openspine.bench.loop import LoopOptions, Say, about, run
from openspine.bench.sides import new_databases, new_folder

GOAL_RATIO: Final = 1.6  # quality page
RUNS: Final = {"one_before": 1, "two": 2, "one_after": 1}  # how many workers
MOST_S: Final = 300.0  # design: after so long no further run begins; each ends by itself, started or not
Measured = dict[str, Any]


def measure(options: LoopOptions, say: Say) -> Measured:
    """Measure one worker, two and one again: the ratio is two over the mean of the runs around it.

    What was not measured is told with its reason (`absent`), and then there is no ratio.
    """
    with new_folder() as folder, new_databases(options.database) as databases:

        def one(name: str) -> Measured:
            say(f"{name}: {options.machines} machines, {options.seconds:.0f} s ...")
            return run("ours", replace(options, workers=RUNS[name]), folder / name, databases)

        runs = bounded(one, time.monotonic)
    return {**about(options), **runs, "ratio": ratio(runs), "goal_ratio": GOAL_RATIO}


def bounded(one: Callable[[str], Measured], now_s: Callable[[], float]) -> dict[str, Measured]:
    """Make one run after the other while there is time; what was not measured is told with its reason."""
    began_s = now_s()
    found: dict[str, Measured] = {}
    for name in RUNS:
        if now_s() - began_s > MOST_S:
            found[name] = {"absent": f"the runs before it took more than {MOST_S:.0f} s"}
            continue
        try:
            found[name] = one(name)
        except RuntimeError as error:
            found[name] = {"absent": str(error)}
    return found


def ratio(runs: dict[str, Measured]) -> float | None:
    """Divide the messages a second of two workers by the mean of one; None when a run is missing."""
    if any("absent" in found for found in runs.values()):
        return None
    one = statistics.mean(runs[name]["messages_per_s"] for name, count in RUNS.items() if count == 1)
    return round(runs["two"]["messages_per_s"] / one, 3) if one else None
