"""Sessions as they were recorded: sets, reps, answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.insights import dose
from services.insights.dose import Dose
from services.insights.floor import Person, in_force
from services.insights.units import at, at_or_none, clinical_deg, kg
from services.store.reading.keyset import Record, Rows
from services.store.reading.sessions import SessionRows


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One line of the list of sessions."""

    session: str
    machine: str
    kind: str | None
    opened_at: datetime
    closed_at: datetime | None
    sets: int
    reps: int
    pain_before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepRow:
    """One repetition; `curve` only when it was asked for and is kept."""

    rep: int
    at: datetime
    load_kg: float
    start_deg: float
    end_deg: float
    clinical_start_deg: float
    clinical_end_deg: float
    concentric_s: float
    hold_s: float
    eccentric_s: float
    peak_torque_nm: float
    mean_torque_nm: float
    work_j: float
    mean_speed_deg_s: float
    peak_speed_deg_s: float
    smoothness: float
    quality: tuple[str, ...]
    curve: Mapping[str, Sequence[float]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRow:
    """One set with its reps."""

    set: int
    side: str
    setting: str | None
    dose: Dose | None
    ended_by: str | None
    duration_s: float | None
    reps: tuple[RepRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """What the person said."""

    at: datetime
    question: str
    set: int | None
    value: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A whole session."""

    session: str
    machine: str
    kind: str | None
    patient: Person | None
    opened_at: datetime
    closed_at: datetime | None
    sets: tuple[SetRow, ...]
    answers: tuple[AnswerRow, ...]


def listing(rows: Rows) -> tuple[SessionRow, ...]:
    """Draw one page of the list."""
    return tuple(
        SessionRow(
            session=row.id,
            machine=row.machine,
            kind=row.kind,
            opened_at=at(row.opened_ms),
            closed_at=at_or_none(row.closed_ms),
            sets=row.sets,
            reps=row.reps,
            pain_before=row.pain_before,
        )
        for row in rows
    )


def page(head: Record, rows: SessionRows) -> Session:
    """Draw one session; sets that have reps or an end are shown, planned ones are not."""
    begun = {row.set_number for row in rows.reps} | {row.set_number for row in rows.ends}
    return Session(
        session=head.id,
        machine=head.machine,
        kind=head.kind,
        patient=Person(id=head.patient_id, name=head.name) if head.patient_id else None,
        opened_at=at(head.opened_ms),
        closed_at=at_or_none(head.closed_ms),
        sets=tuple(_set(number, head.kind, rows) for number in sorted(begun)),
        answers=tuple(_answer(row) for row in rows.answers),
    )


def _set(number: int, kind: str | None, rows: SessionRows) -> SetRow:
    reps = [row for row in rows.reps if row.set_number == number]
    end = next((row for row in rows.ends if row.set_number == number), None)
    setting_id = end.setting_id if end else reps[-1].setting_id
    named = next((row for row in rows.settings if row.id == setting_id), None)
    setting = named or in_force(rows.settings, number)
    return SetRow(
        set=number,
        side=end.side if end else reps[-1].side,
        setting=setting_id,
        dose=dose.of_setting(setting, kind) if setting else None,
        ended_by=end.ended_by if end else None,
        duration_s=end.duration_s if end else None,
        reps=tuple(_rep(row, kind) for row in reps),
    )


def _rep(row: Record, kind: str | None) -> RepRow:
    return RepRow(
        rep=row.rep_number,
        at=at(row.wall_ms),
        load_kg=kg(row.load_g),
        start_deg=row.start_deg,
        end_deg=row.end_deg,
        clinical_start_deg=clinical_deg(kind, row.start_deg),
        clinical_end_deg=clinical_deg(kind, row.end_deg),
        concentric_s=row.concentric_s,
        hold_s=row.hold_s,
        eccentric_s=row.eccentric_s,
        peak_torque_nm=row.peak_torque_nm,
        mean_torque_nm=row.mean_torque_nm,
        work_j=row.work_j,
        mean_speed_deg_s=row.mean_speed_deg_s,
        peak_speed_deg_s=row.peak_speed_deg_s,
        smoothness=row.smoothness,
        quality=tuple(row.quality),
        curve=getattr(row, "curve", None),
    )


def _answer(row: Record) -> AnswerRow:
    return AnswerRow(
        at=at(row.wall_ms),
        question=row.question,
        set=row.set_number,
        value=row.number if row.number is not None else row.word or "",
    )
