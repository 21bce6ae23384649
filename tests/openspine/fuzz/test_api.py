"""Whatever is asked by whomever, the API answers as it is described, and repeats nothing of it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from openspine.__main__ import main
from openspine.fuzz import api
from openspine.fuzz.api import Wish, fuzz_in
from openspine.fuzz.api_stores import Stores, on_postgres, on_sqlite
from openspine.fuzz.api_studio import ROLES
from openspine.outcome import ExitCode
from services.api import problems
from services.api.__main__ import description
from services.api.schemas import Mistake
from services.office import places
from services.store import sites as site_rows

PATIENT = "GET /v1/patients"


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
    ],
    ids=["a reading crashes", "a writing crashes", "a problem repeats what was sent"],
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
    wrong = json.loads(json.dumps(description()))
    wrong["components"]["schemas"]["Alive"]["properties"]["status"] = {"type": "integer"}
    monkeypatch.setattr(api, "_described", lambda: wrong)
    found = fuzz_in(stores, Wish(cases=3, only="/healthz"), hush)
    assert list(found["faults"]) == ["GET /healthz: JsonSchemaError: Response violates schema"]


@pytest.mark.parametrize("words", [["--cases", "0"], ["--on-postgres", "-1"]])
def test_what_is_no_number_of_requests_is_a_usage_error(words: list[str]) -> None:
    assert main(["fuzz", "api", *words]) == ExitCode.USAGE
