"""One search box over people, machines, sites, alerts and sessions."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.client import Client, Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that fits; `hint`: code of a person, kind of a machine, code of an alert."""

    what: str
    id: str
    name: str
    hint: str
    active: bool
    patient: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What fits, the best first."""

    items: tuple[Hit, ...]


def search_everything(client: Client, asked: str) -> Hits | Failure:
    """Ask for whatever fits."""
    return client.get("/v1/search", Hits, q=asked)
