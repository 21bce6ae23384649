"""Sessions of a person, and one of them with every repetition."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.api.terms import Dose
from dashboard.client import PAGE_ROWS, Client, Failure, path


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One session in the list, newest first."""

    session: str
    machine: str
    kind: str | None
    opened_at: datetime
    closed_at: datetime | None
    sets: int
    reps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage:
    """One page of sessions; `next` is the cursor of the following one."""

    items: tuple[SessionRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Torque over angle of one repetition (32 points; degrees of travel, Nm)."""

    deg: tuple[float, ...]
    nm: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """One repetition as it was done; `at`: when it was over."""

    rep: int
    at: datetime
    load_kg: float
    clinical_start_deg: float
    clinical_end_deg: float
    concentric_s: float
    hold_s: float
    eccentric_s: float
    peak_torque_nm: float
    work_j: float
    mean_speed_deg_s: float
    smoothness: float
    quality: tuple[str, ...]
    curve: Curve | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDone:
    """One set as it was done."""

    set: int
    side: str
    ended_by: str | None
    dose: Dose | None
    reps: tuple[Repetition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the person answered."""

    at: datetime
    question: str
    set: int | None
    value: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDetail:
    """One session with every repetition and answer."""

    session: str
    machine: str
    kind: str | None
    opened_at: datetime
    sets: tuple[SetDone, ...]
    answers: tuple[Said, ...]


def list_sessions(client: Client, patient: str) -> SessionPage | Failure:
    """Ask for the newest sessions of one person."""
    return client.get(path("/v1/patients/{}/sessions", patient), SessionPage, limit=PAGE_ROWS)


def read_session(client: Client, session: str) -> SessionDetail | Failure:
    """Ask for one session with every repetition and its curve."""
    return client.get(path("/v1/sessions/{}", session), SessionDetail, curves="true")
