"""What staff order on the floor: holds, doses of their own, presets of a day, settings that wait for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.api.floor import Person
from dashboard.api.terms import Reason
from dashboard.client import USUAL_UNIT, Client, Failure, Order, in_unit, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A hold or an override as the service keeps it.

    `delivery`: sent, applied, refused, not_delivered (nothing heard for 2 s), standing (an override).
    """

    id: str
    kind: str
    machine: str
    session: str | None
    side: str | None
    from_set: int | None
    load_kg: float | None
    reps: int | None
    reason: str
    by: str
    made_at: datetime
    delivery: str
    refusal: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllGiven:
    """Orders, the newest first."""

    items: tuple[Given, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a session that runs was told by a preset; `refusal`: why it was told nothing."""

    session: str
    machine: str
    side: str | None
    load_kg: float | None
    refusal: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidDown:
    """A preset of the day, and what the sessions that run were told."""

    id: str
    sent: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A setting that waits until staff confirm it, where the model only advises."""

    id: str
    machine: str
    machine_name: str
    kind: str
    patient: Person
    set: int
    side: str
    load_kg: float
    clinical_start_deg: float
    clinical_end_deg: float
    reps: int
    work_s: float
    why: tuple[Reason, ...]
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Everything that waits, the oldest first."""

    items: tuple[Proposal, ...]


def hold_machine(client: Client, machine: str, action: str, reason: str, key: str) -> Given | Failure:
    """Stop, pause or freeze a machine (`action`); the answer is "sent", `read_hold` tells more."""
    body = {"action": action, "reason": reason}
    return client.send(Order(path=path("/v1/machines/{}/hold", machine), body=body, key=key), Given)


def read_hold(client: Client, machine: str) -> AllGiven | Failure:
    """Ask which holds of a machine nobody has released, and whether it has heard them."""
    return client.get(path("/v1/machines/{}/hold", machine), AllGiven)


def release_machine(client: Client, machine: str) -> Failure | None:
    """Take the holds of a machine back; one that stands still is let go by who stands there."""
    return client.do(Order(path=path("/v1/machines/{}/release", machine)))


def override_session(client: Client, session: str, wish: dict[str, Any], key: str) -> Given | Failure:
    """Put staff's dose above the model's: `side`, `because`, `reason`, and `load_kg` or `reps`."""
    return client.send(Order(path=path("/v1/sessions/{}/override", session), body=wish, key=key), Given)


def give_back_session(client: Client, session: str, side: str | None = None) -> Failure | None:
    """Let the model choose again, for a side or for all."""
    return client.do(Order(path=path("/v1/sessions/{}/give-back", session), body={"side": side}))


def lay_down_preset(client: Client, patient: str, wish: dict[str, str], key: str) -> LaidDown | Failure:
    """Let a preset hold for the whole person today: `kind`, `reason`; a swap names `station` and `into`."""
    where = path("/v1/patients/{}/presets", patient)
    return client.send(Order(path=where, body=wish, key=key), LaidDown)


def end_preset(client: Client, preset: str) -> Failure | None:
    """Take a preset back for the sessions to come."""
    return client.do(Order(path=path("/v1/presets/{}/end", preset)))


def list_proposals(client: Client, unit: str = USUAL_UNIT) -> Proposals | Failure:
    """Ask which settings wait for staff, weights of their reasons in a unit."""
    return client.get("/v1/proposals", Proposals, **in_unit(unit))


def confirm_setting(client: Client, setting: str) -> Failure | None:
    """Send a setting that waited."""
    return client.do(Order(path=path("/v1/settings/{}/confirm", setting)))
