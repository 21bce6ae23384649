"""The way of a therapy: programmes with goals, phases with what it takes to leave them, signed capacity."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal, where the person stands, and whether it is reached; `of`: a machine kind or questionnaire."""

    what: str
    of: str | None
    target: float
    week: int
    unit: str
    now: float | None
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme and how far it is; `ended_why` None: it runs."""

    id: str
    version: int
    starts_day: date
    weeks: int
    visits_a_week: int
    week: int
    visits_planned: int
    visits_kept: int
    stations: dict[str, tuple[str, ...]]
    goals: tuple[Goal, ...]
    ended_why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programmes:
    """Programmes, newest first."""

    items: tuple[Programme, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGoal:
    """A goal to set: kilograms, degrees, pain or a score, by a week."""

    what: str
    of: str | None
    target: float
    week: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgramme:
    """A programme to start; stations in the order of the circuit, by phase."""

    starts_day: date
    weeks: int
    visits_a_week: int
    stations: dict[str, list[str]]
    goals: tuple[NewGoal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseCondition:
    """One condition for leaving a phase."""

    code: str
    have: float
    need: float
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPhase:
    """One side of one station; `next`: what a clinician may sign now."""

    kind: str
    side: str
    phase: str
    next: str | None
    conditions: tuple[PhaseCondition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseChange:
    """A change of phase as a clinician signed it."""

    at: datetime
    left_phase: str | None
    phase: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """Where a person stands: the most careful phase, every station, and the changes."""

    phase: str | None
    stations: tuple[StationPhase, ...]
    history: tuple[PhaseChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPhase:
    """The phase, and the kinds whose limits still say another one."""

    phase: str
    limits_to_sign: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What the belief proposes on one kind of machine, what is signed, and the caps of the phases from it."""

    kind: str
    proposed_kg: float
    signed_kg: float | None
    signed_by: str | None
    signed_at: datetime | None
    reason: str | None
    caps_kg: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacities:
    """Capacity of every kind of machine of a person."""

    items: tuple[Capacity, ...]


def list_programmes(client: Client, patient: str) -> Programmes | Failure:
    """Ask for the programmes of a person."""
    return client.get(path("/v1/patients/{}/programmes", patient), Programmes)


def start_programme(client: Client, patient: str, new: NewProgramme) -> Failure | None:
    """Start a programme; the one that runs is replaced by it."""
    body = asdict(new) | {"starts_day": new.starts_day.isoformat()}
    return client.do(Order(path=path("/v1/patients/{}/programmes", patient), body=body))


def end_programme(client: Client, patient: str, why: str) -> Failure | None:
    """End the programme that runs: `finished` or `stopped`."""
    return client.do(Order(path=path("/v1/patients/{}/programmes/end", patient), body={"why": why}))


def read_phase(client: Client, patient: str) -> Phases | Failure:
    """Ask for the phase of every station."""
    return client.get(path("/v1/patients/{}/phase", patient), Phases)


def change_phase(
    client: Client, patient: str, phase: str, reason: str, *, despite: bool
) -> ChangedPhase | Failure:
    """Sign another phase; `despite`: although conditions are not met."""
    body = {"phase": phase, "reason": reason, "despite": despite}
    where = path("/v1/patients/{}/phase", patient)
    return client.send(Order(method="PUT", path=where, body=body), ChangedPhase)


def list_capacity(client: Client, patient: str) -> Capacities | Failure:
    """Ask what the belief proposes and what is signed on each kind of machine."""
    return client.get(path("/v1/patients/{}/capacity", patient), Capacities)


def countersign_capacity(
    client: Client, patient: str, kind: str, capacity_kg: float, reason: str
) -> Failure | None:
    """Countersign a capacity."""
    body = {"kind": kind, "capacity_kg": capacity_kg, "reason": reason}
    return client.do(Order(path=path("/v1/patients/{}/capacity", patient), body=body))
