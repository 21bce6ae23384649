"""Who needs me: one ranked list of people with the reasons, worst first. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from services.insights import reasons
from services.insights.floor import Person
from services.insights.reasons import Light, Reason
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
class Need:
    """A person who needs somebody, how urgently, and why."""

    patient: Person
    light: Light
    weight: int
    reasons: tuple[Reason, ...]


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
    found: defaultdict[str, dict[str, tuple[int, Reason]]] = defaultdict(dict)
    for patient, code, weight, reason in _reasons(facts):
        if patient in facts.names and weight > found[patient].get(code, (0, reason))[0]:
            found[patient][code] = (weight, reason)
    needs = [_need(patient, told, facts) for patient, told in found.items() if told]
    return tuple(sorted(needs, key=lambda need: (-need.weight, need.patient.name, need.patient.id))[:most])


def _reasons(facts: Facts) -> Iterable[tuple[str, str, int, Reason]]:
    for row in facts.alerts:
        if row.patient_id is not None:
            (reason,) = reasons.of_alerts([row])
            code = row.detail if row.detail and row.code in ("red", "amber") else row.code
            yield row.patient_id, code, _weight(row), reason
    for row in facts.overrides:
        yield row.patient_id, "override", WEIGHTS["override"], reasons.of_code("override")
    for row in facts.missed:
        if row.missed >= MISSED_LEAST:
            missed = reasons.of_code("missed_visits", {"count": row.missed})
            yield row.patient_id, "missed_visits", WEIGHTS["missed_visits"], missed
    for row in facts.excluded:
        waiting = reasons.of_code("waiting_clearance")
        yield row.patient_id, "waiting_clearance", WEIGHTS["waiting_clearance"], waiting


def _weight(row: Any) -> int:
    named = WEIGHTS["waiting_clearance"] if row.code in CLEARANCE else WEIGHTS.get(row.code, 0)
    return max(named, WEIGHTS[row.severity])


def _need(patient: str, told: dict[str, tuple[int, Reason]], facts: Facts) -> Need:
    mine = [row for row in facts.alerts if row.patient_id == patient]
    ordered = sorted(told.values(), key=lambda one: -one[0])
    return Need(
        patient=Person(id=patient, name=facts.names[patient]),
        light=reasons.worst(mine),
        weight=sum(weight for weight, _ in ordered),
        reasons=tuple(reason for _, reason in ordered),
    )
