"""What was measured: strength with its uncertainty, training, pain, tests."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from services.exports.fhir.codes import (
    CATEGORY,
    KIND,
    LOINC,
    PAIN_NRS,
    SIDE,
    Json,
    component,
    concept,
    measure,
    moment,
    quantity,
    words,
)
from services.exports.fhir.facts import Facts
from services.exports.fhir.ids import reference, resource
from services.exports.fhir.people import machine_key
from services.insights.progress import ProgressPoint, Series
from services.insights.units import at, clinical_deg, deg
from services.store.reading.keyset import Record


def observations(facts: Facts) -> Iterator[Json]:
    """List every observation of a person, oldest first within its sort."""
    machines = {one.session: one.machine for one in facts.sessions}
    for series in facts.progress.series:
        for point in series.points:
            used = _device(facts, machines.get(point.session))
            yield _training(facts, series, point) | used
            if point.capacity_kg is not None:
                yield _capacity(facts, series, point, point.capacity_kg) | used
    yield from _sessions(facts)
    yield from _pain(facts)
    for row in facts.tests:
        yield _test(facts, row) | _device(facts, row.machine)


def _training(facts: Facts, series: Series, point: ProgressPoint) -> Json:
    """Describe the work of one side in one session."""
    return _observation(facts, "training", _key(series, point), point.at) | {
        "category": [concept(CATEGORY, "activity")],
        **_exercise(series.kind, series.side),
        "component": [
            component("load", point.load_kg, "kg"),
            component("range-start", point.clinical_start_deg, "deg"),
            component("range-end", point.clinical_end_deg, "deg"),
            component("amplitude", point.amplitude_deg, "deg"),
            component("repetitions", point.reps, "{repetitions}"),
            component("work", point.work_j, "J"),
            component("time-under-tension", point.under_tension_s, "s"),
        ],
    }


def _capacity(facts: Facts, series: Series, point: ProgressPoint, capacity_kg: float) -> Json:
    """Describe the load believed possible once, with the 10 % and 90 % quantiles of the belief."""
    band = (("capacity-low-p10", point.capacity_low_kg), ("capacity-high-p90", point.capacity_high_kg))
    parts = [component(code, value, "kg") for code, value in band if value is not None]
    key = _key(series, point)
    return (
        _observation(facts, "capacity", key, point.at)
        | {
            "category": [concept(CATEGORY, "exam")],
            **_exercise(series.kind, series.side),
            "valueQuantity": quantity(capacity_kg, "kg"),
            "derivedFrom": [reference("Observation", f"training/{key}")],
        }
        | ({"component": parts} if parts else {})
    )


def _sessions(facts: Facts) -> Iterator[Json]:
    """Describe whole sessions: sets and repetitions, and the sides that belong to them."""
    sides: dict[str, list[Json]] = {}
    for series in facts.progress.series:
        for point in series.points:
            member = reference("Observation", f"training/{_key(series, point)}")
            sides.setdefault(point.session, []).append(member)
    for one in facts.sessions:
        found = _observation(facts, "session", one.session, one.opened_at) | _device(facts, one.machine)
        found |= {
            "category": [concept(CATEGORY, "activity")],
            "component": [
                component("sets", one.sets, "{sets}"),
                component("repetitions", one.reps, "{repetitions}"),
            ],
        }
        if one.closed_at is not None and one.closed_at >= one.opened_at:
            del found["effectiveDateTime"]
            found["effectivePeriod"] = {"start": moment(one.opened_at), "end": moment(one.closed_at)}
        yield found | ({"hasMember": sides[one.session]} if one.session in sides else {})


def _pain(facts: Facts) -> Iterator[Json]:
    """Describe the answers about pain; equal questions at the same moment are numbered."""
    seen: Counter[str] = Counter()
    for point in facts.progress.pain:
        key = f"{facts.person.id}/{point.question}/{moment(point.at)}"
        seen[key] += 1
        asked = measure(point.question.replace("_", "-"))["coding"][0]
        pain = {"system": LOINC, "code": PAIN_NRS[0], "display": PAIN_NRS[1]}
        yield _observation(facts, "pain", f"{key}/{seen[key]}", point.at) | {
            "category": [concept(CATEGORY, "survey")],
            "code": {"coding": [pain, asked], "text": words(point.question)},
            "valueQuantity": quantity(point.nrs, "{score}"),
        }


def _test(facts: Facts, row: Record) -> Json:
    """Describe one try of a test: a torque at an angle, or a range."""
    key = f"{row.origin}/{row.machine}/{row.stream}/{row.seq}"
    common = {"category": [concept(CATEGORY, "exam")], **_exercise(row.kind, row.side)}
    attempt = {"code": measure("attempt"), "valueInteger": row.attempt}
    if row.mode == "mobility":
        return _observation(facts, "mobility-test", key, at(row.wall_ms)) | {
            **common,
            "valueQuantity": quantity(row.range_deg, "deg"),
            "component": [attempt],
        }
    angle = component("test-angle", clinical_deg(row.kind, deg(row.angle_cdeg)), "deg")
    mean = component("mean-torque-3s", row.mean_3s_nm, "N.m")
    return _observation(facts, "strength-test", key, at(row.wall_ms)) | {
        **common,
        "valueQuantity": quantity(row.peak_torque_nm, "N.m"),
        "component": [angle, mean, attempt],
    }


def _observation(facts: Facts, code: str, key: str, when: datetime) -> Json:
    return resource("Observation", f"{code}/{key}") | {
        "status": "final",
        "code": measure(code),
        "subject": reference("Patient", facts.person.id),
        "effectiveDateTime": moment(when),
        "performer": [reference("Organization", facts.site.id)],
    }


def _exercise(kind: str | None, side: str) -> Json:
    """Say which movement was trained or tested, and on which side."""
    method = {"method": concept(KIND, kind)} if kind else {}
    return method | {"bodySite": concept(SIDE, side)}


def _device(facts: Facts, machine_id: str | None) -> Json:
    """Point to the machine, when it is still known."""
    if machine_id not in [row.id for row in facts.machines]:
        return {}
    return {"device": reference("Device", machine_key(facts.person.origin, str(machine_id)))}


def _key(series: Series, point: ProgressPoint) -> str:
    return f"{point.session}/{series.side}"
