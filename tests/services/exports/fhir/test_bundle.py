"""The bundle against an independent library (R4B) and against the value sets that R4 requires."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError
from studio_rows import NOW_MS, StudioRows, named

from services.exports.fhir.bundle import bundle, counts, written
from services.exports.fhir.codes import LOINC, UCUM, UNITS
from services.exports.fhir.facts import Facts, facts_of
from services.store.reading import patients

Json = dict[str, Any]
REQUEST_STATUS = {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}
# Required bindings of R4; of these R4B differs in none, R5 in Device.status and deviceName.type.
REQUIRED = {
    ("Patient", "gender"): {"male", "female", "other", "unknown"},
    ("Device", "status"): {"active", "inactive", "entered-in-error", "unknown"},
    ("Observation", "status"): {
        *("registered", "preliminary", "final", "amended", "corrected", "cancelled"),
        *("entered-in-error", "unknown"),
    },
    ("CarePlan", "status"): REQUEST_STATUS,
    ("CarePlan", "intent"): {"proposal", "plan", "order", "option"},
    ("DeviceRequest", "status"): REQUEST_STATUS,
    ("DeviceRequest", "intent"): {
        *("proposal", "plan", "directive", "order", "original-order", "reflex-order"),
        *("filler-order", "instance-order", "option"),
    },
    ("Questionnaire", "status"): {"draft", "active", "retired", "unknown"},
    ("QuestionnaireResponse", "status"): {
        *("in-progress", "completed", "amended", "entered-in-error", "stopped"),
    },
}
DEVICE_NAME_TYPES = {
    *("udi-label-name", "user-friendly-name", "patient-reported-name", "manufacturer-name"),
    *("model-name", "other"),
}
ITEM_TYPES = {"group", "display", "boolean", "decimal", "integer", "date", "choice", "open-choice", "text"}
UCUM_CODE = re.compile(r"kg|deg|J|N\.m|s|%|\{(score|repetitions|sets)\}")
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def walk(value: Any) -> Iterator[Json]:
    """Visit every object of a bundle."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def unresolved(record: Json) -> set[str]:
    known = {entry["fullUrl"] for entry in record["entry"]}
    return {one["reference"] for one in walk(record) if isinstance(one.get("reference"), str)} - known


def outside(resources: list[Json]) -> list[tuple[str, str, Any]]:
    """List the codes that a required binding does not know."""
    found = []
    for (kind, field), allowed in REQUIRED.items():
        named_so = [one for one in resources if one["resourceType"] == kind]
        found += [(kind, field, one.get(field)) for one in named_so if one.get(field) not in allowed]
    return found


def test_an_independent_library_accepts_it(record: Json) -> None:
    Bundle.model_validate_json(written(record))


@pytest.mark.parametrize(
    "plant",
    [
        lambda one: one.update(status=["final"]),
        lambda one: one.pop("code"),
        lambda one: one.update(colour="red"),
        lambda one: one.update(effectiveDateTime="yesterday"),
    ],
)
def test_that_library_sees_a_planted_fault(record: Json, plant: Any) -> None:
    broken = copy.deepcopy(record)
    plant(next(e["resource"] for e in broken["entry"] if e["resource"]["resourceType"] == "Observation"))
    with pytest.raises(ValidationError):
        Bundle.model_validate_json(written(broken))


def test_it_holds_a_whole_record(record: Json) -> None:
    assert counts(record) == {
        "Patient": 1,
        "Organization": 1,
        "Device": 1,
        "CarePlan": 1,
        "DeviceRequest": 2,  # limits, and the dose of the left side
        # Per visit 2 sides x (training, capacity), the session, pain before, in two sets and next morning.
        "Observation": 6 * (4 + 1 + 4) + 2,
        "Questionnaire": 1,
        "QuestionnaireResponse": 6,
    }


def test_references_resolve_inside(record: Json) -> None:
    assert len([one for one in walk(record) if isinstance(one.get("reference"), str)]) > 100
    assert unresolved(record) == set()
    del record["entry"][1]
    assert len(unresolved(record)) == 1


