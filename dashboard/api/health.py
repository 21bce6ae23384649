"""What excludes a person from machines, and what else was asked at enrolment and since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dashboard.client import Client, Failure, Order, path

EVERY_KIND = "*"  # a condition that closes every kind of machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of the catalogue and the kinds of machine that it closes."""

    name: str
    group: str
    closes: tuple[str, ...]
    weeks: int | None
    emergency: bool
    decompression: bool
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The catalogue."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A condition as it was told, and who cleared it."""

    id: str
    condition: str
    text_en: str
    text_zh: str
    since_day: date | None
    note: str
    entered_at: datetime
    ends_at: datetime | None
    open: bool
    closes: tuple[str, ...]
    cleared_at: datetime | None
    cleared_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The newest statement of one purpose."""

    purpose: str
    version: str
    given: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """A measured blood pressure."""

    at: datetime
    systolic_mmhg: int
    diastolic_mmhg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A badge or PIN, without what it says."""

    kind: str
    locked: bool


Places = Mapping[str, int | str]  # where seat and pads stand on one machine


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFile:
    """What was asked at enrolment and since."""

    id: str
    site: str
    height_m: float
    archived_at: datetime | None
    exclusions: tuple[Exclusion, ...]
    closed_kinds: tuple[str, ...]
    pressures: tuple[Pressure, ...]
    consents: tuple[Consent, ...]
    cards: tuple[Card, ...]
    pain_signed: bool
    baseline_nrs: int
    baseline_signed_nrs: int | None
    baseline_signed_until: datetime | None
    finds_neutral: bool = False
    set_up: Mapping[str, Places] = field(default_factory=dict)  # by machine kind


def list_conditions(client: Client) -> Conditions | Failure:
    """Ask for the conditions that are asked for, with the machines that each closes."""
    return client.get("/v1/conditions", Conditions)


def read_patient_file(client: Client, patient: str) -> PatientFile | Failure:
    """Ask for exclusions, blood pressure, consents, badge and PIN (not what they say)."""
    return client.get(path("/v1/patients/{}/file", patient), PatientFile)


def read_file_version(client: Client, patient: str) -> tuple[PatientFile, str] | Failure:
    """Ask for the same with its ETag, which a change of `set_up` must name."""
    return client.get_version(path("/v1/patients/{}/file", patient), PatientFile)


def exclude_patient(client: Client, patient: str, entry: dict[str, Any]) -> Failure | None:
    """Enter a condition: `condition`, `since_day` where it ends by itself, `note`."""
    return client.do(Order(path=path("/v1/patients/{}/exclusions", patient), body=entry))


def clear_exclusion(client: Client, patient: str, exclusion: str, reason: str) -> Failure | None:
    """Clear a condition: a clinician has seen the person."""
    where = path("/v1/patients/{}/exclusions/{}/clearance", patient, exclusion)
    return client.do(Order(path=where, body={"reason": reason}))


def clear_symptoms(client: Client, patient: str, reason: str) -> Failure | None:
    """Clear the new symptoms that the person told at machines until now."""
    return client.do(Order(path=path("/v1/patients/{}/symptoms/clearance", patient), body={"reason": reason}))


def enter_blood_pressure(client: Client, patient: str, systolic: int, diastolic: int) -> Failure | None:
    """Enter a measured blood pressure (mmHg)."""
    body = {"systolic_mmhg": systolic, "diastolic_mmhg": diastolic}
    return client.do(Order(path=path("/v1/patients/{}/blood-pressure", patient), body=body))


def state_consent(client: Client, patient: str, consent: dict[str, Any]) -> Failure | None:
    """Keep what the person agrees to, or no longer does: `purpose`, `version`, `given`."""
    return client.do(Order(path=path("/v1/patients/{}/consents", patient), body=consent))


def sign_pain(client: Client, patient: str, what: str) -> Failure | None:
    """Sign that doses may rise with the pain that this person has: `settled` or `baseline`."""
    where = path("/v1/patients/{}/pain-signature", patient)
    return client.do(Order(method="PUT", path=where, body={"what": what}))


def take_back_pain_signature(client: Client, patient: str, what: str) -> Failure | None:
    """Take such a signature back."""
    where = path("/v1/patients/{}/pain-signature/withdraw", patient)
    return client.do(Order(path=where, body={"what": what}))


def set_profile(client: Client, patient: str, profile: str, reason: str) -> Failure | None:
    """Release a healthy member to the studio profile, or take back into rehabilitation."""
    where = path("/v1/patients/{}/profile", patient)
    return client.do(Order(method="PUT", path=where, body={"profile": profile, "reason": reason}))
