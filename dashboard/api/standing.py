"""What staff laid down for a person and nobody has taken back."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.client import Client, Failure, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A preset of today (`machine` None: for the whole person), a hold or an override."""

    id: str
    kind: str
    machine: str | None
    session: str | None
    side: str | None
    reason: str
    by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """Everything that holds now."""

    items: tuple[Standing, ...]


def list_standing(client: Client, patient: str) -> InForce | Failure:
    """Ask for the presets of today, the holds and the overrides of one person."""
    return client.get(path("/v1/patients/{}/standing", patient), InForce)
