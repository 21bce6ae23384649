"""`bench emulator`: emulated sets a second and the true agent beside real time, with plain references."""

import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from contract.machines import catalogue
from contract.messages import Down, Message, Rep, SignIn
from emulator.calibration.crowd import comfortable, crowd
from emulator.people.bodies import Bodies
from emulator.people.effort import Doses, effort, one_rep_load_kg
from emulator.people.members import Description, member
from emulator.people.person import people
from emulator.physiology.fatigue import Compartments
from emulator.rep_level.sets import perform
from emulator.studio.trial import Trial
from machine_agent import pins
from openspine.bench import raw

ROWS, REPS, SEED = 1_000, 12, 11
RELATIVE_LOADS = (0.4, 0.85)  # of the one-rep load; where work sets lie
SETS_LEAST_S, TIMES_LEAST = 50_000.0, 100.0  # design: emulator
KIND, BADGE, SITE_KEY = "lumbar_extension", "bench", b"trial"
LOAD_G = 6_000
TELEGRAM_S = 0.02
Say = Callable[[str], None]


def measure(runs: int, say: Say) -> dict[str, Any]:
    """Measure both paths on one core, in processor time: the medians of many runs, each with its goal."""
    say(f"{runs} runs of {ROWS} sets at once ...")
    body, doses = mixed_sets()
    chance = np.random.default_rng(SEED)
    at_once_s = processor_s(partial(perform, body, doses, chance), runs)
    one_by_one_s = processor_s(partial(plain_sets, body, doses), max(runs // 10, 3))
    say("the true agent, an emulated drive and a person ...")
    turns = [agent_turn() for _ in range(max(runs // 10, 3))]
    times = statistics.median(one.body_s / one.processor_s for one in turns)
    plain = statistics.median(plain_person() for _ in range(max(runs // 10, 3)))
    return {
        "runs": runs,
        "seed": SEED,
        "sets_per_s": _figure(ROWS / at_once_s, SETS_LEAST_S, rows=ROWS, columns=REPS),
        "sets_per_s_plain": {
            "value": round(ROWS / one_by_one_s),
            "is": "fatigue and pace alone, rep by rep and person by person in plain Python",
        },
        "sets_ratio": round(one_by_one_s / at_once_s, 2),
        "times_real_time": _figure(times, TIMES_LEAST, body_s=round(turns[0].body_s, 1), reps=turns[0].reps),
        "times_real_time_plain": {
            "value": round(plain),
            "is": "three compartments alone, stepped 50 times a second in plain Python",
        },
        "times_ratio": round(times / plain, 4),
    }


def mixed_sets() -> tuple[Bodies, Doses]:
    """Seat people of all strata on all kinds in turn, each with a work set."""
    body = crowd(people(ROWS, SEED), list(catalogue().values()))
    doses = comfortable(body, reps=REPS)
    share = np.random.default_rng(SEED).uniform(*RELATIVE_LOADS, len(body))
    return body, replace(doses, load_kg=one_rep_load_kg(body, doses) * share)


def plain_sets(body: Bodies, doses: Doses) -> list[float]:
    """Do the same sets one after the other, only their fatigue and pace, and add up their seconds."""
    asked = effort(body, doses)
    rhythm, chance = asked.rhythm, random.Random(SEED)  # noqa: S311 - a seeded simulation, no secret
    columns = (rhythm.start, rhythm.limit, rhythm.ratio, rhythm.failing, asked.lift_s, asked.lower_s)
    rows = zip(*(one.tolist() for one in columns), strict=True)
    return [_plain_set(row, chance) for row in rows]


def _plain_set(row: tuple[float, ...], chance: random.Random) -> float:
    fatigued, limit, ratio, failing, lift_s, lower_s = row
    took_s, drop_reps, loss, pace = 0.0, 1.6, 0.4, 0.08
    for _ in range(REPS):
        if fatigued > failing:
            break
        left = limit - fatigued
        reserve = math.log((limit - failing) / left) / math.log(ratio) if limit > failing else 40.0
        share = 1 - loss * math.exp(-reserve / drop_reps)
        took_s += lift_s / share * math.exp(pace * chance.gauss()) + lower_s * math.exp(pace * chance.gauss())
        fatigued = limit - left * ratio
    return took_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One person's turn at the true agent: body time and processor time (s), reps recorded."""

    body_s: float
    processor_s: float
    reps: int


def agent_turn(seed: int = SEED) -> Turn:
    """Let one person do two sets, with weigh-in, rest and answers."""
    kind = catalogue()[KIND]
    described = Description(
        badge=BADGE, seed=seed, sex="female", age_years=40, mass_kg=62.0, pain_nrs=2, stations=(KIND,)
    )
    trial = Trial(kind, exchange, seed)
    began_s = time.process_time()
    trial.run_turn(member(described))
    reps = sum(isinstance(row.body, Rep) for row in trial.rows)
    return Turn(body_s=trial.body_ms / 1_000, processor_s=time.process_time() - began_s, reps=reps)


def exchange(rows: Sequence[Message]) -> Sequence[Down]:
    """Answer sign-ins with the raw loop's plan, at a load that everybody lifts."""
    return [_plan(row, row.body) for row in rows if isinstance(row.body, SignIn)]


def _plan(row: Message, body: SignIn) -> Down:
    planned = raw.plan(row)
    return replace(
        planned,
        envelope=replace(planned.envelope, subject=pins.subject(SITE_KEY, body.badge or "")),
        settings=tuple(
            replace(one, load_g=LOAD_G, nonce=body.nonce, end_cdeg=4_000) for one in planned.settings
        ),
        ceiling_g=planned.envelope.max_load_g,
        flags=("calibrating",),
    )


def plain_person(seconds: float = 120.0) -> float:
    """Step one muscle and nothing else; returns times real time."""
    muscle = Compartments(fatigue_per_s=0.01)
    began_s = time.process_time()
    for step in range(round(seconds / TELEGRAM_S)):
        muscle.step(0.4 + 0.2 * math.sin(step / 40), TELEGRAM_S)
    return seconds / (time.process_time() - began_s)


def processor_s(work: Callable[[], object], runs: int) -> float:
    """Return the median processor time of some work (s)."""
    at = [time.process_time()]
    for _ in range(runs):
        work()
        at.append(time.process_time())
    return statistics.median(after - before for before, after in pairwise(at))


def _figure(value: float, least: float, **more: Any) -> dict[str, Any]:
    return {"value": round(value), "goal": least, "ok": value >= least, **more}
