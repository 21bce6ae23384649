"""Manners of both APIs, asked of their descriptions: examples, pages, units, times."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import jsonschema
import pytest

from services.api import __main__ as service
from services.prescribing import __main__ as prescriber

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
    "list_questionnaires": "a few a year",
}
UNITS = re.compile(
    r"(^|_)(ms|s|kg|deg|nm|j|m|cdeg|pct|percent|mmhg|nrs|years|days|cr10|share|ratio|reps|week)(_s|_per_week)?$"
)
WIRE_UNITS = re.compile("_(g|nm|cdeg|cdeg_s|nrs|days)$")
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


Field = tuple[str, str]  # a shape and its field


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A description, and the exceptions that it may have."""

    described: dict[str, Any]
    cannot_grow: Mapping[str, str]
    unitless: frozenset[Field] = frozenset()
    moments_misnamed: frozenset[Field] = frozenset()
    paged_least: int = 0

    @property
    def shapes(self) -> dict[str, Any]:
        found: dict[str, Any] = self.described["components"]["schemas"]
        return found

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for path, methods in self.described["paths"].items():
            for method, operation in methods.items():
                yield path, method, operation

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        schema = next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), schema)
        name = schema.get("$ref", "").rpartition("/")[2]
        found: dict[str, Any] = self.shapes[name] if name else schema
        return found

    def fields(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for name, schema in self.shapes.items():
            for one, shape in schema.get("properties", {}).items():
                choices = shape.get("anyOf", [shape])
                yield name, one, next((one for one in choices if one.get("type") != "null"), shape)


@pytest.fixture(scope="module", params=["service", "prescriber"])
def api(request: pytest.FixtureRequest) -> Api:
    if request.param == "service":
        return Api(
            described=service.description(),
            cannot_grow=CANNOT_GROW,
            unitless=frozenset(OF_THE_FIELD_BESIDE),
            moments_misnamed=frozenset(WEEKS | PLACES),
            paged_least=5,
        )
    cannot_grow = {"list_proposals": "a few a year, of one person and kind of machine"}
    return Api(described=prescriber.description(), cannot_grow=cannot_grow)


def is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


FORMATS = jsonschema.FormatChecker()
# The library's own check of moments needs a package that is not here, and without it lets everything pass.
FORMATS.checks("date-time", raises=ValueError)(is_moment)


def test_every_example_fits_the_shape_that_it_shows(api: Api) -> None:
    wrong = []
    for name, schema in api.shapes.items():
        whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": api.shapes}}
        checker = jsonschema.Draft202012Validator(whole, format_checker=FORMATS)
        assert schema["examples"], name
        wrong += [
            (name, fault.message[:200]) for one in schema["examples"] for fault in checker.iter_errors(one)
        ]
    assert wrong == []


def test_every_body_that_is_sent_has_an_example(api: Api) -> None:
    bodies = {
        operation["operationId"]: api.resolved(
            operation["requestBody"]["content"]["application/json"]["schema"]
        )
        for _, _, operation in api.operations()
        if "requestBody" in operation
    }
    assert bodies
    assert [name for name, shape in bodies.items() if not shape.get("examples")] == []


def test_every_list_has_pages_or_a_reason_to_have_none(api: Api) -> None:
    lists, paged = set(), set()
    for _, method, operation in api.operations():
        content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
        shape = api.resolved(content["schema"]) if content and method == "get" else {}
        if "items" in shape.get("properties", {}):
            lists.add(operation["operationId"])
            names = {one["name"] for one in operation.get("parameters", ())}
            if {"cursor", "limit"} <= names:
                assert "next" in shape["properties"], operation["operationId"]
                paged.add(operation["operationId"])
    assert lists - paged == set(api.cannot_grow)
    assert len(paged) >= api.paged_least


def test_every_moment_is_of_rfc_3339_and_is_called_so(api: Api) -> None:
    named = re.compile("(^|_)(at|until|since|as_of)$")
    wrong = {
        (name, field)
        for name, field, shape in api.fields()
        if field != "as_of" and bool(named.search(field)) != (shape.get("format") == "date-time")
    }
    assert wrong == api.moments_misnamed


def test_every_figure_that_is_no_count_names_its_unit(api: Api) -> None:
    figures = {(name, field) for name, field, shape in api.fields() if shape.get("type") == "number"}
    bare = {one for one in figures if not UNITS.search(one[1]) and one[1] not in UNITLESS}
    assert bare == api.unitless


def test_every_whole_number_that_is_signed_names_its_unit() -> None:
    """The limits are whole numbers of the wire: of them only versions and an HTTP status are bare."""
    signed = Api(described=prescriber.description(), cannot_grow={})
    whole = {field for _, field, shape in signed.fields() if shape.get("type") == "integer"}
    assert {field for field in whole if not WIRE_UNITS.search(field)} == {"base_version", "status", "version"}


def test_the_rules_see_what_breaks_them(api: Api) -> None:
    broken = deepcopy(api.described)
    shapes = broken["components"]["schemas"]
    shapes["Problem"]["properties"]["force"] = {"type": "number"}
    shapes["Problem"]["properties"]["spoken_at"] = {"type": "string"}
    shapes["Problem"]["examples"] = [{"title": 7}]
    for rule in (
        test_every_figure_that_is_no_count_names_its_unit,
        test_every_moment_is_of_rfc_3339_and_is_called_so,
        test_every_example_fits_the_shape_that_it_shows,
    ):
        with pytest.raises(AssertionError):
            rule(replace(api, described=broken))


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01T00:00:00Z", "2026-10-01T08:00:00"])
def test_an_example_whose_moment_is_none_is_seen(moment: str) -> None:
    shapes = {"Said": {"properties": {"at": {"type": "string", "format": "date-time"}}}}
    shapes["Said"]["examples"] = [{"at": moment}]  # type: ignore[assignment]
    with pytest.raises(AssertionError):
        test_every_example_fits_the_shape_that_it_shows(
            Api(described={"components": {"schemas": shapes}}, cannot_grow={})
        )
