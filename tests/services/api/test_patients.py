from typing import Any

import pytest
from fastapi.testclient import TestClient
from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from services.store import tables

CHAN = named("Chan Mei Ling")
NOBODY = named("nobody")


def codes(reasons: list[dict[str, str]]) -> list[str]:
    return [reason["code"] for reason in reasons]


def test_empty_list(client: TestClient) -> None:
    assert client.get("/v1/patients").json() == {"items": [], "next": None}


def test_list_shows_name_age_phase_visits_and_flags(studio: StudioRows, client: TestClient) -> None:
    studio.patient()
    studio.limits()
    studio.limits(kind="lumbar_extension", phase="restore")
    studio.visit("2026-11-16", started_ms=NOW_MS - 2 * DAY_MS)
    studio.visit("2026-11-13", started_ms=NOW_MS - 5 * DAY_MS)
    row = client.get("/v1/patients").json()["items"][0]
    assert row == {
        "id": CHAN,
        "code": "P-Ling",
        "name": "Chan Mei Ling",
        "age_years": 72,
        "sex": "female",
        "profile": "rehab",
        "phase": "restore",
        "light": "fine",
        "last_visit_at": "2026-11-16T11:06:40Z",
        "visits": 2,
        "flags": ["back_pain", "osteoporosis"],
        "attention": [],
    }


def test_search_finds_part_of_name_or_code_and_takes_signs_literally(
    studio: StudioRows, client: TestClient
) -> None:
    studio.patient("Chan Mei Ling")
    studio.patient("Lee Ka Fai", code="X-100%")
    assert [row["name"] for row in client.get("/v1/patients?search=mei").json()["items"]] == ["Chan Mei Ling"]
    assert [row["name"] for row in client.get("/v1/patients?search=100%25").json()["items"]] == ["Lee Ka Fai"]
    assert client.get("/v1/patients?search=_").json()["items"] == []


