"""`bench adjust`: what a decision costs, alone and in a batch, beside a plain Kalman filter of its size."""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from contract.machines import catalogue
from emulator.control.arm import Arm
from emulator.control.course import Ask, course
from emulator.control.lockstep import visit_days
from emulator.control.session import life
from emulator.control.sets import perform_all
from emulator.people.person import Person, people
from ml import artifact
from ml.adjust import adjust, adjust_many
from ml.belief.state import SIZE
from ml.effort.model import EffortModel
from ml.request import Request

BATCH, SEED, WEEKS = 100, 11, 2
ALONE_MOST_MS, BATCH_MOST_MS = 4.0, 8.0  # design: quality
OBSERVATIONS = 5  # of a set: effort, report, reps done, range, pain
Say = Callable[[str], None]


def measure(runs: int, say: Say) -> dict[str, Any]:
    """Measure decisions after sets of emulated people; the medians of many runs, each with its goal."""
    effort = artifact.default()
    say(f"{BATCH} emulated people train for {WEEKS} weeks ...")
    asked = requests(BATCH, effort)
    sets = sum(len(one.sets) for one in asked)
    say(f"{runs} runs ...")
    alone = [median_ms(partial(adjust, one, effort), max(runs // 10, 3)) for one in asked]
    batch = partial(adjust_many, asked, effort)
    batch_ms, batch_processor_ms = median_ms(batch, runs), processor_ms(batch, runs)
    peer_ms = median_ms(partial(plain_filter, sets * OBSERVATIONS), runs)
    return {
        "model": effort.name,
        "runs": runs,
        "sets": sets,
        "alone_ms": _figure(statistics.median(alone), ALONE_MOST_MS, worst=round(max(alone), 3)),
        "batch_ms": _figure(
            batch_ms, BATCH_MOST_MS, requests=len(asked), processor=round(batch_processor_ms, 3)
        ),
        "peer_ms": {
            "value": round(peer_ms, 3),
            "is": f"{sets * OBSERVATIONS} plain numpy updates of {SIZE} states",
        },
        "ratio": round(batch_ms / peer_ms, 2),
    }


def requests(count: int, effort: EffortModel) -> list[Request]:
    """Return the newest question after a set of so many people, on all kinds of machines in turn."""
    kinds = list(catalogue())
    found: list[Request] = []
    for number, person in enumerate(people(2 * count, SEED)):  # whoever never trained is left out
        asked = _newest(person, kinds[number % len(kinds)], effort)
        if asked is not None and len(found) < count:
            found.append(asked)
    return found


def processor_ms(work: Callable[[], object], runs: int) -> float:
    """Return the least processor time of some work (ms): on a busy machine the clock measures the others."""
    taken = []
    for _ in range(runs):
        began = time.process_time()
        work()
        taken.append((time.process_time() - began) * 1_000)
    return min(taken)


def median_ms(work: Callable[[], object], runs: int) -> float:
    """Return the median time of some work (ms)."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1_000)
    return statistics.median(taken)


def plain_filter(updates: int) -> Any:
    """Run a plain Kalman filter in numpy: scalar observations of seven states, Joseph form."""
    mean, covariance, unit = np.zeros(SIZE), np.eye(SIZE), np.eye(SIZE)
    row = np.array([1.0, -0.8, 1.0, 1.0, 0.1, 0.0, 0.0])
    for _ in range(updates):
        gain = covariance @ row / (row @ covariance @ row + 0.3)
        left = unit - np.outer(gain, row)
        mean = mean + gain * (0.1 - row @ mean)
        covariance = left @ covariance @ left.T + 0.3 * np.outer(gain, gain) + 0.01 * unit
    return mean


def _newest(person: Person, kind: str, effort: EffortModel) -> Request | None:
    one = course(person, kind, catalogue()[kind].sides[0], "rehab", Arm(name="bench", policy="steady"))
    story = life(one, visit_days(WEEKS), WEEKS * 7)
    newest: Request | None = None
    wish = next(story, None)
    while wish is not None:
        if isinstance(wish, Ask):
            newest = wish.request if wish.request.sets else newest
            answer: Any = adjust(wish.request, effort)
        else:
            answer = perform_all([wish])[0]
        try:
            wish = story.send(answer)
        except StopIteration:
            wish = None
    return newest


def _figure(value: float, goal: float, **more: Any) -> dict[str, Any]:
    return {"value": round(value, 3), "goal": goal, "ok": value <= goal, **more}
