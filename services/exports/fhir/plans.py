"""What was signed and what is planned: CarePlan, and one DeviceRequest for each limit and dose."""

from collections.abc import Iterator
from datetime import datetime

from services.exports.fhir.codes import (
    KIND,
    LIMITS_VERSION,
    PHASE,
    SIDE,
    Json,
    concept,
    measure,
    moment,
    quantity,
)
from services.exports.fhir.facts import Facts
from services.exports.fhir.ids import reference, resource
from services.insights.patients import Limits, SideDose, SideLimits, Station
from services.insights.units import at

TEMPO = ("tempo-concentric", "tempo-hold", "tempo-eccentric")


def care_plan(facts: Facts) -> Iterator[Json]:
    """Describe phase and plan, with the requests that they are made of."""
    now = at(facts.now_ms)
    orders = [
        order
        for station in facts.page.stations
        for order in (*_limits(facts, station, now), *_doses(facts, station))
    ]
    signed = [one.limits for one in facts.page.stations if one.limits is not None]
    plan = resource("CarePlan", facts.person.id) | {
        "status": _status(signed, now),
        "intent": "plan",
        "category": [measure("strength-training")],
        "title": "Graded strength training",
        "subject": reference("Patient", facts.person.id),
        "contributor": [reference("Organization", facts.site.id)],
    }
    plan |= _period(signed)
    if facts.page.phase is not None:
        plan["category"].append(concept(PHASE, facts.page.phase))
    if orders:
        plan["activity"] = [{"reference": _points_to(order)} for order in orders]
    yield plan
    yield from orders


def _limits(facts: Facts, station: Station, now: datetime) -> Iterator[Json]:
    """Order what a clinician signed for one kind of machine."""
    signed = station.limits
    if signed is None:
        return
    key = f"limits/{facts.person.id}/{station.kind}/{signed.version}"
    order = resource("DeviceRequest", key) | {
        "identifier": [{"system": LIMITS_VERSION, "value": str(signed.version)}],
        "status": "active" if signed.valid_until > now else "completed",
        "intent": "order",
        "codeCodeableConcept": concept(KIND, station.kind),
        "parameter": [
            _figure("max-load", signed.max_load_kg, "kg"),
            _figure("phase-cap", signed.phase_cap_kg, "kg"),
            *(_range(one) for one in signed.ranges),
        ],
        "subject": reference("Patient", facts.person.id),
        "requester": {"display": signed.signed_by},
        "occurrencePeriod": _from(signed.signed_at) | {"end": moment(signed.valid_until)},
    }
    if station.phase is not None:
        order["parameter"].append(
            {"code": measure("phase"), "valueCodeableConcept": concept(PHASE, station.phase)}
        )
    if signed.signed_at is not None:
        order["authoredOn"] = moment(signed.signed_at)
    yield order


def _doses(facts: Facts, station: Station) -> Iterator[Json]:
    """Plan the dose in force for each side."""
    for one in station.doses:
        yield resource("DeviceRequest", f"dose/{facts.person.id}/{station.kind}/{one.side}") | {
            "status": "active",
            "intent": "plan",
            "codeCodeableConcept": concept(KIND, station.kind),
            "parameter": list(_parameters(one)),
            "subject": reference("Patient", facts.person.id),
            "authoredOn": moment(one.at),
        }


def _parameters(one: SideDose) -> Iterator[Json]:
    dose = one.dose
    yield {"code": measure("side"), "valueCodeableConcept": concept(SIDE, one.side)}
    yield _figure("load", dose.load_kg, "kg")
    yield _figure("range-start", dose.clinical_start_deg, "deg")
    yield _figure("range-end", dose.clinical_end_deg, "deg")
    if dose.work_s:
        yield _figure("work-time", dose.work_s, "s")
    else:
        yield _figure("repetitions", dose.reps, "{repetitions}")
    for code, part_s in zip(TEMPO, dose.tempo_s, strict=False):
        yield _figure(code, part_s, "s")
    if dose.rest_s is not None:
        yield _figure("rest", dose.rest_s, "s")


def _range(one: SideLimits) -> Json:
    """Order the angles that a side may use; a clinical angle may fall where the travel rises."""
    low, high = sorted((one.clinical_lowest_deg, one.clinical_highest_deg))
    return {
        "code": measure(f"range-{one.side}"),
        "valueRange": {"low": quantity(low, "deg"), "high": quantity(high, "deg")},
    }


def _figure(code: str, value: float, unit: str) -> Json:
    return {"code": measure(code), "valueQuantity": quantity(value, unit)}


def _status(signed: list[Limits], now: datetime) -> str:
    """Say how the plan stands: a draft until somebody has signed, over when all limits have run out."""
    if not signed:
        return "draft"
    return "active" if any(one.valid_until > now for one in signed) else "completed"


def _period(signed: list[Limits]) -> Json:
    if not signed:
        return {}
    first = min((one.signed_at for one in signed if one.signed_at is not None), default=None)
    return {"period": _from(first) | {"end": moment(max(one.valid_until for one in signed))}}


def _from(start: datetime | None) -> Json:
    return {} if start is None else {"start": moment(start)}


def _points_to(order: Json) -> Json:
    return {"reference": f"urn:uuid:{order['id']}", "type": "DeviceRequest"}
