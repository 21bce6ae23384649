"""What-if over HTTP, on a history that the coaching itself has written."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from scripted_studio import Studio, open_studio
from trained_history import train_visits

from ml.policies import POLICIES
from services.api.context import Context
from services.store import tables

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio of its own: no test here writes."""
    folder = tmp_path_factory.mktemp("trained")
    made = open_studio(f"sqlite:///{folder / 'studio.sqlite'}", folder)
    studio = next(made)
    train_visits(studio, 3)
    yield studio
    next(made, None)


@pytest.fixture
def ask(trained: Studio, client: TestClient, context: Context) -> Any:
    """Ask about the one who trained, or about somebody else."""
    app = cast("FastAPI", client.app)
    app.state.context = replace(context, engine=trained.engine)
    person = trained.rows(tables.patient)[0]["id"]
    return lambda who=person, **query: client.get(f"/v1/patients/{who}/whatif", params=query)


def test_with_the_same_policy_nothing_differs(ask: Any, trained: Studio) -> None:
    found = ask(policy="steady").json()
    assert len(found["sets"]) == found["real"]["sets"] > 4
    assert (found["differing"], found["drifted"], found["left_out"]) == (0, 0, [])
    assert found["real"] == found["other"]
    ends = [row for row in trained.rows(tables.finished_set) if row["mode"] == "train"]
    assert [one["real"]["load_kg"] for one in found["sets"]] == [row["load_g"] / 1_000 for row in ends]
    assert [one["visit"] for one in found["sets"]] == sorted(one["visit"] for one in found["sets"])


def test_every_policy_answers_and_says_what_can_be_concluded(ask: Any) -> None:
    for policy in POLICIES:
        found = ask(policy=policy, simulate=False).json()
        assert found["policy"] == policy
        assert "nobody knows" in found["note"]
        assert found["differing"] <= len([one for one in found["sets"] if one["differs"]])


def test_simulated_says_so(ask: Any) -> None:
    found = ask(policy="linear", simulate=True).json()
    assert found["simulated"] is True
    assert found["note"].startswith("SIMULATED")


def test_other_limits_bind(ask: Any) -> None:
    found = ask(max_load_kg=1.0).json()
    assert found["limits"] == ["max_load_kg=1.0"]
    assert {one["other"]["load_kg"] for one in found["sets"]} == {1.0}
    assert any("limit_load" in one["other"]["why"] for one in found["sets"])


def test_only_one_machine_or_side(ask: Any) -> None:
    assert ask(policy="linear", kind="trunk_rotation").json()["sets"] == []
    assert ask(policy="linear", kind="lumbar_extension", side="both").json()["sets"] != []


def test_what_is_wrong_is_a_problem(ask: Any) -> None:
    assert ask(who=NOBODY, policy="linear").status_code == 404
    refused = ask(policy="nonsense")
    assert refused.status_code == 422
    assert "two_for_two" in refused.json()["mistakes"][0]["what"]
    assert ask(policy="linear", max_load_kg=-1).status_code == 422
    assert ask(policy="linear", phase="sprint").status_code == 422


def test_asking_changes_nothing(ask: Any, trained: Studio) -> None:
    before = [(table, trained.rows(table)) for table in (tables.decision, tables.belief, tables.outbox)]
    ask(policy="apre", simulate=True)
    assert [(table, trained.rows(table)) for table, _ in before] == before
