"""The evening's signature: what changed on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.api.floor import Person
from dashboard.api.terms import Reason
from dashboard.client import USUAL_UNIT, Client, Failure, Order, in_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the model changed, was refused, or gave way to staff with."""

    decision: str
    patient: Person
    kind: str
    side: str
    set: int
    at: datetime
    raised: str | None
    refusal: str | None
    by_staff: bool
    before_kg: float | None
    load_kg: float
    why: tuple[Reason, ...]
    signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A page of the changes of a studio day; `count`, `open` (nobody has signed): of the whole day."""

    day: str
    count: int
    open: int
    items: tuple[Change, ...]
    next: str | None = None


def list_changes(
    client: Client, day: str, unit: str = USUAL_UNIT, cursor: str | None = None
) -> Changes | Failure:
    """Ask what changed on a studio day, weights of its sentences in a unit; `cursor`: `next` of a page."""
    place = {} if cursor is None else {"cursor": cursor}
    return client.get("/v1/countersign", Changes, day=day, **in_unit(unit), **place)


def countersign_day(client: Client, day: str, decisions: Sequence[str]) -> Failure | None:
    """Sign decisions of a day in one act."""
    return client.do(Order(path="/v1/countersign", body={"day": day, "decisions": list(decisions)}))
