"""The alert inbox: at most six announcements an hour and site, and a red one is never held back. Pure.

Announcements are counted over all that was raised, whatever became of it: neither a filter nor what staff do
with those that they have seen makes room for what waits. Who looks for somebody is told it all.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from services.insights import reasons
from services.insights.floor import Person, is_sounding
from services.insights.reasons import Light, Reason
from services.insights.units import at, at_or_none
from services.store.reading.keyset import Rows

HOUR_MS: Final = 3_600_000
SPAN_MS: Final = 2 * HOUR_MS  # counted from its beginning before the last: the count does not slide
ANNOUNCED_MOST: Final = 6  # an hour and site (clinical page, "Screens")
SEVERAL: Final = "several"
WORST: Final = ("red", "amber", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert as staff see it."""

    id: str
    code: str
    severity: str
    reason: Reason
    state: str
    machine: str | None
    machine_name: str | None
    patient: Person | None
    session: str | None
    raised_at: datetime
    handled_by: Person | None
    assigned_to: Person | None
    muted_until: datetime | None
    resolved_at: datetime | None
    resolved_why: str | None
    sounds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The same trouble of the same person or machine, or what was held back; `announced_at` may be ahead."""

    id: str
    code: str
    severity: str
    announced_at: datetime
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Groups, the newest first; `held_back`: what is left out until announced; `next`: of older ones."""

    light: Light
    groups: tuple[Group, ...]
    held_back: int
    sounds: bool
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many alerts nobody has acknowledged; `sounds`: a red one for a minute."""

    red: int
    amber: int
    sounds: bool


@dataclass(slots=True, kw_only=True)
class _Site:
    """The announcements of one site while its alerts are gone through, oldest first: so are they."""

    announced_ms: list[int] = field(default_factory=list)
    groups: list[tuple[int, str, list[Any]]] = field(default_factory=list)
    newest: dict[tuple[str, ...], tuple[int, str, list[Any]]] = field(default_factory=dict)  # by trouble
    waiting: list[Any] = field(default_factory=list)

    def take(self, row: Any) -> None:
        """Announce an alert, put it to one announced in the last hour, or let it wait."""
        self.release(row.raised_ms)
        known = self.newest.get(_trouble(row))
        if known is not None and row.raised_ms - known[0] < HOUR_MS:
            known[2].append(row)
        elif row.severity == "red" or self._room(row.raised_ms):
            self._announce(row.raised_ms, row.code, [row])
            self.newest[_trouble(row)] = self.groups[-1]
        else:
            self.waiting.append(row)

    def release(self, now_ms: int) -> None:
        """Announce all that waits as one, as soon as the hour has room."""
        while self.waiting:
            due_ms = max(self.announced_ms[-ANNOUNCED_MOST] + HOUR_MS, self.waiting[0].raised_ms)
            if due_ms > now_ms:
                return
            self._announce(due_ms, SEVERAL, self.waiting)
            self.waiting = []

    def _room(self, now_ms: int) -> bool:
        lately = self.announced_ms[-ANNOUNCED_MOST:]
        return len(lately) < ANNOUNCED_MOST or now_ms - lately[0] >= HOUR_MS

    def _announce(self, at_ms: int, code: str, rows: list[Any]) -> None:
        self.announced_ms.append(at_ms)
        self.groups.append((at_ms, code, rows))


def counted_since(now_ms: int) -> int:
    """Tell from when on everything raised is counted: two to four hours back."""
    return (now_ms // SPAN_MS - 1) * SPAN_MS


def inbox(
    rows: Rows, now_ms: int, raised: Rows = (), *, whole: bool = False, following: str | None = None
) -> Inbox:
    """Put alerts (newest first) into groups, among all that was `raised` since `counted_since`.

    `whole`: nothing is held back; what waits is a group with the moment when it will be announced.
    `following`: the cursor of the next page.
    """
    wanted = {row.id: row for row in rows}
    since_ms = counted_since(now_ms)
    sites: defaultdict[tuple[str | None, bool], _Site] = defaultdict(_Site)
    everything = {row.id: row for row in raised} | wanted
    for row in sorted(everything.values(), key=lambda row: (row.raised_ms, row.id)):
        sites[row.site_id, row.raised_ms >= since_ms].take(row)
    for site in sites.values():
        site.release(sys.maxsize if whole else now_ms)
    announced = sorted((group for site in sites.values() for group in site.groups), key=lambda one: -one[0])
    found = [(*group[:2], [wanted[row.id] for row in group[2] if row.id in wanted]) for group in announced]
    shown = tuple(_group(*group, now_ms) for group in found if group[2])
    return Inbox(
        light=reasons.worst(row for row in rows if row.state != "resolved"),
        groups=shown,
        held_back=sum(row.id in wanted for site in sites.values() for row in site.waiting),
        sounds=any(alert.sounds for group in shown for alert in group.alerts),
        next=following,
    )


def alert(row: Any, now_ms: int) -> Alert:
    """Show one alert."""
    return Alert(
        id=row.id,
        code=row.code,
        severity=row.severity,
        reason=reasons.of_alert(row),
        state=row.state,
        machine=row.machine,
        machine_name=row.machine_name,
        patient=Person(id=row.patient_id, name=row.name) if row.patient_id else None,
        session=row.session_id,
        raised_at=at(row.raised_ms),
        handled_by=_colleague(row.handled_by, row.handled_name),
        assigned_to=_colleague(row.assigned_to, row.assigned_name),
        muted_until=at_or_none(row.muted_until_ms),
        resolved_at=at_or_none(row.resolved_ms),
        resolved_why=row.resolved_why.lower() if row.resolved_why else None,
        sounds=is_sounding(row, now_ms),
    )


def waiting(rows: Rows, now_ms: int) -> Waiting:
    """Count alerts that nobody has acknowledged."""
    severities = Counter(row.severity for row in rows)
    sounds = any(is_sounding(row, now_ms) for row in rows)
    return Waiting(red=severities["red"], amber=severities["amber"], sounds=sounds)


def _colleague(staff_id: str | None, name: str | None) -> Person | None:
    return None if staff_id is None else Person(id=staff_id, name=name or staff_id)


def _trouble(row: Any) -> tuple[str, ...]:
    """Say what alerts have in common that are announced as one: code, person or else machine, severity."""
    return row.code, row.patient_id or row.machine, row.severity


def _group(at_ms: int, code: str, rows: Sequence[Any], now_ms: int) -> Group:
    newest = sorted(rows, key=lambda row: -row.raised_ms)
    return Group(
        id=rows[0].id,
        code=code,
        severity=min((row.severity for row in rows), key=WORST.index),
        announced_at=at(at_ms),
        alerts=tuple(alert(row, now_ms) for row in newest),
    )
