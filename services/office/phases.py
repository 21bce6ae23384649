"""Phases: what each station has reached of what its phase asks for, and the clinician's word on it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from math import inf, isinf
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Connection

from contract.machines import catalogue
from contract.messages import Phase
from ml.clinical.phases import BUILD_REPS, PhaseFacts, PhaseVisit, criteria, proposal
from ml.clinical.table import PHASES
from ml.rules.effort_target import CAREFUL_REPS, is_careful
from services.coaching import course, history
from services.insights.patients import PHASES as IN_ORDER
from services.insights.units import at
from services.office.health import note
from services.office.refusal import Act, Refusal, conflict
from services.store import course as courses
from services.store import enrolment, people, programmes
from services.store.reading import patients, progress

HOUR_MS = 3_600_000
BY_CLINICIAN = ("release", "clinician")  # criteria that the clinician's signature itself meets


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition for leaving a phase: how much of it there is, and how much it takes."""

    code: str
    have: float
    need: float
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPhase:
    """One side of one station: its signed phase, what it takes to leave it, and the phase that may follow."""

    kind: str
    side: str
    phase: Phase
    next: Phase | None
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of phase as a clinician signed it."""

    at: datetime
    left_phase: str | None
    phase: str
    by: str
    reason: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """Where a person stands: the most careful phase of all stations, each of them, and the changes."""

    phase: Phase | None
    stations: tuple[StationPhase, ...]
    history: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The phase that the person is in; limits of these kinds still say another."""

    phase: Phase
    conditions: tuple[Condition, ...]
    limits_to_sign: tuple[str, ...]


def current(connection: Connection, patient_id: str) -> Phase | None:
    """Tell the most careful phase that is signed; None without limits."""
    return _most_careful([row.phase for row in patients.signed_limits(connection, [patient_id])])


def of(connection: Connection, patient: Any, now_ms: int) -> Phases:
    """Work out where a person stands."""
    signed = patients.signed_limits(connection, [patient.id])
    stations = tuple(
        one for row in signed for one in _stations(connection, patient, cast("str", row.kind), row, now_ms)
    )
    changes = programmes.changes(connection, patient.id)
    return Phases(
        phase=_most_careful([row.phase for row in signed]),
        stations=stations,
        history=tuple(_change(row) for row in changes),
    )


def change(
    connection: Connection, patient_id: str, wanted: Phase, reason: str, act: Act, *, despite: bool
) -> Changed | Refusal:
    """Sign another phase; conditions that are not met stand in the way unless the clinician says so."""
    patient = enrolment.held(connection, patient_id)
    now = of(connection, patient, act.at_ms)
    if now.phase == wanted and not _differing(connection, patient_id, wanted):
        return conflict("The person is in this phase already.")
    missing = _missing(now, wanted)
    if missing and not despite:
        return conflict(f"Not met: {', '.join(missing)}.")
    conditions = tuple(one for station in now.stations for one in station.conditions)
    row = {
        "id": str(uuid4()),
        "patient_id": patient_id,
        "left_phase": now.phase,
        "phase": wanted,
        "conditions": [asdict(one) for one in conditions],
        "reason": reason,
        "by_id": act.by,
        "by_name": act.name,
        "at_ms": act.at_ms,
    }
    programmes.add_change(connection, row)
    running = programmes.running(connection, patient_id)
    if running is not None and running.stations.get(wanted):
        enrolment.change(connection, patient_id, {"stations": running.stations[wanted]})
    note(connection, patient_id, "patient.phase", act, {"kind": wanted, "reason": reason})
    return Changed(
        phase=wanted, conditions=conditions, limits_to_sign=_differing(connection, patient_id, wanted)
    )


def _missing(now: Phases, wanted: Phase) -> list[str]:
    """Name what stands between the phase of now and a later one; back is always open."""
    if now.phase is None or IN_ORDER.index(wanted) <= IN_ORDER.index(now.phase):
        return []
    skipped = IN_ORDER.index(wanted) - IN_ORDER.index(now.phase) > 1 and wanted != "maintain"
    unmet = {
        one.code
        for station in now.stations
        if station.phase == now.phase
        for one in station.conditions
        if not one.met and one.code not in BY_CLINICIAN
    }
    return sorted(unmet) + (["phases between"] if skipped else [])


