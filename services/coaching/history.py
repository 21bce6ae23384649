"""What a person's past means for today: caps of the guard, flags, ceiling, baseline. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median
from typing import Any, cast
from zoneinfo import ZoneInfo

from contract.envelope import SESSION_PERCENT
from contract.machines import MachineKind
from contract.messages import Flag, History, NextStation, Profile, Side
from ml.belief import priors
from ml.request import Person, SessionSummary
from services.coaching.case import SideFrame
from services.store.visits import Trouble

DAY_MS = 86_400_000
CALIBRATING_SESSIONS = 4  # on a kind of machine (safety page, invariant 3)
AWAY_DAYS = 15  # from here on the ladder of the clinical page holds, and nothing rises
BASELINE_VISITS, BASELINE_MOST = 3, 6  # clinical page: B
STUDIO_CEILING = 0.6  # of the prior's mean capacity while calibrating (adjustment page, profile studio)
G = 1_000
EVERY_KIND, UNTIL_CLEARED = "*", 0  # in a patient's flag "excluded": {station: ms when it ends by itself}


def studio_day(wall_ms: int, time_zone: str) -> str:
    """Return the date of a moment in the studio's time zone."""
    return datetime.fromtimestamp(wall_ms / 1000, tz=ZoneInfo(time_zone)).date().isoformat()


def person(patient: Any, kind: str, visits: Sequence[Any], now_ms: int) -> Person:
    """Describe who trains from the patient's row and the visits before today (newest first)."""
    flags = patient.flags
    systolic, diastolic = flags.get("blood_pressure", (0, 0))
    signed = flags.get("baseline_signed", {})
    pains = [visit.pain_before for visit in visits if visit.pain_before is not None][:BASELINE_VISITS]
    baseline = round(median(pains)) if pains else patient.baseline_nrs
    return Person(
        age_years=datetime.fromtimestamp(now_ms / 1000, tz=UTC).year - patient.birth_year,
        sex=patient.sex,
        mass_kg=patient.mass_kg,
        baseline_nrs=min(baseline, BASELINE_MOST),
        osteoporosis=bool(flags.get("osteoporosis", False)),
        hypermobile=bool(flags.get("hypermobile", False)),
        back_pain=bool(flags.get("back_pain", True)),
        weak_side=flags.get("weak_side", {}).get(kind),
        systolic_mmhg=systolic,
        diastolic_mmhg=diastolic,
        not_cleared=_is_not_cleared(flags, kind, now_ms),
        pain_signed=bool(flags.get("pain_signed", False)),
        baseline_signed_nrs=signed["nrs"] if now_ms < signed.get("until_ms", 0) else None,
    )


def is_closed(flags: Mapping[str, Any], station: NextStation, now_ms: int) -> bool:
    """Tell whether something that nobody has cleared closes a station today."""
    if station.guided:
        return _is_excluded(flags, (station.name,), now_ms)
    return _is_not_cleared(flags, station.kind, now_ms)


def _is_not_cleared(flags: Mapping[str, Any], kind: str, now_ms: int) -> bool:
    return bool(flags.get("not_cleared", False)) or _is_excluded(flags, (kind, EVERY_KIND), now_ms)


def _is_excluded(flags: Mapping[str, Any], names: Sequence[str], now_ms: int) -> bool:
    closed = flags.get("excluded", {})
    ends = [closed[name] for name in names if name in closed]
    return any(end_ms == UNTIL_CLEARED or now_ms < end_ms for end_ms in ends)


