"""Which rules of the protocol a machine keeps, as the conformance kit found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFound:
    """One rule: what the kit does, what it must see, what it found, and the messages that show it."""

    id: str
    does: str
    sees: str
    result: str
    note: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """One report; in a list `rules` are the broken ones alone. `left_out` pieces of evidence did not fit."""

    id: str
    tested_at: datetime
    uploaded_at: datetime
    uploaded_by: str
    level: str
    kit: str
    protocol: str
    firmware: str
    passed: int
    failed: int
    skipped: int
    problem: str | None
    left_out: int
    rules: tuple[RuleFound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformancePage:
    """The newest reports of a machine; `next`: there are older ones."""

    items: tuple[Conformance, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptConformance:
    """The report that was kept."""

    id: str


def list_conformance(client: Client, machine: str, limit: int) -> ConformancePage | Failure:
    """Ask for the newest reports of a machine."""
    return client.get(path("/v1/machines/{}/conformance", machine), ConformancePage, limit=limit)


def read_conformance(client: Client, machine: str, report: str) -> Conformance | Failure:
    """Ask for one report with every rule."""
    return client.get(path("/v1/machines/{}/conformance/{}", machine, report), Conformance)


def record_conformance(client: Client, machine: str, report: dict[str, Any]) -> KeptConformance | Failure:
    """Hand in what the kit wrote."""
    order = Order(path=path("/v1/machines/{}/conformance", machine), body=report)
    return client.send(order, KeptConformance)
