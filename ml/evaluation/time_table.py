"""The table of seconds to failure: one set a machine and person, loads unknown.

Columns: id, location, core_assisted (core: trains supervised in the core hours, else assisted), machine, tul
(s). Location numbers are clinics of their own in each group of core_assisted.
"""

import csv
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.reading import Unreadable, number

COLUMNS = ("id", "location", "core_assisted", "machine", "tul")


class Times(NamedTuple):
    """One row a set."""

    people: NDArray[np.str_]
    clinics: NDArray[np.str_]
    machines: NDArray[np.str_]
    seconds: NDArray[np.float64]

    def only(self, rows: NDArray[np.bool_]) -> "Times":
        """Return some of the rows."""
        return Times(self.people[rows], self.clinics[rows], self.machines[rows], self.seconds[rows])


def read(lines: Iterable[str]) -> Times | Unreadable:
    """Read the lines of tul_members.csv; rows without seconds are left out."""
    table = csv.DictReader(lines)
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if missing:
        return Unreadable(f"no column {', '.join(missing)}")
    rows = [(row, number(row["tul"])) for row in table]
    kept = [(row, seconds) for row, seconds in rows if seconds is not None and seconds > 0.0 and row["id"]]
    if not kept:
        return Unreadable("no rows with seconds")
    return Times(
        np.array([row["id"] for row, _ in kept]),
        np.array([f"{row['core_assisted']} {row['location']}" for row, _ in kept]),
        np.array([row["machine"] for row, _ in kept]),
        np.array([seconds for _, seconds in kept]),
    )
