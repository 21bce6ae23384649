"""`bench workers`: two workers on a shared subscription beside one, in one run."""

import statistics
from dataclasses import replace
from typing import Any, Final

from openspine.bench.loop import LoopOptions, Say, about, run
from openspine.bench.sides import new_databases, new_folder

GOAL_RATIO: Final = 1.6  # quality page


def measure(options: LoopOptions, say: Say) -> dict[str, Any]:
    """Measure one worker, two and one again: the ratio is two over the mean of the runs around it."""
    runs = {}
    with new_folder() as folder, new_databases(options.database) as databases:
        for name, workers in (("one_before", 1), ("two", 2), ("one_after", 1)):
            say(f"{name}: {options.machines} machines, {options.seconds:.0f} s ...")
            runs[name] = run("ours", replace(options, workers=workers), folder / name, databases)
    one = statistics.mean(runs[name]["messages_per_s"] for name in ("one_before", "one_after"))
    ratio = round(runs["two"]["messages_per_s"] / one, 3) if one else None
    return {**about(options), **runs, "ratio": ratio, "goal_ratio": GOAL_RATIO}
