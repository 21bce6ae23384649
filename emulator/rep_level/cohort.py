"""Finished sets of many emulated people as a table: what the effort model is trained on.

Columns of `generate_sets`, one row a set; every person does one to four sets on each of ten kinds. Targets
leave a reserve by what is believed of the reps to failure, as the product's do, so sets to failure are few:

- `person` int, `kind` str, `side` str, `age_years`, `sex` str, `mass_kg`, `severity` str
- `set` 1.., `rest_s` rest before it (0 before the first), `load_kg`, `start_deg`, `end_deg` prescribed travel
- `tempo_concentric_s`, `tempo_hold_s`, `tempo_eccentric_s`, `target_reps` prescribed
- `one_rep_load_kg`: true heaviest load for one rep over this range and tempo, fresh, today;
  `believed_relative_load` = `load_kg` / what a first belief takes for that load
- `reps` (at least one), `partial_reps`, `ended_by` str, `duration_s`
- rows x reps, nan beyond the reps done: `rep_concentric_s`, `rep_hold_s`, `rep_eccentric_s`,
  `rep_mean_speed_deg_s` (nan on a machine that reports none), `rep_start_deg`, `rep_end_deg`,
  `rep_smoothness`, `rep_mean_torque_nm`, `rep_peak_torque_nm`
- `said_rir` str (0, 1-2, 3-5, many), `said_pain` 0-10, and the truth: `rir` reps in reserve, 0-40: the reps
  to failure n, a real number, less the reps done; so below 1 where the next rep failed, half a rep on
  average, which is how the belief takes a failure (n - .5 = reps done)
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contract.machines import MachineKind, catalogue
from emulator.people.bodies import Bodies, Seated, bodies
from emulator.people.condition import Condition, Trained, fresh
from emulator.people.effort import Doses, effort, one_rep_load_kg
from emulator.people.person import Person
from emulator.people.said import RIR_WORDS
from emulator.physiology.parameters import Array, number
from emulator.rep_level.sets import ENDINGS, Sets, perform, rested

KINDS_EACH = 10  # kinds that a person trains
SETS_MOST = 4  # sets a side on one machine (clinical page, phases)
MOST_REPS = 30  # safety invariant 9
RELATIVE_LOADS = (0.25, 0.88)  # of the one-rep load; from a first visit to near failure
BELIEF_LOG_SD = 0.33  # log; how well capacity is known at first (science 3.1): no model shall lean on it
RESERVES = (0.5, 14.0)  # reps in reserve that the targets are meant to leave
REPS_LOG_SD = 0.2  # log; how well the reps to failure are known when a target is set
TARGETS = (3, 25)  # reps asked
TEMPOS_S = ((2.0, 0.0, 3.0), (3.0, 0.0, 4.0), (3.0, 2.0, 3.0))  # clinical page: 2-0-3, 3-0-4, 3-2-3
STOP_SPEED_PCT, STOP_RANGE_PCT, STOP_TEMPO_PCT = (55, 80), 85.0, (40, 50)  # in-set stops as they are sent
STOPPED_SHARE = 0.5  # of the sessions run under such stops
MUTE_SHARE = 0.15  # of the machines report no speed
RESTS_S = (45.0, 120.0)
CHUNK = 2_000  # rows at a time: fits the cache

Table = dict[str, list[str] | NDArray[Any]]


def generate_sets(people: Sequence[Person], seed: int) -> Table:
    """Make the table; the same people and seed give the same table."""
    chance = np.random.default_rng([seed, len(people)])
    seated = [one for person in people for one in _stations(person, chance)]
    alike = bodies(seated)
    parts: list[Table] = []
    for first in range(0, len(seated), CHUNK):
        rows = np.arange(first, min(first + CHUNK, len(seated)))
        parts += _session([seated[row] for row in rows], alike.take(rows), chance)
    return {name: _joined([part[name] for part in parts]) for name in parts[0]}


def _stations(person: Person, chance: np.random.Generator) -> Iterator[Seated]:
    kinds = list(catalogue().values())
    for index in chance.choice(len(kinds), KINDS_EACH, replace=False):
        kind: MachineKind = kinds[int(index)]
        sessions = int(chance.integers(0, 24))
        grown = Trained(sessions=sessions, gain_log=person.gain_log * sessions / 24)
        condition: Condition = replace(
            fresh(person), day=float(chance.integers(0, 300)), trained={kind.name: grown}
        )
        side = kind.sides[int(chance.integers(0, len(kind.sides)))]
        yield Seated(person=person, condition=condition, kind=kind, side=side)


def _session(seated: Sequence[Seated], alike: Bodies, chance: np.random.Generator) -> list[Table]:
    """One to four sets of every row, with rests; later sets start from the fatigue of the earlier ones."""
    doses = _doses(alike, chance)
    capacity = one_rep_load_kg(alike, doses)
    believed = capacity * np.exp(chance.normal(0.0, BELIEF_LOG_SD, len(alike)))
    relative = chance.uniform(*RELATIVE_LOADS, len(alike))
    doses = replace(doses, load_kg=np.maximum(np.round(capacity * relative, 1), 0.1))
    mute = chance.random(len(alike)) < MUTE_SHARE
    count = chance.integers(1, SETS_MOST + 1, len(alike))
    found: list[Table] = []
    body, rest_s = alike, np.zeros(len(alike))
    for done in range(1, SETS_MOST + 1):
        doses = replace(doses, reps=_target(body, doses, chance))
        sets = perform(body, doses, chance)
        rows = np.flatnonzero((count >= done) & (sets.reps > 0))
        scale: Table = {
            "set": np.full(len(rows), done),
            "rest_s": rest_s[rows],
            "one_rep_load_kg": capacity[rows],
            "relative_load": doses.load_kg[rows] / capacity[rows],
            "believed_relative_load": doses.load_kg[rows] / believed[rows],
        }
        truth: Table = {"rir": _reserve(body, doses, sets)[rows]}
        found.append(_who(seated, rows) | scale | _prescribed(doses, rows) | _done(sets, rows, mute) | truth)
        rest_s = np.full(len(alike), round(float(chance.uniform(*RESTS_S))))
        body = alike.tired(rested(sets.fatigued, float(rest_s[0])))
    return found


def _target(body: Bodies, doses: Doses, chance: np.random.Generator) -> Array:
    """Reps asked: what leaves a drawn reserve by what is believed of the reps to failure, 3 to 25."""
    possible = _possible(body, doses) * np.exp(chance.normal(0.0, REPS_LOG_SD, len(body)))
    return np.clip(np.rint(possible - chance.uniform(*RESERVES, len(body))), *TARGETS)


def _possible(body: Bodies, doses: Doses) -> Array:
    """Reps to failure, a real number."""
    return effort(body, doses).rhythm.possible(body.fatigued[:, None])[:, 0] + 0.5


def _doses(alike: Bodies, chance: np.random.Generator) -> Doses:
    rows = len(alike)
    own = alike.tolerated_deg - alike.tolerated_low_deg
    start = alike.tolerated_low_deg + own * chance.uniform(0, 0.15, rows)
    end: Array = np.maximum(start + 10, alike.tolerated_low_deg + own * chance.uniform(0.6, 1.05, rows))
    tempo = np.array(TEMPOS_S)[chance.integers(0, len(TEMPOS_S), rows)]
    zeros, stopped = np.zeros(rows), (chance.random(rows) < STOPPED_SHARE).astype(np.float64)
    return Doses(
        load_kg=zeros,
        start_deg=np.round(start),
        end_deg=np.round(end).astype(np.float64),
        reps=zeros,
        work_s=zeros,
        concentric_s=tempo[:, 0],
        hold_s=tempo[:, 1],
        eccentric_s=tempo[:, 2],
        min_speed_pct=stopped * chance.uniform(*STOP_SPEED_PCT, rows),
        min_range_pct=stopped * STOP_RANGE_PCT,
        max_tempo_pct=stopped * chance.uniform(*STOP_TEMPO_PCT, rows),
    )


def _who(seated: Sequence[Seated], rows: NDArray[np.int64]) -> Table:
    people = [seated[row].person for row in rows]
    return {
        "person": np.array([person.number for person in people]),
        "kind": [seated[row].kind.name for row in rows],
        "side": [seated[row].side for row in rows],
        "age_years": np.array([person.age_years for person in people]),
        "sex": [person.sex for person in people],
        "mass_kg": np.array([person.mass_kg for person in people]),
        "severity": [person.severity for person in people],
    }


def _prescribed(doses: Doses, rows: NDArray[np.int64]) -> Table:
    return {
        "load_kg": doses.load_kg[rows],
        "start_deg": doses.start_deg[rows],
        "end_deg": doses.end_deg[rows],
        "tempo_concentric_s": doses.concentric_s[rows],
        "tempo_hold_s": doses.hold_s[rows],
        "tempo_eccentric_s": doses.eccentric_s[rows],
        "target_reps": doses.reps[rows],
    }


def _done(sets: Sets, rows: NDArray[np.int64], mute: NDArray[np.bool_]) -> Table:
    def of_reps(figure: Array) -> Array:
        wide = np.full((len(rows), MOST_REPS), np.nan)
        wide[:, : figure.shape[1]] = np.where(sets.counted, figure, np.nan)[rows]
        return wide

    return {
        "reps": sets.reps[rows],
        "partial_reps": sets.partial_reps[rows],
        "ended_by": [ENDINGS[index] for index in sets.ended_by[rows]],
        "duration_s": sets.duration_s[rows],
        "rep_concentric_s": of_reps(sets.concentric_s),
        "rep_hold_s": of_reps(sets.hold_s),
        "rep_eccentric_s": of_reps(sets.eccentric_s),
        "rep_mean_speed_deg_s": np.where(mute[rows, None], np.nan, of_reps(sets.mean_speed_deg_s)),
        "rep_start_deg": of_reps(sets.start_deg),
        "rep_end_deg": of_reps(sets.end_deg),
        "rep_smoothness": of_reps(sets.smoothness),
        "rep_mean_torque_nm": of_reps(sets.mean_torque_nm),
        "rep_peak_torque_nm": of_reps(sets.peak_torque_nm),
        "said_rir": [RIR_WORDS[index] for index in sets.said_rir[rows]],
        "said_pain": sets.said_pain[rows],
    }


def _reserve(body: Bodies, doses: Doses, sets: Sets) -> Array:
    """Reps to failure less the reps done, also where the next rep failed."""
    return np.clip(_possible(body, doses) - sets.reps, 0.0, number("fatigue.most_reps"))


def _joined(parts: Sequence[list[str] | NDArray[Any]]) -> list[str] | NDArray[Any]:
    if isinstance(parts[0], list):
        return [value for part in parts for value in part]
    return np.concatenate(parts)
