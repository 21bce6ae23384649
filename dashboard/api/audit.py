"""The audit: who did what to which thing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.client import Client, Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One link of the chain; words of people and health values in `detail` are digests."""

    number: int
    at: datetime
    actor: str
    action: str
    thing: str
    thing_id: str
    detail: dict[str, Any]
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """One page of entries, newest first; `next` is the cursor of the following one."""

    items: tuple[AuditEntry, ...]
    next: str | None


def list_audit(client: Client, wanted: dict[str, str], limit: int) -> AuditPage | Failure:
    """Ask for the newest entries; `wanted` may name `actor`, `action`, `thing_id`."""
    given = {name: value for name, value in wanted.items() if value}
    return client.get("/v1/audit", AuditPage, limit=limit, **given)
