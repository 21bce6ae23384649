"""What the API answers: only the values that a screen shows, in the units of their names.

Angles called `clinical_…_deg` are as clinicians read them; a plain `…_deg` is travel of the machine.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Why = Literal["unreachable", "missing", "refused", "broken", "garbled", "signed_out", "forbidden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no answer: a sentence for the screen and, where the service gave one, its status."""

    reason: Why
    status: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason: its code and the sentence in both languages."""

    code: str
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which service this is; `zone` is the studio's, `attention` what staff must know of the studio."""

    name: str
    version: str
    demo: bool
    zone: str
    attention: tuple[Reason, ...] = ()
    sign_in: bool = False  # nothing is shown to people who have not signed in


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who has signed in; `patient` is the own id of a patient."""

    id: str
    name: str
    role: str
    patient: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who sits at a machine."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSetting:
    """The newest setting sent to a machine."""

    at: datetime
    state: str
    why: tuple[Reason, ...]
    refusal: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One machine on the floor."""

    machine: str
    name: str
    kind: str | None
    online: bool
    state: str
    light: str
    attention: tuple[Reason, ...]
    patient: Person | None
    set: int | None
    side: str | None
    sets_planned: int | None
    rep: int | None
    reps_planned: int | None
    load_kg: float | None
    clinical_start_deg: float | None
    clinical_end_deg: float | None
    last_setting: LastSetting | None
    seen_at: datetime | None
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many machines carry each light."""

    red: int
    amber: int
    fine: int
    idle: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """All machines of the studio at one moment."""

    as_of: datetime
    summary: Summary
    items: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRow:
    """One person in the list."""

    id: str
    code: str
    name: str
    age_years: int
    sex: str
    profile: str
    phase: str | None
    light: str
    last_visit_at: datetime | None
    visits: int
    flags: tuple[str, ...]
    attention: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientPage:
    """One page of the list; `next` is the cursor of the following one."""

    items: tuple[PatientRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SideLimits:
    """Angles that one side may use."""

    side: str
    clinical_lowest_deg: float
    clinical_highest_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a clinician signed for one kind of machine."""

    version: int
    max_load_kg: float
    phase_cap_kg: float
    ranges: tuple[SideLimits, ...]
    signed_by: str
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """Weight, amplitude and work time of a set; `work_s` 0 = by repetitions."""

    load_kg: float
    clinical_start_deg: float
    clinical_end_deg: float
    reps: int
    work_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SideDose:
    """The dose in force for one side."""

    side: str
    dose: Dose


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One kind of machine that this person trains on."""

    kind: str
    sides: tuple[str, ...]
    phase: str | None
    limits: Limits | None
    doses: tuple[SideDose, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient(PatientRow):
    """The head of a patient page."""

    baseline_nrs: int | None
    stations: tuple[Station, ...]
