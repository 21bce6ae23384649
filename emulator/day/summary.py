"""A day in figures; pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from statistics import median
from typing import Any

from emulator.day.booking import Booked
from emulator.day.record import Stay
from emulator.day.staff import Call, Errand

S = 1_000


def visits(booked: Sequence[Booked], stays: Sequence[Stay], kinds: Collection[str]) -> dict[str, int]:
    """Count visits by how they went, and stations done of those that this studio has (`kinds`)."""
    come = [one for one in booked if one.comes_ms is not None]
    return {
        "booked": len(booked),
        "come": len(come),
        "late": sum(one.is_late for one in come),
        "no_show": len(booked) - len(come),
        "stations_booked": sum(kind in kinds for one in come for kind in one.stations),
        "stations_done": len(stays),
        "people_trained": len({one.seat.badge for one in stays}),
    }


def waiting(stays: Sequence[Stay]) -> dict[str, float]:
    """Tell how long people waited for a free machine (s)."""
    waited = sorted(one.seat.waited_ms / S for one in stays)
    if not waited:
        return {"median_s": 0.0, "p90_s": 0.0, "most_s": 0.0}
    return {
        "median_s": round(median(waited), 1),
        "p90_s": round(waited[min(int(0.9 * len(waited)), len(waited) - 1)], 1),
        "most_s": round(waited[-1], 1),
    }


def alerts(errands: Sequence[Errand], noted: Sequence[Call]) -> dict[str, Any]:
    """Count alerts by severity and code, and tell how fast somebody was there (s)."""
    reactions = sorted(one.reaction_ms / S for one in errands)
    by_code = Counter(f"{one.call.severity} {one.call.code}" for one in errands)
    by_code.update(f"{one.severity} {one.code}" for one in noted)
    return {
        "raised": len(errands) + len(noted),
        "by_code": dict(sorted(by_code.items())),
        "answered": len(errands),
        "sent_home": len({one.call.badge for one in errands if one.goes_home}),
        "reaction_median_s": round(median(reactions), 1) if reactions else None,
        "reaction_most_s": round(reactions[-1], 1) if reactions else None,
        "by_therapist": dict(sorted(Counter(str(one.therapist) for one in errands).items())),
    }


def utilisation(machines: Mapping[str, str], stays: Sequence[Stay], day_ms: int) -> dict[str, dict[str, Any]]:
    """Tell by machine how much of the day somebody trained there (%), sessions and reps."""
    found = {}
    for machine in machines:
        own = [one for one in stays if one.seat.machine == machine]
        busy_ms = sum(one.ends_ms - one.seat.begins_ms for one in own)
        found[machine] = {
            "percent": round(100 * busy_ms / day_ms, 1) if day_ms else 0.0,
            "sessions": len(own),
            "reps": sum(one.reps for one in own),
        }
    return found
