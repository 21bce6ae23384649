import pytest
from fastapi.testclient import TestClient
from studio_rows import NOW_MS, StudioRows, named

CHAN = named("Chan Mei Ling")


@pytest.fixture
def session(studio: StudioRows) -> StudioRows:
    studio.patient()
    studio.visit("day")
    studio.session("today", visit_id=named("day"))
    return studio


def test_list_counts_sets_and_reps_of_both_sides(session: StudioRows, client: TestClient) -> None:
    session.summary("today", "day", sets=2, total_reps=20)
    session.summary("today", "day", side="right", sets=1, total_reps=9)
    assert client.get(f"/v1/patients/{CHAN}/sessions").json()["items"] == [
        {
            "session": named("today"),
            "machine": "rotation-1",
            "kind": "trunk_rotation",
            "opened_at": "2026-11-18T11:06:40Z",
            "closed_at": None,
            "sets": 3,
            "reps": 29,
            "pain_before": 3,
        }
    ]


@pytest.mark.usefixtures("session")
def test_session_without_summary_is_listed_with_nothing_done(client: TestClient) -> None:
    item = client.get(f"/v1/patients/{CHAN}/sessions").json()["items"][0]
    assert (item["sets"], item["reps"]) == (0, 0)


def test_pages_are_newest_first(session: StudioRows, client: TestClient) -> None:
    for number in range(1, 4):
        session.session(f"s{number}", opened_ms=NOW_MS + number)
    first = client.get(f"/v1/patients/{CHAN}/sessions?limit=2").json()
    second = client.get(f"/v1/patients/{CHAN}/sessions?limit=2&cursor={first['next']}").json()
    seen = [item["session"] for item in first["items"] + second["items"]]
    assert seen == [named(name) for name in ("s3", "s2", "s1", "today")]


def test_session_shows_sets_reps_and_answers_in_people_s_units(
    session: StudioRows, client: TestClient
) -> None:
    session.decision("plan", "today")
    session.setting("setting-1", "today", "plan")
    session.rep("today", 1)
    session.rep("today", 2, quality=["partial"])
    session.set_end("today")
    session.rep("today", 1, set_number=2, side="right")
    session.answer("today", "rir", "1-2")
    session.answer("today", "pain_set", 0)
    page = client.get(f"/v1/sessions/{named('today')}").json()
    assert page["patient"] == {"id": CHAN, "name": "Chan Mei Ling"}
    first, second = page["sets"]
    assert (first["ended_by"], first["duration_s"], first["dose"]["load_kg"]) == ("target", 52.0, 12.5)
    assert [rep["rep"] for rep in first["reps"]] == [1, 2]
    assert (first["reps"][1]["quality"], first["reps"][0]["load_kg"]) == (["partial"], 12.5)
    assert first["reps"][0]["curve"] is None
    assert first["reps"][0]["at"].startswith("2026-11-18T11:06:4")
    assert (second["side"], second["ended_by"], len(second["reps"])) == ("right", None, 1)
    assert [(answer["question"], answer["value"]) for answer in page["answers"]] == [
        ("rir", "1-2"),
        ("pain_set", 0),
    ]


def test_curves_come_when_asked_for(session: StudioRows, client: TestClient) -> None:
    session.rep("today", 1)
    page = client.get(f"/v1/sessions/{named('today')}?curves=true").json()
    assert len(page["sets"][0]["reps"][0]["curve"]["nm"]) == 32


def test_session_of_an_unknown_person_has_no_patient(studio: StudioRows, client: TestClient) -> None:
    studio.session("stranger", patient=None)
    page = client.get(f"/v1/sessions/{named('stranger')}").json()
    assert (page["patient"], page["sets"], page["answers"]) == (None, [], [])


@pytest.mark.usefixtures("session")
def test_unknown_session_is_not_found(client: TestClient) -> None:
    assert client.get(f"/v1/sessions/{named('other')}").status_code == 404
    assert client.get(f"/v1/sessions/{named('today')}?origin=real").status_code == 404
    bad = client.get("/v1/sessions/SECRET")
    assert (bad.status_code, "SECRET" in bad.text) == (422, False)
    assert client.get(f"/v1/sessions/{named('today')}?curves=perhaps").status_code == 422
