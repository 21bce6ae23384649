"""The chain: each row's seal covers the row and the seal before it, so that no row can change alone."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.audit.canonical import digest

NOTHING_BEFORE = "0" * 64
UNKEYED = ""  # key id of rows that were written without a key (tests, a demo, the time before the chain)
FAULTS_SHOWN = 20
PRUNED = "audit.pruned"  # what retention leaves in place of the rows it took


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it is stored; `id` counts from 1 without gaps."""

    id: int
    at_ms: int
    actor: str
    action: str
    object_kind: str
    object_id: str
    detail: Any  # a mapping; of a forged row that holds no JSON, its text
    key_id: str
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the chain: the last row before it, and that row's seal."""

    id: int = 0
    seal: str = NOTHING_BEFORE


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a chain, signed, to be kept where whoever may write the database may not."""

    id: int
    seal: str
    at_ms: int
    key_id: str
    sig: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Where the chain does not hold, and how."""

    id: int
    what: str


@dataclass(slots=True, kw_only=True)
class Report:
    """What a check found (mutable: it counts); `unkeyed` rows anybody could have written."""

    after: Place | None = None  # where retention has cut
    rows: int = 0
    faults_found: int = 0
    unkeyed: int = 0
    last: Place = field(default_factory=Place)
    faults: list[Fault] = field(default_factory=list)

    def add(self, row_id: int, what: str) -> None:
        """Count a fault; the first ones are kept in words."""
        self.faults_found += 1
        if len(self.faults) < FAULTS_SHOWN:
            self.faults.append(Fault(id=row_id, what=what))


def sealed(key: bytes, previous: str, row: Row) -> str:
    """Seal a row behind the one before it; its own `seal` is not looked at."""
    said = {name: getattr(row, name) for name in Row.__slots__ if name != "seal"}
    return digest(key, "row", {"previous": previous, **said})


def signed(head: Head, key: bytes) -> Head:
    """Return the head with its signature."""
    return Head(id=head.id, seal=head.seal, at_ms=head.at_ms, key_id=head.key_id, sig=_signature(head, key))


def cut_place(detail: Any) -> Place | None:
    """Read from the detail of a `PRUNED` row up to where retention has cut; None where it does not say so."""
    match detail:
        case {"upto": int(upto), "seal": str(seal)}:
            return Place(id=upto, seal=seal)
    return None


def check(
    rows: Iterable[Row], keys: Mapping[str, bytes], *, after: Place | None = None, head: Head | None = None
) -> Report:
    """Follow a chain in the order of ids; `after`: where retention has cut it, `head`: an earlier end."""
    start = after or Place()
    report = Report(after=after, last=start)
    kept = False  # the row that says where retention cut
    for row in rows:
        _look(row, keys, report)
        kept = kept or (row.action == PRUNED and cut_place(row.detail) == start)
        if head is not None and row.id == head.id and row.seal != head.seal:
            report.add(row.id, "is another row than the head says")
    if after is not None and not kept:
        report.add(start.id, "nothing in the chain says that retention has cut it here")
    if head is not None:
        _compare(head, keys, start, report)
    return report


def _look(row: Row, keys: Mapping[str, bytes], report: Report) -> None:
    before = report.last
    report.rows += 1
    report.unkeyed += row.key_id == UNKEYED
    if row.id <= before.id:
        report.add(row.id, "is no row of the chain: it stands twice, or before the beginning")
        return  # the chain goes on from where it was
    if row.id > before.id + 1:
        report.add(before.id + 1, f"{row.id - before.id - 1} rows are missing here")
    key = b"" if row.key_id == UNKEYED else keys.get(row.key_id)
    if key is None:
        report.add(row.id, f"is sealed with {row.key_id}, which is not here")
    elif not _holds(row, key, before):
        report.add(row.id, "is not what was written here")
    report.last = Place(id=row.id, seal=row.seal)


def _holds(row: Row, key: bytes, before: Place) -> bool:
    """Tell whether the seal of a row is its own; a row of values that nobody could have sealed has none."""
    try:
        return hmac.compare_digest(sealed(key, before.seal, row), row.seal)
    except (TypeError, ValueError, RecursionError):
        return False


def _compare(head: Head, keys: Mapping[str, bytes], start: Place, report: Report) -> None:
    key = keys.get(head.key_id)
    if key is None or not hmac.compare_digest(_signature(head, key), head.sig):
        report.add(head.id, "the head is not signed with a key that is here")
    elif head.id > report.last.id:
        report.add(report.last.id + 1, f"the last {head.id - report.last.id} rows are missing")
    elif head.id < start.id:
        report.add(head.id, "the head is older than what retention has left")
    elif head.id == start.id and head.seal != start.seal:
        report.add(head.id, "retention has cut after another row than the head says")


def _signature(head: Head, key: bytes) -> str:
    return digest(key, "head", [head.id, head.seal, head.at_ms, head.key_id])