def _differing(connection: Connection, patient_id: str, phase: Phase) -> tuple[str, ...]:
    signed = patients.signed_limits(connection, [patient_id])
    return tuple(sorted(row.kind for row in signed if row.phase != phase))


def _stations(
    connection: Connection, patient: Any, kind: str, limits: Any, now_ms: int
) -> list[StationPhase]:
    summaries = progress.summaries(connection, patient.id, kind)
    facts = _Facts(connection, patient, kind, limits, now_ms)
    found = []
    for side in catalogue()[kind].sides:
        of_side = facts.of([row for row in summaries if row.side == side], side)
        judged = tuple(
            Condition(code=one.reason, have=_finite(one.have, one.need), need=one.need, met=one.met)
            for one in criteria(limits.phase, of_side)
        )
        following = proposal(limits.phase, of_side) if limits.phase in ("calm", "restore", "build") else None
        found.append(
            StationPhase(kind=kind, side=side, phase=limits.phase, next=following, conditions=judged)
        )
    return found


class _Facts:
    """Facts of one person on one kind of machine, as the plan gathers them from its request."""

    def __init__(self, connection: Connection, patient: Any, kind: str, limits: Any, now_ms: int) -> None:
        visits = people.past_visits(connection, [(patient.id, patient.origin)])
        self._person = history.person(patient, kind, visits[: history.BASELINE_VISITS], now_ms)
        self._limits = limits
        self._kind = catalogue()[kind]
        self._since_ms = course.phase_since_ms(courses.signings(connection, [(patient.id, kind)])) or 0
        since_ms = now_ms - course.SPASM_DAYS * HOUR_MS * 24
        points = courses.turning_points(connection, [(patient.id, patient.origin)], since_ms)
        spasms = [row.started_ms for row in points if row.spasm]
        self._spasm_free_h = (now_ms - spasms[-1]) / HOUR_MS if spasms else inf

    def of(self, summaries: Sequence[Any], side: str) -> PhaseFacts:
        top = CAREFUL_REPS if is_careful(self._person) else PHASES[self._limits.phase].reps
        return PhaseFacts(
            baseline_nrs=self._person.baseline_nrs,
            visits=tuple(self._visit(row, side) for row in summaries if row.wall_ms >= self._since_ms),
            spasm_free_h=self._spasm_free_h,
            reps_top=min(top[1], BUILD_REPS),
        )

    def _visit(self, row: Any, side: str) -> PhaseVisit:
        low, high = self._kind.default_cdeg
        signed: Mapping[str, int] = self._limits.envelope["sides"].get(side, {})
        low, high = max(low, signed.get("lowest_cdeg", low)), min(high, signed.get("highest_cdeg", high))
        capacity_g = self._limits.phase_cap_g / PHASES[self._limits.phase].load_share
        pains = [pain for pain in (row.pain_before, row.pain_set) if pain is not None]
        return PhaseVisit(
            pain_nrs=max(pains, default=None),
            morning_nrs=row.morning_nrs,
            range_share=(row.end_cdeg - row.start_cdeg) / max(high - low, 1),
            load_share=row.load_g / capacity_g if capacity_g else 0.0,
            reps=row.reps,
            effort_cr10=row.effort_cr10,
        )


def _finite(have: float, need: float) -> float:
    """Show "never" as what is needed: JSON has no infinity."""
    return need if isinf(have) else round(have, 3)


def _most_careful(phases: Sequence[Phase]) -> Phase | None:
    return min(phases, key=IN_ORDER.index, default=None)


def _change(row: Any) -> Change:
    return Change(
        at=at(row.at_ms),
        left_phase=row.left_phase,
        phase=row.phase,
        by=row.by_name,
        reason=row.reason,
        conditions=tuple(Condition(**one) for one in row.conditions),
    )
