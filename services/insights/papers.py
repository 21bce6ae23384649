"""Home exercises with their adherence, questionnaires judged, tests: what stands beside training. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from ml.progress.outcomes import Change, Improved, InsideError, Worse
from ml.progress.trend import NotEnough
from services.insights.units import at, deg, seconds
from services.store.reading.keyset import Rows

LOOKED_BACK_DAYS: Final = 14
WEEK_DAYS: Final = 7
VERDICTS: Final[dict[type, str]] = {Improved: "improved", Worse: "worse", InsideError: "inside_error"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """How often an exercise was done in the last fourteen days."""

    days_done: int
    days_expected: int
    adherence_pct: float | None
    done_today: bool


def adherence(row: Any, ticks: Rows, today: str) -> Adherence:
    """Count the days of the last fourteen on which an exercise was ticked off, against what was asked."""
    now = date.fromisoformat(today)
    begin = max(now - timedelta(days=LOOKED_BACK_DAYS - 1), date.fromisoformat(row.from_day))
    mine = {tick.day for tick in ticks if (tick.source, tick.item) == ("home", row.exercise)}
    done = {day for day in mine if begin.isoformat() <= day <= today}
    asked_days = (now - begin).days + 1
    expected = round(asked_days * min(row.times_a_week, WEEK_DAYS) / WEEK_DAYS)
    share = None if expected == 0 else round(min(100.0 * len(done) / expected, 100.0), 1)
    return Adherence(
        days_done=len(done), days_expected=expected, adherence_pct=share, done_today=today in mine
    )


def judged(instrument: str, found: Change) -> Mapping[str, Any]:
    """Say what a change of scores means."""
    verdict = VERDICTS.get(type(found), "not_enough_data")
    if isinstance(found, NotEnough):
        return {"instrument": instrument, "verdict": verdict, "by": None, "needed": None}
    return {"instrument": instrument, "verdict": verdict, "by": found.by, "needed": found.needed}


def scored(rows: Rows) -> Sequence[Mapping[str, Any]]:
    """Show the questionnaires that were answered."""
    return [
        {
            "id": row.id,
            "instrument": row.instrument,
            "week": row.week,
            "score": row.score,
            "at": at(row.at_ms),
        }
        for row in rows
    ]


def tries(rows: Rows) -> Sequence[Mapping[str, Any]]:
    """Show the tries of tests."""
    return [
        {
            "kind": row.kind,
            "test": "strength" if row.mode == "isometric" else "mobility",
            "side": row.side,
            "angle_deg": deg(row.angle_cdeg),
            "peak_nm": row.peak_torque_nm,
            "mean_3s_nm": row.mean_3s_nm,
            "range_deg": row.range_deg,
            "attempt": row.attempt,
            "at": at(row.wall_ms),
        }
        for row in rows
    ]


def home(row: Any, exercise: Mapping[str, Any], kept: Adherence) -> Mapping[str, Any]:
    """Show an exercise for home."""
    return {
        "id": row.id,
        "exercise": exercise,
        "sets": row.sets,
        "reps": row.reps,
        "hold_s": seconds(row.hold_ms),
        "times_a_week": row.times_a_week,
        "since": at(row.made_ms),
        "days_done": kept.days_done,
        "days_expected": kept.days_expected,
        "adherence_pct": kept.adherence_pct,
        "done_today": kept.done_today,
    }
