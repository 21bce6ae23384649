"""People join over the API, and what excludes them reaches the plan."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from new_people import body
from sqlalchemy import select
from studio_rows import DAY_MS, NOW_MS, StudioRows, named

from contract.machines import catalogue
from services.access import Actor, Scope
from services.api.codes import PREFIX
from services.coaching import history
from services.store import tables
from services.store.engine import writing

CHAN = named("Chan Mei Ling")
WHO = "/v1/patients"
Ask = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")


def site_url(studio: StudioRows) -> str:
    with studio.engine.connect() as connection:
        return f"/v1/sites/{connection.scalar(select(tables.site.c.id))}/patients"


def row(studio: StudioRows, patient: str) -> Any:
    with studio.engine.connect() as connection:
        return connection.execute(select(tables.patient).where(tables.patient.c.id == patient)).one()


def is_closed(studio: StudioRows, patient: str, kind: str, now_ms: int = NOW_MS) -> bool:
    return history.person(row(studio, patient), kind, [], now_ms).not_cleared


def test_an_exclusion_closes_its_kinds_of_machine_and_no_other(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    told = [{"condition": "neck_instability", "note": "since 2019"}, {"condition": "osteoporosis"}]
    joined = client.post(site_url(studio), json=body(exclusions=told)).json()
    assert joined["closed_kinds"] == ["lumbar_flexion", "neck_extension", "neck_lateral", "row"]
    assert is_closed(studio, joined["id"], "neck_lateral")
    assert not is_closed(studio, joined["id"], "lumbar_extension")
    assert history.person(row(studio, joined["id"]), "lumbar_extension", [], NOW_MS).osteoporosis


def test_a_red_flag_closes_everything_and_says_emergency(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    joined = client.post(site_url(studio), json=body(exclusions=[{"condition": "bladder_saddle"}])).json()
    assert joined["emergency"]
    assert len(joined["closed_kinds"]) == 10
    assert is_closed(studio, joined["id"], "leg_press")


def test_an_operation_excludes_for_twelve_weeks(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    as_role("therapist")
    studio.patient()
    url = f"{WHO}/{CHAN}/exclusions"
    assert client.post(url, json={"condition": "abdominal_surgery"}).status_code == 422
    answer = client.post(url, json={"condition": "abdominal_surgery", "since_day": "2026-11-01"})
    assert answer.status_code == 204
    assert is_closed(studio, CHAN, "lumbar_flexion")
    assert not is_closed(studio, CHAN, "neck_lateral")
    assert not is_closed(studio, CHAN, "lumbar_flexion", NOW_MS + 84 * DAY_MS)


def test_only_a_clinician_who_stepped_up_clears(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    as_role("therapist")
    studio.patient()
    client.post(f"{WHO}/{CHAN}/exclusions", json={"condition": "pregnancy"})
    entry = client.get(f"{WHO}/{CHAN}/file").json()["exclusions"][0]
    url = f"{WHO}/{CHAN}/exclusions/{entry['id']}/clearance"
    because = {"reason": "Born in May."}
    assert client.post(url, json=because).status_code == 403
    as_role("clinician")
    assert client.post(url, json=because).status_code == 403
    as_role("clinician", stepped_up=True)
    assert client.post(url, json={"reason": ""}).status_code == 422
    assert is_closed(studio, CHAN, "row")
    assert client.post(url, json=because).status_code == 204
    assert not is_closed(studio, CHAN, "row")
    assert client.post(url, json=because).status_code == 409
    unknown = f"{WHO}/{CHAN}/exclusions/{named('nobody')}/clearance"
    assert client.post(unknown, json=because).status_code == 404
    shown = client.get(f"{WHO}/{CHAN}/file").json()["exclusions"][0]
    assert (shown["open"], shown["cleared_reason"]) == (False, "Born in May.")


def test_a_mark_that_nobody_entered_stays(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    as_role("therapist")
    studio.patient()  # is marked with osteoporosis, and no entry says so
    client.post(f"{WHO}/{CHAN}/exclusions", json={"condition": "glaucoma"})
    assert row(studio, CHAN).flags["osteoporosis"] is True


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"consents": [{"purpose": "research", "version": "1", "given": True}]}, 422),
        ({"consents": [{"purpose": "training", "version": "1", "given": False}]}, 422),
        ({"consents": []}, 422),
        ({"red_flags_asked": False}, 422),
        ({"stations": ["SECRET"]}, 422),
        ({"stations": ["row", "row"]}, 422),
        ({"stations": list(catalogue())[:7]}, 422),
        ({"exclusions": [{"condition": "secret_illness"}]}, 422),
        ({"blood_pressure": {"systolic_mmhg": 80, "diastolic_mmhg": 120}}, 422),
        ({"mass_kg": "NaN"}, 422),
        ({"name": "a\u0000b"}, 422),
        ({"birth_year": 2020}, 422),
        ({"exclusions": [{"condition": "hernia", "since_day": "2026-11-20"}]}, 422),
        ({"code": "P-Ling"}, 409),
        ({"badge": "badge-1"}, 409),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    studio: StudioRows, client: TestClient, as_role: Ask, changes: dict[str, Any], status: int
) -> None:
    as_role("therapist")
    studio.patient()
    client.put(f"{WHO}/{CHAN}/badge", json={"badge": "badge-1"})
    answer = client.post(site_url(studio), json=body(**changes))
    assert answer.status_code == status
    assert "SECRET" not in answer.text
    with studio.engine.connect() as connection:
        assert len(connection.execute(select(tables.patient.c.id)).all()) == 1


def test_a_foreign_site_and_a_closed_one_take_nobody(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    url = site_url(studio)
    as_role("therapist", scope=Scope(sites=frozenset({"elsewhere"})))
    assert client.post(url, json=body()).status_code == 404
    as_role("admin")
    assert client.post(url, json=body()).status_code == 403
    assert client.post(url.replace("/patients", "/close")).status_code == 204
    as_role("therapist")
    assert client.post(url, json=body()).status_code == 409


def test_blood_pressure_reaches_the_plan(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    as_role("therapist")
    studio.patient()
    url = f"{WHO}/{CHAN}/blood-pressure"
    assert client.post(url, json={"systolic_mmhg": 182, "diastolic_mmhg": 95}).status_code == 204
    assert client.post(url, json={"systolic_mmhg": 95, "diastolic_mmhg": 95}).status_code == 422
    assert history.person(row(studio, CHAN), "row", [], NOW_MS).systolic_mmhg == 182
    assert client.get(f"{WHO}/{CHAN}/file").json()["pressures"][0]["diastolic_mmhg"] == 95


def test_a_high_baseline_is_signed_for_four_weeks(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    studio.patient(baseline_nrs=6)
    url = f"{WHO}/{CHAN}/pain-signature"
    assert client.post(f"{url}/withdraw", json={"what": "baseline"}).status_code == 409
    assert client.put(url, json={"what": "baseline"}).status_code == 204
    assert history.person(row(studio, CHAN), "row", [], NOW_MS).baseline_signed_nrs == 6
    later = history.person(row(studio, CHAN), "row", [], NOW_MS + 28 * DAY_MS)
    assert later.baseline_signed_nrs is None
    assert client.post(f"{url}/withdraw", json={"what": "baseline"}).status_code == 204
    assert client.put(url, json={"what": "settled"}).status_code == 204
    now = history.person(row(studio, CHAN), "row", [], NOW_MS)
    assert (now.baseline_signed_nrs, now.pain_signed) == (None, True)


def test_symptoms_told_at_machines_are_cleared_by_a_clinician(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    studio.patient()
    url, because = f"{WHO}/{CHAN}/symptoms/clearance", {"reason": "Seen today."}
    as_role("therapist", stepped_up=True)
    assert client.post(url, json=because).status_code == 403
    as_role("clinician", stepped_up=True)
    assert client.post(url, json=because).status_code == 204
    assert row(studio, CHAN).flags["symptoms_cleared_ms"] == NOW_MS


def test_consent_is_withdrawn(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    as_role("therapist")
    studio.patient()
    for given in (True, False):
        stated = {"purpose": "research", "version": "1", "given": given}
        assert client.post(f"{WHO}/{CHAN}/consents", json=stated).status_code == 204
    with studio.engine.connect() as connection:
        assert len(connection.execute(select(tables.consent)).all()) == 2


def test_release_to_the_studio_profile_needs_that_nothing_excludes(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    studio.patient()
    url, wanted = f"{WHO}/{CHAN}/profile", {"profile": "studio", "reason": "Healthy member."}
    client.post(f"{WHO}/{CHAN}/exclusions", json={"condition": "hernia"})
    assert client.put(url, json=wanted).status_code == 409
    as_role("clinician", stepped_up=True)
    entry = client.get(f"{WHO}/{CHAN}/file").json()["exclusions"][0]["id"]
    client.post(f"{WHO}/{CHAN}/exclusions/{entry}/clearance", json={"reason": "Repaired."})
    assert client.put(url, json=wanted).status_code == 204
    assert client.put(url, json=wanted).status_code == 409
    assert row(studio, CHAN).profile == "studio"


def test_a_person_changes_moves_goes_and_comes_back(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    studio.patient()
    url, because = f"{WHO}/{CHAN}", {"reason": "Asked for it."}
    assert client.patch(url, json={"mass_kg": 54.5, "back_pain": False}).status_code == 204
    assert client.patch(url, json={}).status_code == 422
    assert client.patch(url, json={"stations": ["nothing"]}).status_code == 422
    assert client.patch(url, json={"birth_year": 2020}).status_code == 422
    changed = row(studio, CHAN)
    assert (changed.mass_kg, changed.flags["back_pain"]) == (54.5, False)
    with writing(studio.engine) as connection:
        connection.execute(tables.site.insert().values(id="other", name="Other", time_zone="UTC"))
    assert client.put(f"{url}/site", json={"site": "nowhere"} | because).status_code == 422
    assert client.put(f"{url}/site", json={"site": changed.site_id} | because).status_code == 409
    assert client.put(f"{url}/site", json={"site": "other"} | because).status_code == 204
    assert client.post(f"{url}/return", json=because).status_code == 409
    assert client.post(f"{url}/archive", json=because).status_code == 204
    assert client.post(f"{url}/archive", json=because).status_code == 409
    assert client.get(WHO).json()["items"] == []
    assert client.post(f"{url}/return", json=because).status_code == 204
    assert row(studio, CHAN).archived_ms is None


def test_who_moves_somebody_works_at_both_sites(studio: StudioRows, client: TestClient, as_role: Ask) -> None:
    studio.patient()
    studio.site(id="other", name="Other")
    wanted = {"site": "other", "reason": "Moved house."}
    as_role("therapist", scope=Scope(sites=frozenset({"studio"})))
    assert client.put(f"{WHO}/{CHAN}/site", json=wanted).status_code == 422
    as_role("therapist", scope=Scope(sites=frozenset({"studio", "other"})))
    assert client.put(f"{WHO}/{CHAN}/site", json=wanted).status_code == 204


def test_the_catalogue_is_open_and_in_both_languages(client: TestClient, as_role: Ask) -> None:
    as_role("anonymous")
    items = client.get("/v1/conditions").json()["items"]
    assert {one["group"] for one in items} == {"bone", "clear_first", "red_flag"}
    assert all(one["text_en"] and one["text_zh"] for one in items)


def test_people_choose_their_own_language_and_nobody_elses(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    studio.patient()
    other = studio.patient("Lee Ka Fai")
    as_role("patient", scope=Scope(sites=frozenset({"studio"}), patient=CHAN))
    assert client.put(f"{WHO}/{CHAN}/language", json={"language": "en"}).status_code == 204
    assert client.put(f"{WHO}/{CHAN}/language", json={"language": "xx"}).status_code == 422
    assert client.put(f"{WHO}/{other}/language", json={"language": "en"}).status_code == 404
    assert client.patch(f"{WHO}/{CHAN}", json={"mass_kg": 50.0}).status_code == 403
    assert row(studio, CHAN).language == "en"


def test_seat_and_pads_change_only_on_top_of_what_was_seen(
    studio: StudioRows, client: TestClient, as_role: Ask
) -> None:
    as_role("therapist")
    studio.patient()
    url, row_seat = f"{WHO}/{CHAN}", {"row": {"seat": 2}}
    seen = {"If-Match": client.get(f"{url}/file").headers["etag"]}
    assert client.patch(url, json={"set_up": row_seat}).status_code == 428
    assert client.patch(url, json={"set_up": row_seat}, headers=seen).status_code == 204
    for mistaken in ("1f0e", '"1f0e', '1f0e"', "*", '"1f0e", "2"', '""'):
        answer = client.patch(url, json={"set_up": row_seat}, headers={"If-Match": mistaken})
        assert (answer.status_code, answer.json()["mistakes"][0]["where"]) == (422, "header.if-match")
    overtaken = client.patch(url, json={"set_up": {"leg_press": {"seat": 5}}}, headers=seen)
    assert (overtaken.status_code, overtaken.json()["type"]) == (412, f"{PREFIX}version-overtaken")
    assert row(studio, CHAN).set_up == row_seat
    newer = {"If-Match": client.get(f"{url}/file").headers["etag"].removeprefix("W/")}
    both = row_seat | {"leg_press": {"seat": 5}}
    assert client.patch(url, json={"set_up": both}, headers=newer).status_code == 204
    assert client.get(f"{url}/file").json()["set_up"] == both
    assert client.patch(url, json={"height_m": 1.6}).status_code == 204
