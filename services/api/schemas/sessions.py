"""Sessions: sets, reps and answers as they were recorded."""

from typing import Literal

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import (
    At,
    ClinicalDeg,
    Count,
    Deg,
    DegS,
    Dose,
    EndedBy,
    Id,
    Joule,
    Kg,
    Kind,
    MachineId,
    Nm,
    Nrs,
    Person,
    Question,
    Seconds,
    Side,
)


class SessionRow(Shape):
    """One session of a patient; `closed_at` is null while it runs."""

    session: Id
    machine: MachineId
    kind: Kind | None
    opened_at: At
    closed_at: At | None
    sets: Count
    reps: Count
    pain_before: Nrs | None


class RepCurve(Shape):
    """Torque over angle of one rep, 32 points evenly spaced in time."""

    deg: list[Deg]
    nm: list[Nm]


class RepRow(Shape):
    """One repetition with all its figures; `at`: when it was over."""

    rep: Count
    at: At
    load_kg: Kg
    start_deg: Deg
    end_deg: Deg
    clinical_start_deg: ClinicalDeg
    clinical_end_deg: ClinicalDeg
    concentric_s: Seconds
    hold_s: Seconds
    eccentric_s: Seconds
    peak_torque_nm: Nm
    mean_torque_nm: Nm
    work_j: Joule
    mean_speed_deg_s: DegS
    peak_speed_deg_s: DegS
    smoothness: float = Field(
        description="SPARC of the concentric phase; nearer 0 is smoother", examples=[-1.9]
    )
    quality: list[Literal["partial", "assisted", "sensor", "posture", "paced", "warm_up", "test"]] = Field(
        examples=[[]]
    )
    curve: RepCurve | None


class SetRow(Shape):
    """One set; `ended_by` is null while it runs."""

    set: Count
    side: Side
    setting: Id | None
    dose: Dose | None = Field(description="the setting as sent; null when it is not known")
    ended_by: EndedBy | None
    duration_s: Seconds | None
    reps: list[RepRow]


class AnswerRow(Shape):
    """What the person said."""

    at: At
    question: Question
    set: Count | None
    value: int | str = Field(examples=["1-2"])


class Session(Shape):
    """A whole session."""

    session: Id
    machine: MachineId
    kind: Kind | None
    patient: Person | None
    opened_at: At
    closed_at: At | None
    sets: list[SetRow]
    answers: list[AnswerRow]
