"""Programmes, phases, capacity and the history of limits over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from services.access import Actor
from services.store import tables

Ask = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")
HOUR_MS = 3_600_000
CHAN = named("Chan Mei Ling")
URL = f"/v1/patients/{CHAN}"
STATIONS = {"restore": ["trunk_rotation"], "build": ["trunk_rotation", "lumbar_extension"]}
WINDOW = {"lowest_cdeg": -1_500, "highest_cdeg": 1_500, "start_highest_cdeg": 1_000}


def programme(**changes: Any) -> dict[str, Any]:
    goals = [
        {"what": "load", "of": "trunk_rotation", "target": 12.0, "week": 12},
        {"what": "pain", "target": 3, "week": 12},
        {"what": "function", "of": "odi", "target": 20, "week": 12},
    ]
    return {"starts_day": "2026-11-02", "stations": STATIONS, "goals": goals} | changes


def trained(studio: StudioRows, visits: int, **changes: Any) -> None:
    """Put visits on the right and left side of the rotation, one a week until now."""
    for number in range(visits):
        ms, name = NOW_MS - (visits - number) * DAY_MS, f"v{number}"
        studio.visit(name, started_ms=ms, day=f"2026-11-{18 - visits + number}")
        studio.session(name, opened_ms=ms)
        for side in ("left", "right"):
            row = {"side": side, "wall_ms": ms, "pain_before": 2, "pain_set": 2, "morning_nrs": 2}
            studio.summary(name, name, **(row | changes))


def signed(studio: StudioRows, phase: str, **changes: Any) -> None:
    envelope = {
        "sides": {"left": WINDOW, "right": WINDOW},
        "max_load_g": 20_000,
        "phase_cap_g": 15_500,
        "max_torque_nm": 90,
        "phase": phase,
        "pain_green_nrs": 3,
        "pain_amber_nrs": 5,
        "max_speed_cdeg_s": 4_500,
    }
    signed_ms = {"signed_ms": NOW_MS - 300 * DAY_MS}
    studio.limits(phase=phase, **(signed_ms | {"envelope": envelope} | changes))


def test_a_programme_says_how_far_it_is(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    as_role("therapist")
    studio.patient(baseline_nrs=4)
    trained(studio, 3, load_g=12_500)
    assert client.post(f"{URL}/programmes", json=programme()).status_code == 204
    shown = client.get(f"{URL}/programmes").json()["items"][0]
    figures = (shown["week"], shown["weeks"], shown["visits_planned"], shown["visits_kept"])
    assert figures == (3, 12, 24, 3)
    load, pain, function = shown["goals"]
    assert (load["now"], load["unit"], load["reached"]) == (12.5, "kg", True)
    assert (pain["now"], pain["reached"]) == (3.0, True)
    assert (function["now"], function["reached"]) == (None, False)


def test_days_are_counted_as_the_site_counts_them(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    studio.patient()
    midnight_ms = NOW_MS // DAY_MS * DAY_MS - 8 * HOUR_MS  # in Hong Kong
    for hours, day in ((-1, "2026-11-17"), (1, "2026-11-18")):
        started_ms = midnight_ms + hours * HOUR_MS
        studio.visit(day, started_ms=started_ms, day=day)
    for starts_day in ("2026-11-12", "2026-11-11", "2026-11-18"):
        assert client.post(f"{URL}/programmes", json=programme(starts_day=starts_day)).status_code == 204
    shown = {one["starts_day"]: one for one in client.get(f"{URL}/programmes").json()["items"]}
    assert shown["2026-11-18"]["visits_kept"] == 1
    assert [shown[day]["week"] for day in ("2026-11-12", "2026-11-11")] == [1, 2]


@pytest.mark.parametrize(("phase", "expected"), [("build", STATIONS["build"]), ("calm", ["row"])])
def test_a_new_programme_changes_the_circuit_of_the_phase_of_now(
    studio: StudioRows, client: TestClient, as_role: Ask, phase: str, expected: list[str]
) -> None:
    as_role("therapist")
    studio.patient(stations=["row"])
    signed(studio, phase)
    assert client.post(f"{URL}/programmes", json=programme()).status_code == 204
    with studio.engine.connect() as connection:
        assert connection.scalar(select(tables.patient.c.stations)) == expected


def test_a_new_programme_replaces_the_one_that_runs(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    studio.patient()
    for _ in range(2):
        assert client.post(f"{URL}/programmes", json=programme()).status_code == 204
    assert client.post(f"{URL}/programmes/end", json={"why": "finished"}).status_code == 204
    assert client.post(f"{URL}/programmes/end", json={"why": "finished"}).status_code == 409
    shown = [(one["version"], one["ended_why"]) for one in client.get(f"{URL}/programmes").json()["items"]]
    assert shown == [(2, "finished"), (1, "replaced")]


@pytest.mark.parametrize(
    "changes",
    [
        {"stations": {"restore": ["SECRET"]}},
        {"stations": {"SECRET": ["row"]}},
        {"stations": {"restore": ["row", "row"]}},
        {
            "stations": {
                "build": ["lumbar_extension", "lumbar_flexion", "trunk_rotation", "row", "leg_press",
                          "hip_extension", "hip_abduction"],
            }
        },
        {"goals": [{"what": "load", "of": "SECRET", "target": 1, "week": 1}]},
        {"goals": [{"what": "load", "target": 1, "week": 1}]},
        {"goals": [{"what": "pain", "of": "row", "target": 1, "week": 1}]},
        {"goals": [{"what": "pain", "target": 1, "week": 13}]},
        {"weeks": 0},
    ],
)  # fmt: skip
def test_what_cannot_be_a_programme_is_refused(
    studio: StudioRows, client: TestClient, as_role: Ask, changes: dict[str, Any]
) -> None:
    as_role("therapist")
    studio.patient()
    answer = client.post(f"{URL}/programmes", json=programme(**changes))
    assert answer.status_code == 422
    assert "SECRET" not in answer.text
    assert client.get(f"{URL}/programmes").json()["items"] == []


def test_a_phase_shows_every_condition_met_or_not(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    studio.patient()
    signed(studio, "restore")
    trained(studio, 3, end_cdeg=1_400, start_cdeg=-1_400)
    shown = client.get(f"{URL}/phase").json()
    assert (shown["phase"], shown["history"]) == ("restore", [])
    left = shown["stations"][0]
    assert (left["side"], left["next"]) == ("left", None)
    assert [(one["code"], one["have"], one["met"]) for one in left["conditions"]] == [
        ("visits", 3.0, False),
        ("range", 0.933, True),
        ("mornings", 3.0, True),
    ]
    studio.visit("v9", started_ms=NOW_MS - 1_000, day="2026-11-18")
    studio.session("v9", opened_ms=NOW_MS - 1_000)
    for side in ("left", "right"):
        studio.summary(
            "v9", "v9", side=side, wall_ms=NOW_MS - 1_000, start_cdeg=-1_400, end_cdeg=1_400, morning_nrs=2
        )
    assert {one["next"] for one in client.get(f"{URL}/phase").json()["stations"]} == {"build"}


def test_only_a_clinician_signs_a_phase_and_says_so_when_conditions_are_not_met(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    studio.patient()
    signed(studio, "restore")
    as_role("therapist", stepped_up=True)
    client.post(f"{URL}/programmes", json=programme())
    wanted = {"phase": "build", "reason": "Strong enough."}
    assert client.put(f"{URL}/phase", json=wanted).status_code == 403
    as_role("clinician")
    assert client.put(f"{URL}/phase", json=wanted).status_code == 403
    as_role("clinician", stepped_up=True)
    refused = client.put(f"{URL}/phase", json=wanted)
    assert (refused.status_code, refused.json()["detail"]) == (409, "Not met: mornings, range, visits.")
    answer = client.put(f"{URL}/phase", json=wanted | {"despite": True})
    assert answer.status_code == 200
    assert (answer.json()["phase"], answer.json()["limits_to_sign"]) == ("build", ["trunk_rotation"])
    change = client.get(f"{URL}/phase").json()["history"][0]
    assert (change["left_phase"], change["phase"], change["by"]) == ("restore", "build", "clinician")
    assert [one["met"] for one in change["conditions"][:3]] == [False, False, False]
    with studio.engine.connect() as connection:
        stations = connection.scalar(select(tables.patient.c.stations))
    assert stations == STATIONS["build"]


def test_a_phase_is_not_skipped_and_back_is_always_open(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("clinician", stepped_up=True)
    studio.patient()
    signed(studio, "restore")
    skipped = client.put(f"{URL}/phase", json={"phase": "strengthen", "reason": "x"})
    assert "phases between" in skipped.json()["detail"]
    assert client.put(f"{URL}/phase", json={"phase": "restore", "reason": "x"}).status_code == 409
    assert client.put(f"{URL}/phase", json={"phase": "calm", "reason": "Spasm."}).status_code == 200


def test_a_capacity_is_countersigned(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    studio.patient()
    signed(studio, "build")
    body = {"kind": "trunk_rotation", "capacity_kg": 20.0, "reason": "As tested."}
    as_role("therapist", stepped_up=True)
    proposed = client.get(f"{URL}/capacity").json()["items"]
    rotation = next(one for one in proposed if one["kind"] == "trunk_rotation")
    assert rotation["proposed_kg"] > 0
    assert (rotation["signed_kg"], rotation["caps_kg"]["build"]) == (
        None,
        pytest.approx(0.45 * rotation["proposed_kg"], abs=0.01),
    )
    assert client.post(f"{URL}/capacity", json=body).status_code == 403
    as_role("clinician", stepped_up=True)
    assert client.post(f"{URL}/capacity", json=body | {"kind": "secret"}).status_code == 422
    assert client.post(f"{URL}/capacity", json=body | {"capacity_kg": 20.03}).status_code == 422
    assert client.post(f"{URL}/capacity", json=body | {"capacity_kg": 150.0}).status_code == 422
    assert client.post(f"{URL}/capacity", json=body).status_code == 204
    shown = client.get(f"{URL}/capacity").json()["items"]
    rotation = next(one for one in shown if one["kind"] == "trunk_rotation")
    assert (rotation["signed_kg"], rotation["signed_by"]) == (20.0, "clinician")
    assert rotation["caps_kg"] == {
        "calm": 3.0, "restore": 6.0, "build": 9.0, "strengthen": 16.0, "maintain": 16.0,
    }  # fmt: skip


def test_versions_of_limits_say_what_each_changed(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    studio.patient()
    signed(studio, "restore", version=1)
    signed(studio, "build", version=2)
    answer = client.get(f"{URL}/limits/trunk_rotation/versions")
    assert answer.status_code == 200
    newest, first = answer.json()["items"]
    assert (newest["version"], newest["changes"]) == (
        2,
        [{"field": "phase", "before": "restore", "after": "build"}],
    )
    assert first["figures"]["left_highest_deg"] == 15.0
    assert {one["before"] for one in first["changes"]} == {None}
    assert client.get(f"{URL}/limits/row/versions").json()["items"] == []
