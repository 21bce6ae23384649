"""The sample-level person and the rep-level sets are the same people: agreement in distribution, over strata.

At sample level the agent's own detector and measure look at the telegrams. The tolerances stand below. They
are of means over people, beside the distance of the distributions (Kolmogorov-Smirnov).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from contract.machines import CDEG, G, MachineKind, catalogue
from emulator.calibration.crowd import comfortable, crowd
from emulator.calibration.real_stream import apart
from emulator.machines.driver import EmulatedDriver
from emulator.people.bodies import Seated
from emulator.people.condition import fresh
from emulator.people.effort import Doses, effort, one_rep_load_kg
from emulator.people.lifter import REACTION_S, Lifter, Task
from emulator.people.person import Person, people
from emulator.physiology import gravity
from emulator.rep_level.sets import ENDINGS, Sets, perform
from machine_agent.detector import Detector
from machine_agent.drivers import DriveCommand, Sample
from machine_agent.gravity import curve
from machine_agent.measure import RepFigures, measure

TOLERANCES = {  # of means over people; figures of one rep but the last two, which are means over a set's reps
    "reps": 0.75,
    "rir": 0.5,
    "duration_s": 0.10,  # ratio, as are the next two
    "mean_speed_deg_s": 0.05,
    "work_j": 0.05,
    "end_deg": 1.0,
    "smoothness": 0.1,
    "speed_loss": 0.12,  # share of the first rep's speed, at the last whole rep
    "range_loss": 0.03,  # share of the prescribed range, at the last whole rep
}
RATIOS = ("duration_s", "mean_speed_deg_s", "work_j")
STRATUM_REPS, APART = 1.0, 0.25  # reps in every sex, age band and severity; distance of distributions
KINDS = ("lumbar_extension", "leg_press")
PEOPLE, MOST_REPS, SEED = 18, 40, 5  # eighteen people are one of every stratum
FAILURE, EASY, EASY_REPS = 0.78, 0.62, 8  # shares of the one-rep load: to failure, and with reps in reserve
TELEGRAM_MS = 20
SEEN = ("concentric_s", "hold_s", "eccentric_s", "end_deg", "smoothness", "mean_speed_deg_s", "work_j")


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """One finished set as either path has it: figures by name, as the tolerances name them."""

    person: Person
    figures: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A set at sample level: counted reps as the agent measures them, and what the body knows."""

    reps: list[RepFigures]
    whole_reps: int
    reserve: float
    took_s: float


Pair = tuple[Set, Set]  # sample level, rep level


def _beats(driver: EmulatedDriver, command: DriveCommand, count: int) -> list[Sample]:
    samples: list[Sample] = []
    for _ in range(count):
        driver.command(command)
        samples += driver.read(driver.body_ms + TELEGRAM_MS)
    return samples


