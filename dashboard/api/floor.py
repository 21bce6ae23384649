"""The studio floor: every machine as it is now."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.api.terms import Reason
from dashboard.client import USUAL_UNIT, Client, Failure, in_unit

FLOOR = "/v1/floor"


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
class Hold:
    """What staff have sent to a machine and nobody has released; `delivery` tells whether it has heard."""

    action: str
    made_at: datetime
    delivery: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One machine on the floor; `sounds`: a red alert that nobody acknowledged for a minute."""

    machine: str
    name: str
    kind: str | None
    online: bool
    state: str
    light: str
    attention: tuple[Reason, ...]
    patient: Person | None
    session: str | None
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
    hold: Hold | None
    overridden: bool
    hands_on: bool
    sounds: bool


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
class FreeMachine:
    """A machine that is online and on which nobody trains."""

    machine: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeMachines:
    """The machines to go to next."""

    items: tuple[FreeMachine, ...]


def read_floor(client: Client, unit: str = USUAL_UNIT) -> Floor | Failure:
    """Ask for every machine as it is now, weights of its sentences in a unit."""
    return client.get(FLOOR, Floor, **in_unit(unit))


def list_free_machines(client: Client) -> FreeMachines | Failure:
    """Ask which machines are free now."""
    return client.get("/v1/free-machines", FreeMachines)
