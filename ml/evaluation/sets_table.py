"""The table of sets to failure on machines, read and put into series of one person on one machine.

Columns: participant_id, exercise, machine_type (cp chest press, pd pulldown, lp leg press), day, weight_kg,
reps_recorded; others are ignored (an estimated 1RM holds the very reps that are asked for).
"""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ml.evaluation.reading import Unreadable, number
from ml.forecast.past import PastSet, in_order

COLUMNS = ("participant_id", "exercise", "machine_type", "day", "weight_kg", "reps_recorded")
# The catalogue's kind whose place a machine takes; nothing but its name is used at the default range.
KINDS = {"lp": "leg_press", "pd": "row", "cp": "row"}
REPS_MOST = 20.0  # more are no strength set; the published baselines leave them out too
SETS_LEAST = 5  # of a series; shorter ones are left out, as in the published baselines


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsTable:
    """Every person's sets in order, what a machine is by its short name, and what was left out and why."""

    people: dict[str, list[PastSet]]
    machine_types: dict[str, str]
    left_out: dict[str, int]

    @property
    def forecasts(self) -> int:
        """Return how many sets have a set before them on the same machine."""
        series = {(person, one.machine) for person, sets in self.people.items() for one in sets}
        return sum(map(len, self.people.values())) - len(series)


def read(lines: Iterable[str]) -> SetsTable | Unreadable:
    """Read the lines of sets.csv; rows without person, weight or reps are left out and counted."""
    table = csv.DictReader(lines)
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if missing:
        return Unreadable(f"no column {', '.join(missing)}")
    left_out: Counter[str] = Counter()
    series: dict[tuple[str, str], list[PastSet]] = {}
    types: dict[str, str] = {}
    for row in table:
        found = _set(row)
        if isinstance(found, str):
            left_out[found] += 1
            continue
        series.setdefault((row["participant_id"], found.machine), []).append(found)
        types[found.machine] = row["machine_type"]
    people: dict[str, list[PastSet]] = {}
    for (person, _), sets in series.items():
        if len(sets) < SETS_LEAST:
            left_out[f"series of fewer than {SETS_LEAST} sets"] += len(sets)
        else:
            people.setdefault(person, []).extend(sets)
    if not people:
        return Unreadable("no series of enough sets")
    ordered = {person: in_order(people[person]) for person in sorted(people)}
    return SetsTable(people=ordered, machine_types=types, left_out=dict(left_out))


def _set(row: dict[str, str]) -> PastSet | str:
    """Return the set of a row, or why it is none."""
    day, load_kg, reps = (number(row[name]) for name in ("day", "weight_kg", "reps_recorded"))
    if not row["participant_id"]:
        return "no person"
    if day is None or load_kg is None or reps is None or load_kg <= 0.0 or reps < 1.0:
        return "no weight or reps"
    if reps > REPS_MOST:
        return f"more than {REPS_MOST:.0f} reps"
    kind = KINDS.get(row["machine_type"])
    if kind is None:
        return "unknown machine type"
    return PastSet(machine=row["exercise"], kind=kind, day=day, load_kg=load_kg, reps=reps)
