"""Manners of the whole API, asked of its description: examples, pages, units, times, and no echo."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import pytest

from services.api.__main__ import description

CANNOT_GROW = {  # lists without pages, and why each stays short
    "list_conditions": "a catalogue that ships with the project",
    "list_exercises": "a catalogue that ships with the project",
    "list_home_exercises": "a person keeps a few at a time",
    "list_free_machines": "at most the machines of a studio",
    "list_machine_health": "the machines of a studio",
    "list_firmware": "the machines of a studio",
    "read_floor": "the machines of a studio",
    "read_hold": "what nobody has released at one machine",
    "list_sites": "the places of a chain",
    "list_screens": "the screens of a chain",
    "list_staff": "the staff of a chain",
    "list_waiting_staff": "the staff of a chain",
    "list_session_orders": "one session",
    "list_proposals": "one for each session that runs",
    "list_machines": "the machines of a studio",
    "list_standing": "what holds today for one person",
    "read_questionnaire": "the items of a form",
    "list_colleagues": "the staff of a chain",
    "list_needs": "100 people at most, the most urgent first",
    "search_everything": "20 at most, the best first",
    "list_functional_tests": "a few a plan",
    "list_programmes": "a few in a life",
    "list_capacity": "one for each kind of machine",
    "list_limit_versions": "a few a year",
    "list_notes": "the newest 200",
    "list_questionnaires": "a few a year",
}
UNITS = re.compile(
    r"(^|_)(ms|s|kg|deg|nm|j|m|cdeg|pct|percent|mmhg|nrs|years|days|cr10|share|ratio|reps|week)(_s|_per_week)?$"
)
UNITLESS = {  # figures without a unit: shares of one, scores, and statistics, each said by its name
    "agreement", "brier", "coverage", "coverage_worst_tenth", "mean", "observed", "p_too_hard",
    "mean_p_too_hard", "predicted", "psi", "sd", "score", "smoothness", "effort", "mae_of_median_reps",
}  # fmt: skip
OF_THE_FIELD_BESIDE = {  # what it measures stands beside it, and so does the unit
    ("ChanceBin", "above"), ("ChanceBin", "up_to"), ("FunctionalStanding", "change"),
    ("FunctionalStanding", "first_value"), ("FunctionalStanding", "needed"), ("FunctionalStanding", "value"),
    ("PublishedFigure", "value"), ("Goal", "now"), ("Goal", "target"),
    ("NewGoal", "target"),
    ("Judged", "by"), ("Judged", "needed"), ("LimitChange", "after"), ("LimitChange", "before"),
    ("PainChange", "change"), ("PainChange", "needed"), ("PastRatio", "value"), ("PhaseCondition", "have"),
    ("PhaseCondition", "need"), ("StrengthRatio", "high"), ("StrengthRatio", "low"),
    ("StrengthRatio", "value"),
    ("Trend", "high"), ("Trend", "low"),
}  # fmt: skip
WEEKS = {("LimitChanges", "week"), ("Overrides", "week")}  # the moment at which one begins
PLACES = {("Visit", "trains_at")}  # where, not when


@cache
def described() -> dict[str, Any]:
    return description()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    schema = next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), schema)
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = described()["components"]["schemas"][name] if name else schema
    return found


def test_every_example_fits_the_shape_that_it_shows() -> None:
    components = described()["components"]
    wrong = []
    for name, schema in components["schemas"].items():
        whole = {"$ref": f"#/components/schemas/{name}", "components": components}
        checker = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
        assert schema["examples"], name
        wrong += [
            (name, fault.message[:200]) for one in schema["examples"] for fault in checker.iter_errors(one)
        ]
    assert wrong == []


def test_every_body_that_is_sent_has_an_example() -> None:
    without = [
        operation["operationId"]
        for _, _, operation in operations()
        if "requestBody" in operation
        and not resolved(operation["requestBody"]["content"]["application/json"]["schema"]).get("examples")
    ]
    assert without == []


def test_every_list_has_pages_or_a_reason_to_have_none() -> None:
    lists, paged = set(), set()
    for _, method, operation in operations():
        content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
        shape = resolved(content["schema"]) if content and method == "get" else {}
        if "items" in shape.get("properties", {}):
            lists.add(operation["operationId"])
            names = {one["name"] for one in operation.get("parameters", ())}
            if {"cursor", "limit"} <= names:
                assert "next" in shape["properties"], operation["operationId"]
                paged.add(operation["operationId"])
    assert lists - paged == set(CANNOT_GROW)
    assert len(paged) >= 5


def fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, schema in described()["components"]["schemas"].items():
        for field, shape in schema.get("properties", {}).items():
            choices = shape.get("anyOf", [shape])
            yield name, field, next((one for one in choices if one.get("type") != "null"), shape)


def test_every_moment_is_of_rfc_3339_and_is_called_so() -> None:
    named = re.compile("(^|_)(at|until|since|as_of)$")
    wrong = {
        (name, field)
        for name, field, shape in fields()
        if field != "as_of" and bool(named.search(field)) != (shape.get("format") == "date-time")
    }
    assert wrong == WEEKS | PLACES


def test_every_figure_that_is_no_count_names_its_unit() -> None:
    figures = {(name, field) for name, field, shape in fields() if shape.get("type") == "number"}
    bare = {one for one in figures if not UNITS.search(one[1]) and one[1] not in UNITLESS}
    assert bare == OF_THE_FIELD_BESIDE


def test_the_rules_see_what_breaks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = json.loads(json.dumps(described()))
    shapes = broken["components"]["schemas"]
    shapes["LiveFrame"]["properties"]["force"] = {"type": "number"}
    shapes["LiveFrame"]["properties"]["spoken_at"] = {"type": "string"}
    shapes["About"]["examples"] = [{"name": 7}]
    monkeypatch.setitem(globals(), "described", lambda: broken)
    for rule in (
        test_every_figure_that_is_no_count_names_its_unit,
        test_every_moment_is_of_rfc_3339_and_is_called_so,
        test_every_example_fits_the_shape_that_it_shows,
    ):
        with pytest.raises(AssertionError):
            rule()
