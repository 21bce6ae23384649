"""The table of repetitions to failure at known shares of the 1RM.

Columns (usual spellings are understood): person; one_rm_kg, the tested 1RM; weight_kg; reps to failure; and,
optionally, exercise. One row a set, several sets a person. Comma, semicolon or tab between columns.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from ml.evaluation.reading import Unreadable, number

SPELLINGS: Final = {
    "person": ("person", "personid", "participant", "participantid", "athlete", "subject", "id", "name"),
    "one_rm_kg": ("onermkg", "onerm", "1rmkg", "1rm", "rm1", "rm1kg", "rm", "tested1rm", "true1rm"),
    "weight_kg": ("weightkg", "weight", "loadkg", "load", "kg"),
    "reps": ("reps", "repsrecorded", "repstofailure", "rtf", "repetitions"),
    "exercise": ("exercise", "lift", "machine"),
}
NEEDED = ("person", "one_rm_kg", "weight_kg", "reps")
PEOPLE_LEAST = 3  # one is left out, and of one person alone nothing can be learned about people
REPS_MOST = 60.0  # more are no test of strength


class Set(NamedTuple):
    """One set to failure of a person whose 1RM in that exercise is known."""

    person: str
    exercise: str
    one_rm_kg: float
    weight_kg: float
    reps: float

    @property
    def share(self) -> float:
        """Return the load as a share of the 1RM."""
        return self.weight_kg / self.one_rm_kg


class OneRmTable(NamedTuple):
    """The sets in order of persons, and how many rows were left out for which reason."""

    sets: list[Set]
    left_out: dict[str, int]


def read(lines: Iterable[str]) -> OneRmTable | Unreadable:
    """Read the lines of the table; what cannot be used is left out and counted."""
    text = [line for line in lines if line.strip()]
    if not text:
        return Unreadable("the file is empty")
    mark = max(",;\t", key=text[0].count)
    table = csv.DictReader(text, delimiter=mark)
    columns = {name: _column(name, table.fieldnames or ()) for name in SPELLINGS}
    missing = [name for name in NEEDED if columns[name] is None]
    if missing:
        return Unreadable(f"no column {', '.join(missing)}; there are {', '.join(table.fieldnames or ())}")
    rows = [_set({name: row.get(column or "") or "" for name, column in columns.items()}) for row in table]
    sets = sorted(row for row in rows if isinstance(row, Set))
    if len({one.person for one in sets}) < PEOPLE_LEAST:
        return Unreadable(f"fewer than {PEOPLE_LEAST} people with sets that can be used")
    return OneRmTable(sets, dict(Counter(row for row in rows if isinstance(row, str))))


def _column(name: str, given: Iterable[str]) -> str | None:
    """Return the column that is meant, whatever its case and punctuation."""
    plain = {"".join(filter(str.isalnum, column.lower())): column for column in reversed(list(given))}
    return next((plain[spelling] for spelling in SPELLINGS[name] if spelling in plain), None)


def _set(row: dict[str, str]) -> Set | str:
    one_rm_kg, weight_kg, reps = (number(row[name]) for name in ("one_rm_kg", "weight_kg", "reps"))
    if not row["person"].strip():
        return "no person"
    if one_rm_kg is None or weight_kg is None or reps is None or min(one_rm_kg, weight_kg, reps) <= 0.0:
        return "no 1RM, weight or reps"
    if weight_kg >= one_rm_kg:
        return "not below the 1RM"
    if reps > REPS_MOST:
        return f"more than {REPS_MOST:.0f} reps"
    return Set(row["person"].strip(), row["exercise"].strip(), one_rm_kg, weight_kg, reps)
