"""Who needs me: one ranked list of people with the reasons, worst first. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from services.insights import reasons
from services.insights.floor import Person
from services.insights.grouped import grouped
from services.insights.reasons import Light, Reason
from services.insights.units import at
from services.store.reading.keyset import Rows

# Weight of one reason: red first, then who waits for a signature, then what can wait for days.
WEIGHTS: Final[dict[str, int]] = {
    "red": 100,
    "waiting_clearance": 60,
    "amber": 30,
    "missed_visits": 15,
    "override": 12,
    "asymmetry": 10,
    "info": 2,
}
CLEARANCE: Final = frozenset(("clear_first", "countersign", "review", "phase_next", "screen_again"))
MISSED_LEAST: Final = 2  # of the last four weeks: one is life


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(Reason):
    """One reason; `alerts`: those behind it that nobody has acknowledged."""

    since: datetime
    weight: int
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A person who needs somebody, how urgently, and why."""

    patient: Person
    light: Light
    weight: int
    reasons: tuple[Cause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Alerts that are not resolved, overrides of late, missed visits, open exclusions; and names."""

    alerts: Rows
    overrides: Rows
    missed: Rows
    excluded: Rows
    names: dict[str, str]


def ranked(facts: Facts, most: int) -> tuple[Need, ...]:
    """Rank everybody who needs somebody."""
    found: defaultdict[str, dict[str, Cause]] = defaultdict(dict)
    for patient, cause in _causes(facts):
        if patient in facts.names:
            known = found[patient].get(cause.code)
            found[patient][cause.code] = cause if known is None else _joined(known, cause)
    alerts = grouped(facts.alerts, attrgetter("patient_id"))
    needs = [
        _need(Person(id=patient, name=facts.names[patient]), list(causes.values()), alerts.get(patient, ()))
        for patient, causes in found.items()
    ]
    return tuple(sorted(needs, key=lambda need: (-need.weight, need.patient.name, need.patient.id))[:most])


def _causes(facts: Facts) -> Iterable[tuple[str, Cause]]:
    for row in facts.alerts:
        if row.patient_id is not None:
            yield row.patient_id, _of_alert(row)
    for row in facts.overrides:
        yield row.patient_id, _cause(reasons.of_code("override"), row.since_ms)
    for row in facts.missed:
        if row.missed >= MISSED_LEAST:
            missed = reasons.of_code("missed_visits", {"count": row.missed})
            yield row.patient_id, _cause(missed, row.since_ms)
    for row in facts.excluded:
        yield row.patient_id, _cause(reasons.of_code("waiting_clearance"), row.since_ms)


def _of_alert(row: Any) -> Cause:
    code = row.detail if row.detail and row.code in ("red", "amber") else row.code
    unseen = (row.id,) if row.state == "open" else ()
    named = WEIGHTS["waiting_clearance"] if row.code in CLEARANCE else WEIGHTS.get(row.code, 0)
    cause = _cause(reasons.of_alert(row), row.raised_ms, max(named, WEIGHTS[row.severity]))
    return replace(cause, code=code, alerts=unseen)


def _cause(reason: Reason, since_ms: int, weight: int | None = None) -> Cause:
    return Cause(
        code=reason.code,
        values=reason.values,
        text_en=reason.text_en,
        text_zh=reason.text_zh,
        since=at(since_ms),
        weight=WEIGHTS[reason.code] if weight is None else weight,
    )


def _joined(known: Cause, other: Cause) -> Cause:
    """Take two causes of one code as one: the heavier in its words, since the first of them."""
    heavier = other if other.weight > known.weight else known
    since, unseen = min(known.since, other.since), (*known.alerts, *other.alerts)
    return replace(heavier, since=since, alerts=unseen)


def _need(patient: Person, causes: list[Cause], alerts: Rows) -> Need:
    return Need(
        patient=patient,
        light=reasons.worst(alerts),
        weight=sum(cause.weight for cause in causes),
        reasons=tuple(sorted(causes, key=lambda cause: -cause.weight)),
    )