def test_pages_follow_one_another_without_gap_or_repeat(studio: StudioRows, client: TestClient) -> None:
    names = sorted(f"Person {letter}" for letter in "EDCBA")
    for name in names:
        studio.patient(name)
    seen, cursor, pages = [], None, 0
    while True:
        page = client.get("/v1/patients", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [row["name"] for row in page["items"]]
        pages += 1
        cursor = page["next"]
        if cursor is None:
            break
    assert (seen, pages) == (names, 3)


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "NaN"},
        {"cursor": "SECRET"},
        {"cursor": "é"},
        {"search": "a\x00SECRET"},
        {"search": "SECRET" * 11},
    ],
)
def test_bad_query_is_refused_without_echo(client: TestClient, query: dict[str, str]) -> None:
    answer = client.get("/v1/patients", params=query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["mistakes"][0]["where"].startswith("query.")
    assert "SECRET" not in answer.text
    assert "NaN" not in answer.text


def test_alert_since_the_last_visit_lights_red_and_an_older_one_does_not(
    studio: StudioRows, client: TestClient
) -> None:
    studio.patient()
    studio.limits()
    studio.visit("2026-11-18", started_ms=NOW_MS)
    studio.alert("pain", "red", patient_id=CHAN, raised_ms=NOW_MS - 1)
    assert client.get("/v1/patients").json()["items"][0]["light"] == "fine"
    studio.alert("unwell", "red", patient_id=CHAN, raised_ms=NOW_MS + 1)
    row = client.get("/v1/patients").json()["items"][0]
    assert (row["light"], codes(row["attention"])) == ("red", ["unwell"])


@pytest.mark.parametrize(
    ("days_left", "code"), [(15, None), (14, "limits_expire"), (1, "limits_expire"), (0, "limits_expired")]
)
def test_limits_to_renew_need_somebody(
    studio: StudioRows, client: TestClient, days_left: int, code: str | None
) -> None:
    studio.patient()
    studio.limits(valid_until_ms=NOW_MS + days_left * DAY_MS)
    row = client.get("/v1/patients").json()["items"][0]
    assert codes(row["attention"]) == ([code] if code else [])
    assert row["light"] == ("amber" if code else "fine")


def test_ten_days_away_need_a_call(studio: StudioRows, client: TestClient) -> None:
    studio.patient()
    studio.limits()
    studio.visit("2026-11-08", started_ms=NOW_MS - 10 * DAY_MS)
    attention = client.get("/v1/patients").json()["items"][0]["attention"]
    assert attention[0]["text_en"] == "No visit for 10 days."


def test_page_shows_limits_and_dose_of_each_station(studio: StudioRows, client: TestClient) -> None:
    studio.patient(stations=["lumbar_extension", "trunk_rotation"])
    studio.limits(version=1, max_load_g=1_000)
    studio.limits(version=2)
    studio.session("old", opened_ms=NOW_MS - DAY_MS, closed_ms=NOW_MS - DAY_MS)
    studio.decision("old", "old")
    studio.setting("old", "old", "old", load_g=1_000)
    studio.session("new")
    studio.decision("new", "new")
    studio.setting("warm", "new", "new", seq=1, mode="warm_up", load_g=5_000)
    studio.setting("work", "new", "new", seq=2)
    studio.setting("turned-down", "new", "new", seq=3, state="refused", load_g=90_000)
    page = client.get(f"/v1/patients/{CHAN}").json()
    assert (page["mass_kg"], page["baseline_nrs"], page["osteoporosis"]) == (52.0, 4, True)
    back, rotation = page["stations"]
    assert (back["kind"], back["limits"], back["doses"]) == ("lumbar_extension", None, [])
    assert (rotation["sides"], rotation["phase"]) == (["left", "right"], "build")
    assert rotation["limits"]["version"] == 2
    assert rotation["limits"]["max_load_kg"] == 20.0
    assert rotation["limits"]["phase_cap_kg"] == 15.5
    assert rotation["limits"]["signed_by"] == "Dr Demo (DEMO)"
    assert rotation["limits"]["ranges"][0] == {
        "side": "left",
        "lowest_deg": -15.0,
        "highest_deg": 20.0,
        "clinical_lowest_deg": -15.0,
        "clinical_highest_deg": 20.0,
    }
    assert [(dose["side"], dose["dose"]["load_kg"]) for dose in rotation["doses"]] == [("left", 12.5)]
    assert rotation["doses"][0]["dose"]["tempo_s"] == [2.0, 0.0, 3.0]
    assert rotation["doses"][0]["dose"]["rest_s"] == 60.0


@pytest.mark.parametrize("part", ["", "/balance", "/progress", "/adjustments", "/sessions"])
def test_nobody_is_not_found(client: TestClient, part: str) -> None:
    answer = client.get(f"/v1/patients/{NOBODY}{part}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no such patient."
    assert NOBODY not in answer.text


@pytest.mark.parametrize("part", ["", "/balance", "/progress", "/adjustments", "/sessions"])
def test_patient_of_the_other_origin_is_not_found(studio: StudioRows, client: TestClient, part: str) -> None:
    studio.patient()
    assert client.get(f"/v1/patients/{CHAN}{part}", params={"origin": "real"}).status_code == 404


@pytest.mark.parametrize("part", ["", "/balance", "/progress", "/adjustments", "/sessions"])
def test_id_that_is_none_is_a_mistake(client: TestClient, part: str) -> None:
    answer = client.get(f"/v1/patients/SECRET{part}")
    assert answer.status_code == 422
    assert "SECRET" not in answer.text


@pytest.mark.parametrize("part", ["", "/balance", "/progress", "/adjustments", "/sessions"])
def test_new_patient_has_empty_pages(studio: StudioRows, client: TestClient, part: str) -> None:
    studio.patient()
    answer = client.get(f"/v1/patients/{CHAN}{part}")
    assert answer.status_code == 200


def test_progress_draws_series_pain_and_adherence(studio: StudioRows, client: TestClient) -> None:
    studio.patient()
    for number, days in enumerate((14, 7, 0)):
        name = f"2026-11-{18 - days:02}"
        studio.visit(name, started_ms=NOW_MS - days * DAY_MS, morning_nrs=2 if days == 14 else None)
        studio.session(name, opened_ms=NOW_MS - days * DAY_MS)
        studio.summary(name, name, wall_ms=NOW_MS - days * DAY_MS, load_g=12_000 + 100 * number)
    page = client.get(f"/v1/patients/{CHAN}/progress").json()
    points = page["series"][0]["points"]
    assert [point["load_kg"] for point in points] == [12.0, 12.1, 12.2]
    assert (points[0]["amplitude_deg"], points[0]["work_j"], points[0]["reps"]) == (30.0, 250.0, 10)
    assert (points[0]["capacity_low_kg"], points[0]["capacity_high_kg"]) == (26.0, 34.0)
    assert page["series"][0]["trend"]["verdict"] == "not_enough_data"
    assert page["adherence"] == {"planned": 5, "attended": 3}
    assert {"at": "2026-11-05T11:06:40Z", "nrs": 2, "question": "pain_next_morning"} in page["pain"]
    assert client.get(f"/v1/patients/{CHAN}/progress?kind=row").json()["series"] == []
    assert client.get(f"/v1/patients/{CHAN}/progress?side=right").json()["series"] == []
    assert client.get(f"/v1/patients/{CHAN}/progress?side=up").status_code == 422


def test_the_head_counts_proposals_on_every_machine_and_names_its_zone(
    studio: StudioRows, client: TestClient
) -> None:
    studio.patient()
    for kind, days, state in (
        ("trunk_rotation", 1, "open"),
        ("leg_press", 13, "open"),
        ("row", 14, "open"),
        ("neck_lateral", 1, "signed"),
    ):
        row: dict[str, Any] = {
            "id": named(f"proposal-{kind}"),
            "patient_id": CHAN,
            "kind": kind,
            "state": state,
        }
        row |= {"base_version": 1, "envelope": {}, "valid_days": 42, "reason": "Easy.", "by_id": "u-1"}
        studio.put(tables.limits_proposal, row | {"by_name": "Dr Wong", "at_ms": NOW_MS - days * DAY_MS})
    head = client.get(f"/v1/patients/{CHAN}").json()
    assert (head["proposed_kinds"], head["zone"]) == (["leg_press", "trunk_rotation"], "Asia/Hong_Kong")


def test_progress_reads_endurance_out_of_what_is_believed(studio: StudioRows, client: TestClient) -> None:
    studio.patient()
    studio.visit("today")
    studio.session("today")
    studio.summary("today", "today")
    latest = {"mean": [3.4, -3.2188758], "covariance": [[0.1], [0.0, 0.04]]}
    row = {"session_id": named("today"), "side": "left", "patient_id": CHAN, "origin": "sim"}
    studio.put(tables.belief, row | {"kind": "trunk_rotation", "opened_ms": NOW_MS, "latest": latest})
    (point,) = client.get(f"/v1/patients/{CHAN}/progress").json()["series"][0]["points"]
    assert point["endurance"] == {"reps": 25.0, "low_reps": 19.3, "high_reps": 32.3}
    assert client.get(f"/v1/patients/{CHAN}/progress?side=right").json()["series"] == []


def test_balance_counts_the_sets_of_late(studio: StudioRows, client: TestClient) -> None:
    studio.patient()
    for days in (0, 10):
        name = f"visit-{days}"
        studio.visit(name, started_ms=NOW_MS - days * DAY_MS)
        studio.session(name, opened_ms=NOW_MS - days * DAY_MS)
        studio.summary(name, name, wall_ms=NOW_MS - days * DAY_MS, sets=2)
    assert client.get(f"/v1/patients/{CHAN}/balance").json()["trained"] == [
        {"kind": "trunk_rotation", "side": "left", "sets_7_days": 2, "sets_28_days": 4}
    ]


def test_progress_tells_readiness_on_the_scale_it_was_asked_on(
    studio: StudioRows, client: TestClient
) -> None:
    studio.patient()
    studio.session("today")
    studio.answer("today", "readiness", 4, wall_ms=NOW_MS)
    studio.answer("today", "pain_before", 2, wall_ms=NOW_MS)
    row = {"patient_id": CHAN, "origin": "sim", "day": "2026-11-17", "question": "readiness", "value": 7}
    studio.put(tables.said, row | {"at_ms": NOW_MS - DAY_MS, "by_id": CHAN})
    told = client.get(f"/v1/patients/{CHAN}/progress").json()["readiness"]
    assert [(one["value"], one["most"]) for one in told] == [(7, 10), (4, 5)]
