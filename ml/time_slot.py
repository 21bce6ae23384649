"""How long a session takes: work, rests and set-up, and what must go so that it fits its slot (page 8)."""

from collections.abc import Sequence
from typing import Final

from ml.request import Dose

MACHINE_MOST_S = 15 * 60  # on one machine (page 8)
VISIT_S: Final = (25 * 60, 40 * 60)  # a whole visit (page 8)
CHANGE_OVER_S = 75.0  # from one station to the next: 60-90 s (product page)
OPENING_S = 5 * 60  # walk or bike opens each visit (page 8)
TRY_S, TRY_REST_S = 5.0, 60.0  # a try of a strength test and the rest between tries (decision 0006)
FIRST_MOVE_S = 2.0  # from the load to the first movement, with a new set (design choice)


def work_s(dose: Dose) -> float:
    """Return how long the work of a set lasts: its seconds, or its reps at their tempo."""
    if dose.mode == "isometric":
        return dose.reps * TRY_S + (dose.reps - 1) * TRY_REST_S
    return FIRST_MOVE_S + (dose.work_ms or dose.reps * sum(dose.tempo_ms)) / 1000.0


def slot_s(rows: Sequence[Dose]) -> float:
    """Return how long a session's rows last in their order; no rest after the last one."""
    return sum(work_s(row) for row in rows) + sum(row.rest_ms for row in rows[:-1]) / 1000.0


def fitted(rows: Sequence[Dose], most_s: float) -> tuple[Dose, ...]:
    """Leave out the last sets of a side until the rest fits; the first work set is always kept."""
    kept = list(rows)
    while slot_s(kept) > most_s and sum(row.mode == "train" for row in kept) > 1:
        kept.pop()
    return tuple(kept)


def visit_s(stations: Sequence[Sequence[Dose]]) -> float:
    """Return how long a visit lasts: opening, every station's rows, and the changes between them."""
    changes = max(len(stations) - 1, 0) * CHANGE_OVER_S
    return OPENING_S + sum(slot_s(rows) for rows in stations) + changes


def station_most_s(stations: int) -> float:
    """Return what one of so many stations may take, so that the visit ends in time."""
    left_s = VISIT_S[1] - OPENING_S - max(stations - 1, 0) * CHANGE_OVER_S
    return min(left_s / max(stations, 1), MACHINE_MOST_S)
