"""The alert inbox, and what staff do with an alert."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.api.floor import Person
from dashboard.api.terms import Reason
from dashboard.client import Client, Failure, File, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the staff."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues:
    """Who may take an alert, by name."""

    items: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert; `sounds`: red, and nobody has acknowledged it for a minute."""

    id: str
    code: str
    severity: str
    reason: Reason
    state: str
    machine: str | None
    machine_name: str | None
    patient: Person | None
    raised_at: datetime
    handled_by: Colleague | None
    assigned_to: Colleague | None
    muted_until: datetime | None
    resolved_at: datetime | None
    resolved_why: str | None
    sounds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is announced as one; code `several`: what had to wait for its turn."""

    id: str
    code: str
    severity: str
    announced_at: datetime
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Groups, the newest first; `held_back`: left out until announced; `next`: of older ones."""

    light: str
    groups: tuple[Group, ...]
    held_back: int
    sounds: bool
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many alerts nobody has acknowledged."""

    red: int
    amber: int
    sounds: bool


def list_alerts(client: Client, filters: dict[str, str]) -> Inbox | Failure:
    """Ask for the alerts that fit, in groups."""
    return client.get("/v1/alerts", Inbox, **filters)


def export_alerts(client: Client, filters: dict[str, str]) -> File | Failure:
    """Ask for the same alerts as a table."""
    return client.get_file("/v1/alerts.csv", "alerts.csv", **filters)


def count_alerts(client: Client) -> Waiting | Failure:
    """Ask how many alerts nobody has acknowledged."""
    return client.get("/v1/alerts/waiting", Waiting)


def list_colleagues(client: Client) -> Colleagues | Failure:
    """Ask who may take an alert."""
    return client.get("/v1/alerts/colleagues", Colleagues)


def acknowledge_alert(client: Client, alert: str) -> Failure | None:
    """Say that somebody is on it."""
    return _act(client, alert, "acknowledge")


def assign_alert(client: Client, alert: str, staff: str) -> Failure | None:
    """Hand it to somebody."""
    return _act(client, alert, "assign", {"staff": staff})


def mute_alert(client: Client, alert: str, until: datetime) -> Failure | None:
    """Hide it until a moment within a week."""
    return _act(client, alert, "mute", {"until": until.isoformat()})


def resolve_alert(client: Client, alert: str, why: str) -> Failure | None:
    """Say that its cause is gone, and in a word how."""
    return _act(client, alert, "resolve", {"why": why})


def undo_alert(client: Client, alert: str) -> Failure | None:
    """Take one's own last act back."""
    return _act(client, alert, "undo")


def _act(client: Client, alert: str, what: str, body: dict[str, Any] | None = None) -> Failure | None:
    return client.do(Order(path=path("/v1/alerts/{}/{}", alert, what), body=body))
