from typing import Any

from services.exports.fhir.facts import Facts

Json = dict[str, Any]


def of(resources: list[Json], code: str) -> list[Json]:
    found = [one for one in resources if one["resourceType"] == "Observation"]
    return [one for one in found if code in [each["code"] for each in one["code"]["coding"]]]


def parts(one: Json) -> dict[str, float]:
    return {
        part["code"]["coding"][0]["code"]: part["valueQuantity"]["value"]
        for part in one["component"]
        if "valueQuantity" in part
    }


def test_figures_are_those_of_the_screen(facts: Facts, resources: list[Json]) -> None:
    points = [(series, point) for series in facts.progress.series for point in series.points]
    assert len(points) == 12
    for (series, point), training, capacity in zip(
        points, of(resources, "training"), of(resources, "capacity"), strict=True
    ):
        assert parts(training) == {
            "load": point.load_kg,
            "range-start": point.clinical_start_deg,
            "range-end": point.clinical_end_deg,
            "amplitude": point.amplitude_deg,
            "repetitions": point.reps,
            "work": point.work_j,
            "time-under-tension": point.under_tension_s,
        }
        assert training["bodySite"]["coding"][0]["code"] == series.side
        assert training["method"]["coding"][0]["code"] == series.kind
        assert capacity["valueQuantity"]["value"] == point.capacity_kg
        assert parts(capacity) == {
            "capacity-low-p10": point.capacity_low_kg,
            "capacity-high-p90": point.capacity_high_kg,
        }
        assert capacity["derivedFrom"][0]["reference"] == f"urn:uuid:{training['id']}"


def test_pain_is_asked_on_the_scale_of_ten(facts: Facts, resources: list[Json]) -> None:
    found = of(resources, "72514-3")
    told = [(one["valueQuantity"]["value"], one["code"]["coding"][1]["code"]) for one in found]
    assert told == [(point.nrs, point.question.replace("_", "-")) for point in facts.progress.pain]
    assert {one["valueQuantity"]["code"] for one in found} == {"{score}"}


def test_sessions_say_when_and_which_sides(resources: list[Json]) -> None:
    first = of(resources, "session")[0]
    assert first["effectivePeriod"] == {
        "start": "2026-11-18T11:06:40.000+00:00",
        "end": "2026-11-18T11:16:40.000+00:00",
    }
    assert (parts(first), len(first["hasMember"])) == ({"sets": 2, "repetitions": 20}, 2)
    assert first["device"]["type"] == "Device"


def test_tests_say_torque_angle_and_try(resources: list[Json]) -> None:
    [strength] = of(resources, "strength-test")
    assert (strength["valueQuantity"]["value"], strength["valueQuantity"]["code"]) == (88.5, "N.m")
    assert parts(strength) == {"test-angle": 0.0, "mean-torque-3s": 80.25}
    assert strength["component"][-1]["valueInteger"] == 2
    [mobility] = of(resources, "mobility-test")
    assert (mobility["valueQuantity"]["value"], mobility["valueQuantity"]["code"]) == (41.5, "deg")