def test_ids_are_stable_unique_and_of_the_shape_that_fhir_wants(facts: Facts, record: Json) -> None:
    ids = [entry["resource"]["id"] for entry in record["entry"]]
    assert len(ids) == len(set(ids))
    assert all(ID.fullmatch(one) for one in ids)
    assert [entry["fullUrl"] for entry in record["entry"]] == [f"urn:uuid:{one}" for one in ids]
    assert written(bundle(facts)) == written(record)


def test_an_added_visit_changes_no_name(tested: StudioRows, record: Json) -> None:
    tested.visit("later", started_ms=NOW_MS + 10**9)
    with tested.engine.connect() as connection:
        person = patients.one(connection, named("Chan Mei Ling"), "sim")
        assert person is not None
        later = bundle(facts_of(connection, person, NOW_MS + 1))
    before = {entry["fullUrl"]: entry["resource"] for entry in record["entry"]}
    after = {entry["fullUrl"]: entry["resource"] for entry in later["entry"]}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1  # its pain before training


def test_required_codes_are_those_of_r4(resources: list[Json]) -> None:
    assert {kind for kind, _ in REQUIRED} <= {one["resourceType"] for one in resources}
    assert outside(resources) == []
    names = [name for one in resources for name in one.get("deviceName", [])]
    assert names
    assert {name["type"] for name in names} <= DEVICE_NAME_TYPES
    items = [item for one in resources if one["resourceType"] == "Questionnaire" for item in one["item"]]
    assert {item["type"] for item in items} <= ITEM_TYPES
    resources[0]["gender"] = "F"
    assert outside(resources) == [("Patient", "gender", "F")]


def test_units_are_of_ucum(record: Json) -> None:
    quantities = [one for one in walk(record) if one.get("system") == UCUM]
    assert len(quantities) > 100
    assert all(UCUM_CODE.fullmatch(one["code"]) for one in quantities)
    assert all(isinstance(one["value"], int | float) and one["unit"] for one in quantities)
    assert all(UCUM_CODE.fullmatch(code) for code in UNITS)


def test_every_coding_names_its_system(record: Json) -> None:
    codings = [coding for one in walk(record) for coding in one.get("coding", [])]
    assert {coding["system"].split(":")[0] for coding in codings} == {"http", "urn"}
    assert {coding["code"] for coding in codings if coding["system"] == LOINC} == {"72514-3"}


def test_no_part_repeats_the_code_of_its_whole(resources: list[Json]) -> None:
    """Invariant obs-7: a component must not have the code of the observation."""
    for one in resources:
        if "valueQuantity" in one:
            whole = {(each["system"], each["code"]) for each in one["code"]["coding"]}
            parts = {
                (each["system"], each["code"])
                for part in one.get("component", [])
                for each in part["code"]["coding"]
            }
            assert not whole & parts


def test_moments_have_their_offset(record: Json) -> None:
    for one in walk(record):
        for name in ("effectiveDateTime", "authored", "authoredOn", "timestamp", "start", "end"):
            assert name not in one or INSTANT.fullmatch(one[name]), one[name]


def test_nothing_is_empty(record: Json) -> None:
    """FHIR knows no empty objects, lists or texts."""
    for one in walk(record):
        assert one
        assert not [name for name, value in one.items() if value in (None, "", [], {})]


def test_only_made_up_people_are_marked(studio: StudioRows) -> None:
    for origin, marked in (("sim", 2), ("real", 0)):
        StudioRows(studio.engine, origin=origin).patient(f"Somebody {origin}")
        with studio.engine.connect() as connection:
            person = patients.one(connection, named(f"Somebody {origin}"), origin)  # type: ignore[arg-type]
            assert person is not None
            assert str(bundle(facts_of(connection, person, NOW_MS))).count("HTEST") == marked


def test_somebody_who_never_trained_is_a_valid_bundle_too(studio: StudioRows) -> None:
    studio.patient(stations=[], sex="unsaid")
    with studio.engine.connect() as connection:
        person = patients.one(connection, named("Chan Mei Ling"), "sim")
        assert person is not None
        found = bundle(facts_of(connection, person, NOW_MS))
    Bundle.model_validate_json(written(found))
    kinds = {entry["resource"]["resourceType"]: entry["resource"] for entry in found["entry"]}
    assert (kinds["CarePlan"]["status"], kinds["Patient"]["gender"]) == ("draft", "unknown")
    assert unresolved(found) == set()
