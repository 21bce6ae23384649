"""Who needs somebody, and why."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.api.floor import Person
from dashboard.api.terms import Reason
from dashboard.client import Client, Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(Reason):
    """One reason and since when; `alerts`: those behind it that nobody has acknowledged."""

    since: datetime
    alerts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A person who needs somebody; the heaviest reason first."""

    patient: Person
    light: str
    weight: int
    reasons: tuple[Cause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Everybody who needs somebody, the most urgent first."""

    items: tuple[Need, ...]


def list_needs(client: Client) -> Needs | Failure:
    """Ask who needs somebody."""
    return client.get("/v1/needs", Needs)