def _weight(kind: MachineKind, mass_kg: float) -> tuple[tuple[float, float], ...]:
    angles = [kind.limit_cdeg[0] / CDEG + step for step in range(kind.limit_cdeg[1] // CDEG + 40)]
    weight = curve(angles, [-gravity.torque_nm(kind, mass_kg, deg) for deg in angles])
    assert weight is not None
    return tuple(zip(weight.deg, weight.nm, strict=True))


def _lifted(seated: Seated, task: Task) -> Done:
    """Let a person do one set in an emulated machine."""
    kind, table = seated.kind, _weight(seated.kind, seated.person.mass_kg)
    driver, lifter = EmulatedDriver(kind, SEED), Lifter(seated, SEED)
    driver.seat(lifter)
    lifter.approach(task.start_deg)
    load_g = round(task.load_kg * G)
    command = DriveCommand(
        load_g=load_g, start_cdeg=0, end_cdeg=100, brake=False, max_speed_cdeg_s=0, gravity=table
    )
    _beats(driver, command, 2_000)
    lifter.lift(task)
    samples, began_ms = [], driver.body_ms
    while not lifter.is_still:
        samples += _beats(driver, command, 1)
    took_s, reserve = (driver.body_ms - began_ms) / 1_000 - REACTION_S, lifter.reserve
    samples += _beats(driver, command, 100)
    detector = Detector(task.end_deg - task.start_deg, load_g)
    movements = [one for one in map(detector.feed, samples) if one is not None and not one.partial]
    weight = curve([deg for deg, _ in table], [nm for _, nm in table])
    assert weight is not None
    reps = [measure(one, weight) for one in movements]
    return Done(reps=reps, whole_reps=lifter.reps, reserve=reserve, took_s=took_s)


def _pairs(
    kind_name: str, share: float, most_reps: int, spoil: Callable[[Person], Person] = lambda one: one
) -> list[Pair]:
    """Let people of all strata do one set on both paths; `spoil` changes them at sample level alone."""
    who, kind = people(PEOPLE, SEED), catalogue()[kind_name]
    body = crowd(who, [kind])
    doses = comfortable(body, reps=most_reps)
    doses = replace(doses, load_kg=np.round(one_rep_load_kg(body, doses) * share, 1))
    sets = perform(body, doses, np.random.default_rng(SEED))
    possible = np.floor(effort(body, doses).rhythm.possible(np.zeros((len(who), 1)))[:, 0] + 0.5)
    found = []
    for row, one in enumerate(who):
        seated = Seated(person=spoil(one), condition=fresh(one), kind=kind, side=kind.sides[0])
        done = _lifted(seated, _task(doses, row))
        whole_reps = min(int(possible[row]), int(sets.reps[row]))
        if sets.ended_by[row] == ENDINGS.index("pain") or min(whole_reps, done.whole_reps) < 2:
            continue  # a button of the screen, which nobody presses here; and no first and last rep
        span_deg = float(doses.end_deg[row] - doses.start_deg[row])
        found.append((_sampled(one, done, span_deg), _whole(one, sets, row, (whole_reps, span_deg))))
    return found


def _task(doses: Doses, row: int) -> Task:
    return Task(
        load_kg=float(doses.load_kg[row]),
        start_deg=float(doses.start_deg[row]),
        end_deg=float(doses.end_deg[row]),
        reps=int(doses.reps[row]),
        tempo_s=(2.0, 0.0, 3.0),
    )


def _sampled(person: Person, done: Done, span_deg: float) -> Set:
    first, last = done.reps[0], done.reps[min(done.whole_reps, len(done.reps)) - 1]
    return Set(
        person=person,
        figures={
            "reps": float(len(done.reps)),
            "rir": done.reserve,
            "duration_s": done.took_s,
            "speed_loss": 1 - last.mean_speed_deg_s / first.mean_speed_deg_s,
            "range_loss": (first.end_deg - last.end_deg) / span_deg,
            **{name: float(np.mean([getattr(one, name) for one in done.reps])) for name in SEEN},
        },
    )


def _whole(person: Person, sets: Sets, row: int, done: tuple[int, float]) -> Set:
    whole_reps, span_deg = done
    last, counted = whole_reps - 1, slice(0, int(sets.reps[row]))
    speed, end_deg = sets.mean_speed_deg_s[row], sets.end_deg[row]
    return Set(
        person=person,
        figures={
            "reps": float(sets.reps[row]),
            "rir": float(sets.rir[row]),
            "duration_s": float(sets.duration_s[row]),
            "speed_loss": float(1 - speed[last] / speed[0]),
            "range_loss": float((end_deg[0] - end_deg[last]) / span_deg),
            **{name: float(getattr(sets, name)[row, counted].mean()) for name in SEEN},
        },
    )


def _means_apart(pairs: Sequence[Pair]) -> dict[str, float]:
    """How far the means of both paths are apart, in the units of the tolerances."""
    found = {}
    for name in TOLERANCES:
        sampled, whole = (float(np.mean([one[path].figures[name] for one in pairs])) for path in (0, 1))
        found[name] = abs(whole - sampled) / (abs(sampled) if name in RATIOS else 1.0)
    return found


def _disagreement(pairs: Sequence[Pair]) -> set[str]:
    """Name what is further apart than its tolerance: a mean, or a distribution."""
    means = {name for name, value in _means_apart(pairs).items() if value > TOLERANCES[name]}
    spread = {
        f"distribution of {name}"
        for name in ("reps", "rir")
        if apart(*(np.array([one[path].figures[name] for one in pairs]) for path in (0, 1))) > APART
    }
    return means | spread


@pytest.fixture(scope="module")
def to_failure() -> dict[str, list[Pair]]:
    return {kind: _pairs(kind, FAILURE, MOST_REPS) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_sets_to_failure_agree(kind: str, to_failure: dict[str, list[Pair]]) -> None:
    assert len(to_failure[kind]) >= PEOPLE - 3
    assert _disagreement(to_failure[kind]) == set()


@pytest.mark.slow
def test_sets_of_one_side_agree() -> None:
    assert _disagreement(_pairs("trunk_rotation", FAILURE, MOST_REPS)) == set()


@pytest.mark.parametrize("kind", [KINDS[0], pytest.param(KINDS[1], marks=pytest.mark.slow)])
def test_sets_with_a_reserve_agree(kind: str) -> None:
    pairs = _pairs(kind, EASY, EASY_REPS)
    assert np.mean([one.figures["rir"] for one, _ in pairs]) > 5
    assert _disagreement(pairs) == set()


STRATA: dict[str, Callable[[Person], str]] = {
    "sex": lambda one: one.sex,
    "age": lambda one: str(min(one.age_years, 79) // 20),
    "severity": lambda one: one.severity,
}


@pytest.mark.parametrize("stratum", STRATA)
def test_reps_to_failure_agree_in_every_stratum(stratum: str, to_failure: dict[str, list[Pair]]) -> None:
    found: dict[str, list[float]] = {}
    for sampled, whole in (pair for pairs in to_failure.values() for pair in pairs):
        more = whole.figures["reps"] - sampled.figures["reps"]
        found.setdefault(STRATA[stratum](sampled.person), []).append(more)
    assert len(found) == (2 if stratum == "sex" else 3)
    assert max(abs(float(np.mean(more))) for more in found.values()) <= STRATUM_REPS


def test_another_fatigue_constant_on_one_path_is_seen() -> None:
    """The negative control: at sample level everybody tires by a quarter faster."""

    def tiring(one: Person) -> Person:
        return replace(one, fatigue_per_s=one.fatigue_per_s * 1.25)

    kind = KINDS[0]
    assert {"reps", "duration_s", "distribution of reps"} <= _disagreement(
        _pairs(kind, FAILURE, MOST_REPS, tiring)
    )
    assert {"rir", "distribution of rir"} <= _disagreement(_pairs(kind, EASY, EASY_REPS, tiring))
