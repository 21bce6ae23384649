"""Finished sets of many emulated people as a table: what the effort model is trained on.

Columns of `generate_sets`, one row a set; every person does one to four sets on each of four kinds:

- `person` int, `kind` str, `side` str, `age_years`, `sex` str, `mass_kg`, `back_pain` bool
- `set` 1.., `rest_s` rest before it (0 before the first), `load_kg`, `start_deg`, `end_deg` prescribed travel
- `tempo_concentric_s`, `tempo_hold_s`, `tempo_eccentric_s`, `target_reps` prescribed
- `one_rep_load_kg`: true heaviest load for one rep over this range and tempo, fresh, today;
  `relative_load` = `load_kg` / `one_rep_load_kg` (true: whoever trains may blur it as a belief would)
- `reps`, `partial_reps`, `ended_by` str, `duration_s`
- rows x reps, nan beyond the reps done: `rep_concentric_s`, `rep_hold_s`, `rep_eccentric_s`,
  `rep_mean_speed_deg_s`, `rep_start_deg`, `rep_end_deg`, `rep_smoothness`
- `said_rir` str (0, 1-2, 3-5, many), `said_pain` 0-10, and the truth: `rir` reps in reserve, 0-40
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contract.machines import MachineKind, catalogue
from emulator.bodies import Bodies, Seated, bodies
from emulator.condition import Condition, Trained, fresh
from emulator.effort import Doses, effort, one_rep_load_kg
from emulator.person import Person
from emulator.physiology.parameters import Array
from emulator.rep_level import ENDINGS, RIR_WORDS, Sets, perform, rested

KINDS_EACH = 4  # kinds that a person trains
SETS_MOST = 4  # sets a side on one machine (clinical page, phases)
MOST_REPS = 30  # safety invariant 9
RELATIVE_LOADS = (0.25, 0.92)  # of the one-rep load; from a first visit to near failure
RESERVES = (-2.0, 16.0)  # reps in reserve that the targets leave, so that every effort is seen
TEMPOS_S = ((2.0, 0.0, 3.0), (3.0, 0.0, 4.0), (2.0, 1.0, 2.0))  # clinical page
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
    doses = replace(doses, load_kg=np.round(capacity * chance.uniform(*RELATIVE_LOADS, len(alike)), 1))
    doses = replace(doses, reps=_target(alike, doses, chance))
    count = chance.integers(1, SETS_MOST + 1, len(alike))
    found: list[Table] = []
    body, rest_s = alike, np.zeros(len(alike))
    for number in range(1, SETS_MOST + 1):
        sets = perform(body, doses, chance)
        rows = np.flatnonzero(count >= number)
        scale: Table = {
            "set": np.full(len(rows), number),
            "rest_s": rest_s[rows],
            "one_rep_load_kg": capacity[rows],
            "relative_load": doses.load_kg[rows] / capacity[rows],
        }
        found.append(_who(seated, rows) | scale | _prescribed(doses, rows) | _done(sets, rows))
        rest_s = np.full(len(alike), round(float(chance.uniform(*RESTS_S))))
        body = alike.tired(rested(sets.fatigued, float(rest_s[0])))
    return found


def _target(alike: Bodies, doses: Doses, chance: np.random.Generator) -> Array:
    """Reps asked: what leaves a drawn reserve in the first set, 4 to 25."""
    asked = effort(alike, doses)
    possible = asked.rhythm.possible(alike.fatigued[:, None])[:, 0]
    return np.clip(np.rint(possible - chance.uniform(*RESERVES, len(alike))), 4, 25)


def _doses(alike: Bodies, chance: np.random.Generator) -> Doses:
    rows = len(alike)
    own = alike.tolerated_deg - alike.tolerated_low_deg
    start = alike.tolerated_low_deg + own * chance.uniform(0, 0.15, rows)
    end: Array = np.maximum(start + 10, alike.tolerated_low_deg + own * chance.uniform(0.6, 1.05, rows))
    tempo = np.array(TEMPOS_S)[chance.integers(0, len(TEMPOS_S), rows)]
    zeros = np.zeros(rows)
    return Doses(
        load_kg=zeros,
        start_deg=np.round(start),
        end_deg=np.round(end).astype(np.float64),
        reps=zeros,
        work_s=zeros,
        concentric_s=tempo[:, 0],
        hold_s=tempo[:, 1],
        eccentric_s=tempo[:, 2],
        min_speed_pct=np.where(chance.random(rows) < 0.5, 0.0, chance.uniform(55, 80, rows)),
        min_range_pct=zeros,
        max_tempo_pct=zeros,
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
        "back_pain": np.array([person.back_pain for person in people]),
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


def _done(sets: Sets, rows: NDArray[np.int64]) -> Table:
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
        "rep_mean_speed_deg_s": of_reps(sets.mean_speed_deg_s),
        "rep_start_deg": of_reps(sets.start_deg),
        "rep_end_deg": of_reps(sets.end_deg),
        "rep_smoothness": of_reps(sets.smoothness),
        "said_rir": [RIR_WORDS[index] for index in sets.said_rir[rows]],
        "said_pain": sets.said_pain[rows],
        "rir": sets.rir[rows],
    }


def _joined(parts: Sequence[list[str] | NDArray[Any]]) -> list[str] | NDArray[Any]:
    if isinstance(parts[0], list):
        return [value for part in parts for value in part]
    return np.concatenate(parts)
