"""Every forecast that a table asks for, with what is known before it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.one_rm_walk import kalman
from ml.evaluation.sets_table import SetsTable
from ml.forecast.features import Case, describe
from ml.forecast.past import Followed, PastSet

Array = NDArray[np.float64]


class Cases(NamedTuple):
    """One row a forecast: features, the machine's type, the true reps, person, and sets seen before."""

    names: tuple[str, ...]
    features: Array  # rows x names; nan where a figure does not exist yet
    types: NDArray[np.str_]
    reps: Array
    people: NDArray[np.str_]
    seen: NDArray[np.int64]
    kalman: Array  # what the scalar Kalman baseline expects

    def only(self, rows: NDArray[np.bool_]) -> "Cases":
        """Return some of the rows."""
        return Cases(self.names, *(values[rows] for values in self[1:]))  # type: ignore[arg-type]

    def column(self, name: str) -> Array:
        """Return one feature."""
        return np.asarray(self.features[:, self.names.index(name)], dtype=np.float64)


def cases(table: SetsTable) -> Cases:
    """Walk through every person's sets in order and write down each forecast before its reps are seen."""
    rows, types, reps, people, seen, walked = [], [], [], [], [], []
    for person, sets in table.people.items():
        for case, done in _walk(sets):
            rows.append(describe(case))
            types.append(table.machine_types[done.machine])
            reps.append(done.reps)
            people.append(person)
            seen.append(len(case.own))
            walked.append(kalman(case.own, case.load_kg))
    features = np.array([list(row.values()) for row in rows], dtype=np.float64)
    columns = (np.array(values) for values in (types, reps, people, seen, walked))
    return Cases(tuple(rows[0]), features, *columns)


def _walk(sets: list[PastSet]) -> Iterator[tuple[Case, PastSet]]:
    followed = Followed()
    past: list[PastSet] = []
    for done in sets:
        belief = followed.before(done.machine, done.kind, done.load_kg, done.day)
        own = [one for one in past if one.machine == done.machine]
        if own:
            others = [one for one in past if one.machine != done.machine and one.day < done.day]
            case = Case(load_kg=done.load_kg, day=done.day, belief=belief, own=own, others=others)
            yield case, done
        followed.after(belief, done)
        past.append(done)
