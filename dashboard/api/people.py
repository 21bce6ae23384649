"""People: the list, and the head of one person's page."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.api.terms import Dose, Reason
from dashboard.client import PAGE_ROWS, Client, Failure, path


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

    mass_kg: float
    language: str
    baseline_nrs: int | None
    stations: tuple[Station, ...]
    proposed_kinds: tuple[str, ...]  # where wider limits wait for a second person
    zone: str  # of the person's site


def list_patients(client: Client, search: str = "") -> PatientPage | Failure:
    """Ask for the people whose name or code contains `search` (empty: everybody)."""
    return client.get("/v1/patients", PatientPage, search=search, limit=PAGE_ROWS)


def read_patient(client: Client, patient: str) -> Patient | Failure:
    """Ask for the header of one person."""
    return client.get(path("/v1/patients/{}", patient), Patient)
