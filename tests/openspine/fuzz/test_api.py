"""Whatever is asked by whomever, both APIs answer as they are described, and repeat nothing of it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from openspine.__main__ import main
from openspine.fuzz import api, api_targets
from openspine.fuzz.api import Wish, fuzz_in, shared
from openspine.fuzz.api_cases import Asked
from openspine.fuzz.api_judge import faults
from openspine.fuzz.api_stores import Stores, on_postgres, on_sqlite
from openspine.fuzz.api_studio import ROLES
from openspine.outcome import ExitCode
from services.api import problems
from services.api.__main__ import description as of_service
from services.api.schemas import Mistake
from services.office import places
from services.prescribing import sign
from services.prescribing.__main__ import description as of_prescriber
from services.store import sites as site_rows

LIMITS = "/v1/patients/{patient_id}/limits/{kind}"


def hush(_: str) -> None:
    return


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    with on_sqlite(tmp_path_factory.mktemp("fuzz")) as made:
        yield made


def test_no_request_crashes_the_api_or_comes_back_in_its_answer(
    stores: Stores, counted: Callable[[int], int], request: pytest.FixtureRequest
) -> None:
    is_full = request.config.getoption("--full")
    found = fuzz_in(stores, Wish(cases=counted(20_000), every=1 if is_full else 17), hush)
    assert found["ok"], found["findings"]
    assert (found["crashes"], found["faults"]) == (0, {})
    assert set(found["by_role"]) == set(ROLES)
    assert min(found["statuses"].get(one, 0) for one in ("200", "401", "403", "422")) > 0
    assert found["operations_done"] > found["operations"] / 4


def test_the_prescriber_is_asked_too_by_people_whom_it_lets_sign(stores: Stores) -> None:
    found = fuzz_in(stores, Wish(cases=300, only=LIMITS), hush)
    assert found["ok"], found["findings"]
    prescriber = found["by_api"]["prescriber"]
    assert prescriber["crashes"] == 0
    assert prescriber["operations_done"] == prescriber["operations"] == 8
    answers = ("200", "202", "401", "403", "409", "412", "422")
    assert min(prescriber["statuses"].get(one, 0) for one in answers) > 0
    assert set(prescriber["by_role"]) == set(ROLES)
    assert found["cases"] == sum(one["cases"] for one in found["by_api"].values()) == 300


@pytest.mark.parametrize(
    ("operations", "cases"),
    [((155, 10), (18_000, 2_000)), ((10, 30), (5_000, 15_000)), ((7, 0), (20_000, 0)), ((0, 1), (0, 20_000))],
)
def test_the_requests_are_shared_by_numbers_of_operations(
    operations: tuple[int, int], cases: tuple[int, int]
) -> None:
    names = ("service", "prescriber")
    assert shared(20_000, dict(zip(names, operations, strict=True))) == dict(zip(names, cases, strict=True))


@pytest.mark.slow
def test_nor_behind_the_fence_of_postgresql(tmp_path: Path, counted: Callable[[int], int]) -> None:
    with on_postgres(tmp_path) as made:
        found = fuzz_in(made, Wish(cases=counted(2_000)), hush)
    assert found["ok"], found["findings"]


def crash(*_: object) -> Any:
    raise LookupError("nobody expected this")


def echo(error: dict[str, Any]) -> Mistake:
    return Mistake(where="query", what=f"Not so: {error['input']}")


@pytest.mark.parametrize(
    ("where", "broken", "only", "fault"),
    [
        ((site_rows, "listing"), crash, "GET /v1/sites", "status 500"),
        ((places, "add"), crash, "POST /v1/sites", "status 500"),
        ((problems, "_mistake"), echo, "POST /v1/sign-in", "repeats what was sent"),
        ((sign, "is_withdrawn"), crash, f"GET {LIMITS}", "status 500"),
        ((sign, "renewed"), crash, f"POST {LIMITS}/renew", "status 500"),
        ((problems, "_mistake"), echo, f"PUT {LIMITS}", "repeats what was sent"),
    ],
    ids=[
        "a reading crashes",
        "a writing crashes",
        "a problem repeats what was sent",
        "a reading of limits crashes",
        "a signing crashes",
        "a problem of the prescriber repeats what was sent",
    ],
)
def test_a_broken_api_is_found(
    stores: Stores,
    where: tuple[Any, str],
    broken: Callable[..., Any],
    only: str,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative controls."""
    monkeypatch.setattr(*where, broken)
    found = fuzz_in(stores, Wish(cases=60, only=only), hush)
    assert not found["ok"]
    assert any(fault in one for one in found["faults"]), found["faults"]


def test_an_answer_unlike_its_description_is_found(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = json.loads(json.dumps(of_service()))
    wrong["components"]["schemas"]["Alive"]["properties"]["status"] = {"type": "integer"}
    monkeypatch.setattr(api_targets, "_of_service", lambda: wrong)
    found = fuzz_in(stores, Wish(cases=3, only="/healthz"), hush)
    assert list(found["faults"]) == ["GET /healthz: JsonSchemaError: Response violates schema"]
    assert (found["by_api"]["prescriber"]["cases"], found["by_api"]["prescriber"]["faults"]) == (1, {})


def test_limits_unlike_their_description_are_found(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = json.loads(json.dumps(of_prescriber()))
    wrong["components"]["schemas"]["SignedLimits"]["properties"]["version"] = {"type": "string"}
    monkeypatch.setattr(api_targets, "_of_prescriber", lambda: wrong)
    found = fuzz_in(stores, Wish(cases=40, only=f"POST {LIMITS}/renew"), hush)
    assert [one.partition(": ")[2] for one in found["faults"]] == [
        "JsonSchemaError: Response violates schema"
    ]


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("about:blank", []),
        ("Not Found", []),
        ("urn:uuid:", []),
        ("A rule stands there twice.", []),
        ("Walks badly.", ["repeats what was sent"]),
        ('Says "no", \\o/\n行不穩', ["repeats what was sent"]),
    ],
)
def test_only_what_no_problem_says_by_itself_is_an_echo(reason: str, wrong: list[str]) -> None:
    case: Any = SimpleNamespace(
        body={"reason": reason}, query={}, path_parameters={}, validate_response=lambda *_, **__: None
    )
    problem = json.dumps({"title": "Not Found", "type": reason}, ensure_ascii=False)
    answer: Any = SimpleNamespace(status_code=404, text=problem)
    assert faults(Asked(case=case, role="clinician", token=""), answer) == wrong


def test_a_run_in_which_nobody_was_let_in_is_not_ok(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "bearer", lambda _token: {})
    found = fuzz_in(stores, Wish(cases=200, only="patients"), hush)
    assert found["faults"] == {}
    assert not found["ok"]


@pytest.mark.parametrize("words", [["--cases", "0"], ["--on-postgres", "-1"]])
def test_what_is_no_number_of_requests_is_a_usage_error(words: list[str]) -> None:
    assert main(["fuzz", "api", *words]) == ExitCode.USAGE