def side_frame(past: Sequence[Any], visit_id: str, now_ms: int) -> SideFrame:
    """Turn the summaries of one side (oldest first) into what it brings into today's session."""
    # Nobody knows in which week the others were; but a cap from these is better than none.
    timely = [row for row in past if not row.skewed] or past
    earlier = [row for row in timely if row.visit_id != visit_id]
    today = [row for row in past if row.visit_id == visit_id]
    before = earlier or timely
    loads = sorted(row.load_g for row in earlier[-3:])
    regular = next((row for row in reversed(earlier) if row.regular), None)
    return SideFrame(
        history=History(
            day_start_g=today[0].first_load_g if today else 0,
            median3_g=loads[(len(loads) - 1) // 2] if loads else 0,
            peak_cdeg=next((row.peak_cdeg for row in reversed(past) if row.peak_cdeg), 0),
            last_regular_g=regular.load_g if regular else 0,
            peak_regular_cdeg=regular.peak_cdeg if regular else 0,
        ),
        session_number=1 + (past[-1].total if past else 0),
        days_away=(now_ms - before[-1].wall_ms) / DAY_MS if before else None,
        past=tuple(_summary(row) for row in past),
    )


def with_tests(
    frame: SideFrame, visits: Sequence[Any], troubles: Mapping[str, Trouble], now_ms: int
) -> SideFrame:
    """Count visits of tests alone, which leave no summary: what hurt is not forgotten, and a gap ends there.

    Away is the longest gap since the last training: tests after a long absence undo nothing of it.
    `visits`: those before today, newest first.
    """
    if not frame.past:
        return frame
    last = frame.past[-1]
    tested = [ms for ms in frame.tested_ms if ms > last.wall_ms]
    of_tests = [one for one in visits if any(0 <= ms - one.started_ms < DAY_MS for ms in tested)]
    if of_tests and frame.days_away is not None:
        here = [last.wall_ms, *sorted(one.started_ms for one in of_tests), now_ms]
        frame = replace(frame, days_away=max(later - at for at, later in pairwise(here)) / DAY_MS)
    worst = max((_worst_nrs(one, troubles.get(one.id, Trouble())) for one in of_tests), default=0)
    if worst <= (last.pain_set or 0):
        return frame
    return replace(frame, past=(*frame.past[:-1], replace(last, pain_set=worst)))


def flags(
    frames: Sequence[SideFrame], past: Sequence[Any], visit_id: str, today: tuple[Flag, ...]
) -> tuple[Flag, ...]:
    """Say what holds for the whole session before the person has answered anything.

    `past`: summaries of all sides, oldest first; `today`: what an earlier session of the day has left behind.
    """
    found: list[Flag] = []
    if min(frame.session_number for frame in frames) <= CALIBRATING_SESSIONS:
        found.append("calibrating")
    away = max((frame.days_away or 0.0 for frame in frames), default=0.0)
    if away >= AWAY_DAYS:
        found.append("no_increase")
    earlier = [row for row in past if row.visit_id != visit_id]
    is_back = bool(earlier) and (away >= AWAY_DAYS or not earlier[-1].regular)
    # Who returns may go back to the last regular load: nobody for whom today itself went wrong.
    is_well = not today and all(row.regular for row in past if row.visit_id == visit_id)
    if is_back and is_well:
        found.append("returning")
    return tuple(dict.fromkeys((*found, *today)))


def of_today(visit: Any, trouble: Trouble, amber_nrs: int) -> tuple[Flag, ...]:
    """Say what holds for the rest of the studio day: signing out and in again resets nothing."""
    worst = _worst_nrs(visit, trouble)
    found: list[Flag] = []
    if trouble.was_reported or worst > amber_nrs:
        found.append("pain_today")
    if visit.spasm:
        found.append("spasm")
    return ("no_increase", *found) if found else ()


def _worst_nrs(visit: Any, trouble: Trouble) -> int:
    return max(visit.pain_before or 0, visit.pain_after or 0, trouble.worst_nrs)


def ceiling_g(who: Person, kind: MachineKind, profile: Profile, frames: Sequence[SideFrame]) -> int:
    """Return the most that a calibrating session may use: a share of the prior, later of the last."""
    if profile == "rehab":
        first = priors.first_visit_most_g(who, kind)
    else:
        first = int(
            priors.prior(who, kind.name, kind.sides[0]).capacity_quantile_kg(0.0) * STUDIO_CEILING * G
        )
    last = max(frame.history.last_regular_g for frame in frames)
    return min(max(first, last * (100 + SESSION_PERCENT) // 100), kind.max_load_g)


def weak_first(sides: Sequence[Side], weak: Side | None) -> tuple[Side, ...]:
    """Put the weak side first."""
    return tuple(sorted(sides, key=lambda side: side != weak))


def _summary(row: Any) -> SessionSummary:
    return SessionSummary(
        wall_ms=row.wall_ms,
        visit=row.visit,
        load_g=row.load_g,
        start_cdeg=row.start_cdeg,
        end_cdeg=row.end_cdeg,
        reps=row.reps,
        work_ms=row.work_ms,
        effort_cr10=row.effort_cr10,
        pain_before=row.pain_before,
        pain_set=row.pain_set,
        morning_nrs=row.morning_nrs,
        flagged_reps=row.flagged_reps,
        raised=cast("Any", row.raised),
        ended_by=row.ended_by,
    )
