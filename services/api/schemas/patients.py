"""Patients: the list, the page's head, and the stations with limits and dose."""

from typing import Literal

from pydantic import Field

from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import (
    At,
    ClinicalDeg,
    Count,
    Deg,
    Dose,
    Id,
    Kg,
    Kind,
    Light,
    Mode,
    Name,
    Nrs,
    Phase,
    Profile,
    Reason,
    Side,
    Years,
)


class PatientRow(Shape):
    """One line of the list; `attention` says why somebody should look."""

    id: Id
    code: str = Field(description="what the patient types at a machine", examples=["P-0007"])
    name: Name
    age_years: Years
    sex: Literal["female", "male"] = Field(examples=["female"])
    profile: Profile
    phase: Phase | None
    light: Light
    last_visit_at: At | None
    visits: Count
    flags: list[str] = Field(examples=[["calibrating"]])
    attention: list[Reason]


class SideLimits(Shape):
    """Angles that one side may use."""

    side: Side
    lowest_deg: Deg
    highest_deg: Deg
    clinical_lowest_deg: ClinicalDeg
    clinical_highest_deg: ClinicalDeg


class Limits(Shape):
    """What a clinician signed for one kind of machine; the machine enforces it by itself."""

    version: Count
    max_load_kg: Kg
    phase_cap_kg: Kg
    ranges: list[SideLimits]
    signed_by: Name
    signed_at: At | None
    valid_until: At


class SideDose(Shape):
    """The dose in force for one side."""

    side: Side
    mode: Mode
    at: At
    dose: Dose


class Station(Shape):
    """One kind of machine in a patient's circuit."""

    kind: Kind
    sides: list[Side]
    phase: Phase | None
    last_trained_at: At | None
    limits: Limits | None
    doses: list[SideDose]


class Patient(PatientRow):
    """The head of the patient page with all stations."""

    mass_kg: Kg
    language: str = Field(examples=["zh-HK"])
    baseline_nrs: Nrs | None = Field(
        description="median pain before training of the last three visits, at most 6", examples=[4]
    )
    back_pain: bool = Field(examples=[True])
    osteoporosis: bool = Field(examples=[False])
    hypermobile: bool = Field(examples=[False])
    stations: list[Station]
    proposed_kinds: list[Kind] = Field(
        description="where wider limits wait for a second person", examples=[["trunk_rotation"]]
    )
    zone: str = Field(description="time zone of the person's site", examples=["Asia/Hong_Kong"])
