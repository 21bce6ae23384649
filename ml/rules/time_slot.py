"""How long a session takes: work, rests and set-up, and what must go so that it fits its slot (page 8)."""

from collections.abc import Sequence
from statistics import median

from ml.request import Dose, SetFacts

MACHINE_MOST_S = 15 * 60  # on one machine (page 8)
VISIT_MOST_S = 40 * 60  # a whole visit (page 8)
CHANGE_OVER_S = 75.0  # from one station to the next: 60-90 s (product page)
OPENING_S = 5 * 60  # walk or bike opens each visit (page 8)
TRY_S, TRY_REST_S = 5.0, 60.0  # a try of a strength test and the rest between tries (decision 0006)
TURN_S = 0.5  # between two reps, unloaded at the start (design choice)


def work_s(dose: Dose) -> float:
    """Return how long the work of a set lasts: its reps at their tempo, or its seconds and half a rep."""
    if dose.mode == "isometric":
        return dose.reps * TRY_S + (dose.reps - 1) * TRY_REST_S
    rep_s = sum(dose.tempo_ms) / 1000.0 + TURN_S
    if dose.work_ms:  # a timed set ends with the rep in progress
        return min(dose.work_ms / 1000.0 + rep_s / 2.0, dose.reps * rep_s)
    return dose.reps * rep_s


def slot_s(rows: Sequence[Dose], pace: float = 1.0) -> float:
    """Return how long a session's rows last in their order; no rest after the last one.

    `pace`: the person's own, as `own_pace` tells it; a person keeps it beside the corridor on the screen.
    """
    return pace * sum(work_s(row) for row in rows) + sum(row.rest_ms for row in rows[:-1]) / 1000.0


def own_pace(done: Sequence[SetFacts]) -> float:
    """Return how long this person's sets lasted against their plan (1 without a complete set by reps)."""
    whole = [one for one in done if one.end.ended_by == "target" and not one.applied.work_ms]
    shares = [one.end.duration_s / work_s(one.applied) for one in whole if one.applied.mode == "train"]
    return median(shares) if shares else 1.0


def fitted(rows: Sequence[Dose], most_s: float) -> tuple[Dose, ...]:
    """Leave out the last sets of a side until the rest fits; the first work set is always kept."""
    kept = list(rows)
    while slot_s(kept) > most_s and sum(row.mode == "train" for row in kept) > 1:
        kept.pop()
    return tuple(kept)


def station_most_s(stations: int) -> float:
    """Return what one of so many stations may take, so that the visit ends in time."""
    left_s = VISIT_MOST_S - OPENING_S - max(stations - 1, 0) * CHANGE_OVER_S
    return min(left_s / max(stations, 1), MACHINE_MOST_S)
