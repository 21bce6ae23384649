"""`/v1/model`: who decides, drift, overrides and the shadow, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update
from studio_rows import NOW_MS, StudioRows, named

from ml.artifact import Refused
from ml.effort.model import RuleEffort
from services.access import Actor, Scope
from services.api.context import Context, Deciding
from services.api.shared import MINUTE_MS
from services.chosen import Chosen
from services.store import tables
from services.store.engine import writing

WEEK = "2026-11-16T00:00:00Z"  # the Monday of NOW_MS


def deciding(client: TestClient, found: Deciding) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    context: Context = app.state.context
    app.state.context = replace(context, deciding=lambda: found)


def a_shadow(studio: StudioRows, decision: str, **changes: object) -> None:
    row = {
        "decision_id": named(decision),
        "policy": "linear",
        "model": "effort-1",
        "origin": studio.origin,
        "now_ms": NOW_MS,
        "champion_load_g": 12_500,
        "load_g": 13_125,
        "champion_raised": False,
        "raised": True,
        "agrees": False,
        "violations": 0,
        "champion_p_too_hard": 0.02,
        "p_too_hard": 0.03,
        "failed": None,
        "answer": b"",
    }
    studio.put(tables.shadow, row | changes)


def a_studio(studio: StudioRows) -> None:
    studio.patient("Chan Mei Ling")
    studio.session("one")
    studio.decision("first", "one")
    studio.setting("setting-1", "one", "first", state="applied", applied_load_g=12_000)
    studio.set_end("one", 1, setting_id=named("setting-1"), ended_by="too_heavy", rir="0")


@pytest.mark.usefixtures("studio")
def test_an_empty_studio_has_nothing_to_judge(client: TestClient) -> None:
    deciding(client, Deciding(champion=Chosen(policy="steady", effort=RuleEffort(), refused="no signature")))
    answer = client.get("/v1/model").json()
    assert (answer["policy"], answer["refused"], answer["signed_by"]) == ("steady", "no signature", None)
    assert answer["drift"]["coverage"]["verdict"] == "not_enough_data"
    assert (answer["overrides"], answer["shadow"], answer["waiting"]) == ([], [], 0)


@pytest.mark.usefixtures("studio")
def test_before_the_model_is_open_there_is_none(client: TestClient) -> None:
    answer = client.get("/v1/model").json()
    assert (answer["model"], answer["refused"]) == (None, None)


def test_a_week_counts_what_people_did_against_the_settings(studio: StudioRows, client: TestClient) -> None:
    a_studio(studio)
    studio.setting("setting-2", "one", "first", state="refused", reason="STEP", seq=2)
    studio.setting("setting-3", "one", "first", state="applied", applied_load_g=12_500, seq=3)
    assert client.get("/v1/model").json()["overrides"] == [
        {
            "week": WEEK,
            "policy": "steady",
            "settings": 3,
            "applied": 2,
            "refused": 1,
            "expired": 0,
            "narrowed": 1,
            "too_heavy": 1,
            "staff": 0,
            "share": 0.5,
        }
    ]
    assert client.get("/v1/model?origin=real").json()["overrides"] == []


def test_limits_signed_narrower_are_counted(studio: StudioRows, client: TestClient) -> None:
    studio.patient("Chan Mei Ling")
    for version, load_g in ((1, 40_000), (2, 30_000), (3, 30_000)):
        studio.limits(version=version, max_load_g=load_g, id=named(f"limits-{version}"))
    assert client.get("/v1/model").json()["limit_changes"] == [{"week": WEEK, "signed": 2, "narrower": 1}]


def test_a_challenger_is_reported_with_what_its_sets_showed(studio: StudioRows, client: TestClient) -> None:
    a_studio(studio)
    a_shadow(studio, "first")
    deciding(client, Deciding(challenger=Refused(reason="there is no policy liner"), shadow_least=5))
    answer = client.get("/v1/model").json()
    assert answer["challenger_refused"] == "there is no policy liner"
    (found,) = answer["shadow"]
    assert (found["policy"], found["model"]) == ("linear", "effort-1")
    assert found["may_not_act"] == "it has shadowed 1 decisions of 5"
    report = found["report"]
    assert (report["decisions"], report["raised_while_held"], report["load_difference_pct"]) == (1, 1, 5.0)
    assert report["champion"]["sets"] == 1


def test_drift_is_of_the_model_in_use(studio: StudioRows, client: TestClient) -> None:
    a_studio(studio)
    row = {
        "session_id": named("one"),
        "side": "left",
        "decision_id": named("first"),
        "origin": "sim",
        "kind": "trunk_rotation",
        "policy": "steady",
        "now_ms": NOW_MS,
        "features": [1.0],
        "innovation": 0.5,
        "source": "failure",
        "band_held": True,
    }
    studio.put(tables.monitored, row | {"set_number": 1, "model": "effort-1"})
    studio.put(tables.monitored, row | {"set_number": 2, "model": "effort-0"})
    found = client.get("/v1/model").json()["drift"]
    assert (found["sets"], found["coverage"]["inside"], found["innovations"]["sets"]) == (1, 1, 1)


def test_an_alert_of_the_studio_stands_in_about(studio: StudioRows, client: TestClient) -> None:
    assert client.get("/v1/about").json()["attention"] == []
    studio.alert("model_refused", "amber", machine=None, detail="the card is not signed")
    (found,) = client.get("/v1/about").json()["attention"]
    assert found["code"] == "model_refused"
    assert "rule" in found["text_en"]
    with writing(studio.engine) as connection:
        connection.execute(update(tables.alert).values(state="resolved"))
    assert client.get("/v1/about").json()["attention"] == []


def test_it_stands_for_a_minute_and_says_of_when_it_is(studio: StudioRows, client: TestClient) -> None:
    clock = [NOW_MS]
    app = client.app
    assert isinstance(app, FastAPI)
    app.state.context = replace(app.state.context, now_ms=lambda: clock[0])
    first = client.get("/v1/model").json()
    a_studio(studio)
    clock[0] += MINUTE_MS - 1
    assert client.get("/v1/model").json() == first
    assert first["overrides"] == []
    clock[0] += 1
    later = client.get("/v1/model").json()
    assert [week["settings"] for week in later["overrides"]] == [1]
    assert timestamp_ms(later) - timestamp_ms(first) == MINUTE_MS


def test_the_model_of_the_chain_is_never_the_answer_to_who_sees_one_site(
    studio: StudioRows, client: TestClient, as_role: Callable[..., Actor]
) -> None:
    a_studio(studio)
    for scope, seen in ((Scope(), 1), (Scope(sites=frozenset()), 0), (Scope(), 1)):
        as_role("clinician", scope=scope)
        assert len(client.get("/v1/model").json()["overrides"]) == seen
    as_role("anonymous")
    assert client.get("/v1/model").status_code == 401


def timestamp_ms(answer: dict[str, str]) -> int:
    return round(datetime.fromisoformat(answer["as_of"]).timestamp() * 1_000)
