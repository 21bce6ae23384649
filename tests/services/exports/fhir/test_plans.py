from typing import Any

from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from services.exports.fhir.bundle import bundle
from services.exports.fhir.facts import facts_of
from services.store.reading import patients

Json = dict[str, Any]


def of(resources: list[Json], kind: str) -> list[Json]:
    return [one for one in resources if one["resourceType"] == kind]


def parameters(order: Json) -> dict[str, Any]:
    return {
        one["code"]["coding"][0]["code"]: one.get("valueQuantity", one.get("valueRange", {})).get("value")
        for one in order["parameter"]
    }


def test_limits_are_an_order_with_version_phase_and_end(resources: list[Json]) -> None:
    order = next(one for one in of(resources, "DeviceRequest") if one["intent"] == "order")
    assert order["identifier"][0]["value"] == "1"
    assert order["requester"] == {"display": "Dr Demo (DEMO)"}
    figures = parameters(order)
    assert (figures["max-load"], figures["phase-cap"]) == (20.0, 15.5)
    left = next(one for one in order["parameter"] if one["code"]["coding"][0]["code"] == "range-left")
    assert [left["valueRange"][end]["value"] for end in ("low", "high")] == [-15.0, 20.0]
    phase = next(one for one in order["parameter"] if one["code"]["coding"][0]["code"] == "phase")
    assert phase["valueCodeableConcept"]["coding"][0]["code"] == "build"


def test_dose_is_a_plan_with_every_figure(resources: list[Json]) -> None:
    plan = next(one for one in of(resources, "DeviceRequest") if one["intent"] == "plan")
    figures = parameters(plan)
    assert {name: value for name, value in figures.items() if value is not None} == {
        "load": 12.5,
        "range-start": -15.0,
        "range-end": 15.0,
        "repetitions": 10,
        "tempo-concentric": 2.0,
        "tempo-hold": 0.0,
        "tempo-eccentric": 3.0,
        "rest": 60.0,
    }


def test_the_plan_points_to_all_of_them(resources: list[Json]) -> None:
    [plan] = of(resources, "CarePlan")
    orders = {f"urn:uuid:{one['id']}" for one in of(resources, "DeviceRequest")}
    assert {one["reference"]["reference"] for one in plan["activity"]} == orders
    assert (plan["status"], plan["category"][1]["coding"][0]["code"]) == ("active", "build")


def test_limits_that_have_run_out_are_over(tested: StudioRows) -> None:
    with tested.engine.connect() as connection:
        person = patients.one(connection, named("Chan Mei Ling"), "sim")
        assert person is not None
        late = bundle(facts_of(connection, person, NOW_MS + 31 * DAY_MS))
    resources = [entry["resource"] for entry in late["entry"]]
    order = next(one for one in of(resources, "DeviceRequest") if one["intent"] == "order")
    assert (order["status"], of(resources, "CarePlan")[0]["status"]) == ("completed", "completed")
