"""Tables over HTTP: the rows of the JSON, figure by figure, and only for those who may take them away."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from services.access import Actor, Scope
from services.api.__main__ import description
from services.store import tables
from services.store.engine import writing

CHAN = named("Chan Mei Ling")
AsRole = Callable[..., Actor]
LISTS = ("sessions", "adjustments", "progress", "pain", "balance")


@pytest.fixture
def course(studio: StudioRows) -> StudioRows:
    studio.patient()
    studio.limits()
    for number in range(3):
        day, session, at_ms = f"day-{number}", f"session-{number}", NOW_MS + number * DAY_MS
        studio.visit(day, started_ms=at_ms, morning_nrs=1)
        studio.session(session, visit_id=named(day), opened_ms=at_ms)
        for side in ("left", "right"):
            studio.summary(session, day, side=side, wall_ms=at_ms, load_g=12_345 + number)
        studio.decision(f"decision-{number}", session, now_ms=at_ms)
        studio.setting(f"setting-{number}", session, f"decision-{number}", state="applied")
        studio.rep(session, 1)
    return studio


def read(client: TestClient, path: str) -> list[dict[str, str]]:
    """Read a table by the names of the JSON: units behind them are left out."""
    written = client.get(path).content.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(written, newline=""))
    return [{name.split(" [")[0]: value for name, value in row.items()} for row in rows]


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Walk through figures, moments and words of a JSON row, named as a table names them."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}_{name}" if path else name)
    elif not isinstance(value, list):
        yield path, value


def same(shown: Any, written: str) -> bool:
    if shown is None:
        return written == ""
    if isinstance(shown, bool):
        return written == str(shown).lower()
    if isinstance(shown, int | float):
        return float(written) == shown
    if written == shown:
        return True
    return datetime.fromisoformat(written) == datetime.fromisoformat(shown)


@pytest.mark.usefixtures("course")
def test_figures_are_those_of_the_json(client: TestClient, as_role: AsRole) -> None:
    as_role("therapist", stepped_up=True)
    progress = client.get(f"/v1/patients/{CHAN}/progress").json()
    points = [
        {"kind": one["kind"], "side": one["side"]} | point
        for one in progress["series"]
        for point in one["points"]
    ]
    shown = {
        "progress": points,
        "pain": progress["pain"],
        "balance": client.get(f"/v1/patients/{CHAN}/balance").json()["pairs"],
        "sessions": client.get(f"/v1/patients/{CHAN}/sessions").json()["items"],
        "adjustments": client.get(f"/v1/patients/{CHAN}/adjustments").json()["items"],
    }
    compared = 0
    for name in LISTS:
        written = read(client, f"/v1/patients/{CHAN}/{name}.csv")
        assert len(written) == len(shown[name]) > 0
        for row, line in zip(shown[name], written, strict=True):
            for leaf, value in leaves(row):
                if leaf in line and not leaf.endswith(("_kg_text", "values")):
                    assert same(value, line[leaf]), (name, leaf, value, line[leaf])
                    compared += 1
    assert compared > 200


@pytest.mark.usefixtures("course")
def test_reps_are_those_of_the_session(client: TestClient, as_role: AsRole) -> None:
    as_role("therapist", stepped_up=True)
    rep = client.get(f"/v1/sessions/{named('session-0')}").json()["sets"][0]["reps"][0]
    line = read(client, f"/v1/sessions/{named('session-0')}/reps.csv")[0]
    found = {name: value for name, value in leaves(rep) if name != "curve"}
    assert {name: same(value, line[name]) for name, value in found.items()} == dict.fromkeys(found, True)


@pytest.mark.usefixtures("course")
def test_filters_are_those_of_the_screen(client: TestClient, as_role: AsRole) -> None:
    as_role("therapist", stepped_up=True)
    assert {row["side"] for row in read(client, f"/v1/patients/{CHAN}/progress.csv?side=left")} == {"left"}
    assert read(client, f"/v1/patients/{CHAN}/progress.csv?kind=row") == []
    assert len(read(client, f"/v1/patients/{CHAN}/adjustments.csv?state=applied")) == 3
    assert read(client, f"/v1/patients/{CHAN}/adjustments.csv?state=refused") == []
    assert client.get(f"/v1/patients/{CHAN}/progress.csv?side=SECRET").status_code == 422


def test_list_and_table_of_adjustments_take_the_same_filters() -> None:
    paths = description()["paths"]
    of_list, of_table = (
        {json.dumps(one, sort_keys=True) for one in paths[where]["get"]["parameters"]}
        for where in ("/v1/patients/{patient_id}/adjustments", "/v1/patients/{patient_id}/adjustments.csv")
    )
    assert {json.loads(one)["name"] for one in of_list - of_table} == {"limit", "cursor"}
    assert of_table - of_list == set()


@pytest.mark.parametrize("asked", ["", "?unused=false", "?state=expired", f"?session={named('session-1')}"])
def test_adjustments_are_those_of_the_list(
    asked: str, course: StudioRows, client: TestClient, as_role: AsRole
) -> None:
    course.decision("replaced", "session-1")
    course.setting("replaced", "session-1", "replaced", seq=2, state="expired")
    as_role("therapist", stepped_up=True)
    shown = client.get(f"/v1/patients/{CHAN}/adjustments{asked}").json()["items"]
    written = read(client, f"/v1/patients/{CHAN}/adjustments.csv{asked}")
    assert [row["id"] for row in written] == [row["id"] for row in shown]
    assert len(shown) == {"": 4, "?unused=false": 3, "?state=expired": 1}.get(asked, 2)


@pytest.mark.usefixtures("course")
def test_the_file_names_nobody_and_no_cache_keeps_it(client: TestClient, as_role: AsRole) -> None:
    as_role("therapist", stepped_up=True)
    answer = client.get(f"/v1/patients/{CHAN}/sessions.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="sessions.csv"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["cache-control"] == "no-store"
    assert "opened_at [Asia/Hong_Kong]" in answer.content.decode("utf-8-sig").splitlines()[0]
    assert answer.headers["x-time-zone"] == "Asia/Hong_Kong"


@pytest.mark.usefixtures("course")
def test_a_table_is_in_the_zone_of_the_persons_site_and_says_so(
    studio: StudioRows, client: TestClient, as_role: AsRole
) -> None:
    studio.site(id="tokyo", name="Shibuya", time_zone="Asia/Tokyo")
    with writing(studio.engine) as connection:
        connection.execute(tables.patient.update().values(site_id="tokyo"))
    as_role("therapist", stepped_up=True)
    answer = client.get(f"/v1/patients/{CHAN}/sessions.csv")
    assert "opened_at [Asia/Tokyo]" in answer.content.decode("utf-8-sig").splitlines()[0]
    assert answer.headers["x-time-zone"] == "Asia/Tokyo"
    assert client.get("/v1/patients.csv").headers["x-time-zone"] == "Asia/Hong_Kong"


@pytest.mark.usefixtures("course")
def test_one_must_have_proven_who_one_is(client: TestClient, as_role: AsRole) -> None:
    paths = [f"/v1/patients/{CHAN}/{name}.csv" for name in LISTS]
    for role, status in (("anonymous", 401), ("admin", 403), ("auditor", 403), ("therapist", 403)):
        as_role(role)
        assert {client.get(path).status_code for path in paths} == {status}, role
    as_role("therapist", stepped_up=True)
    assert {client.get(path).status_code for path in paths} == {200}
    assert {client.get(f"{path}?origin=real").status_code for path in paths} == {404}


def test_session_of_a_stranger_has_its_reps_in_the_zone_of_the_studio(
    studio: StudioRows, client: TestClient, as_role: AsRole
) -> None:
    studio.session("stranger", patient=None)
    studio.rep("stranger", 1)
    as_role("therapist", stepped_up=True)
    assert len(read(client, f"/v1/sessions/{named('stranger')}/reps.csv")) == 1


@pytest.mark.usefixtures("course")
def test_people_are_those_of_the_list(studio: StudioRows, client: TestClient, as_role: AsRole) -> None:
    studio.patient("Lee Tai Man")
    as_role("therapist", scope=Scope(sites=frozenset(("studio",))), stepped_up=True)
    shown = client.get("/v1/patients").json()["items"]
    written = read(client, "/v1/patients.csv")
    assert [row["id"] for row in written] == [row["id"] for row in shown]
    for row, line in zip(shown, written, strict=True):
        found = {leaf: value for leaf, value in leaves(row) if leaf in line}
        assert {leaf: same(value, line[leaf]) for leaf, value in found.items()} == dict.fromkeys(found, True)
    lights = [row["light"] for row in shown]
    assert len(read(client, f"/v1/patients.csv?light={lights[0]}")) == lights.count(lights[0])
    assert [row["name"] for row in read(client, "/v1/patients.csv?search=tai")] == ["Lee Tai Man"]
    as_role("therapist", scope=Scope(sites=frozenset(("other",))), stepped_up=True)
    assert read(client, "/v1/patients.csv") == []
    as_role("therapist")
    assert client.get("/v1/patients.csv").status_code == 403


def test_alerts_are_those_of_the_inbox(studio: StudioRows, client: TestClient, as_role: AsRole) -> None:
    studio.patient()
    studio.alert("pain", "red", patient_id=CHAN)
    as_role("therapist", stepped_up=True)
    groups = client.get("/v1/alerts").json()["groups"]
    written = read(client, "/v1/alerts.csv")
    assert [row["id"] for row in written] == [one["id"] for group in groups for one in group["alerts"]]
    assert (len(written), written[0]["patient_name"]) == (1, "Chan Mei Ling")
    assert read(client, "/v1/alerts.csv?severity=amber") == []
    as_role("therapist")
    assert client.get("/v1/alerts.csv").status_code == 403
