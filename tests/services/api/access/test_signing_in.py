"""Who gets in: proofs, guessing, screens of patients."""

from http import HTTPStatus

import pytest
from door_people import PASSPHRASE, PIN, STEP_MS, DoorPeople
from sqlalchemy import select

from services.api.problems import STEP_UP
from services.store import tables
from services.store.engine import writing

WRONG = "kettle umbra vowel tangents"
FROM_DASHBOARD = {"Origin": "http://127.0.0.1:8501"}


def _actions(door: DoorPeople) -> list[str]:
    with door.studio.engine.connect() as connection:
        return list(connection.scalars(select(tables.audit.c.action).order_by(tables.audit.c.id)))


def test_a_browser_gets_a_cookie_that_scripts_cannot_read(door: DoorPeople) -> None:
    staff_id, seed = door.staff("mei", "therapist", ["studio"])
    answer = door.sign_in("mei", seed)
    assert answer.status_code == HTTPStatus.OK
    cookie = answer.headers["set-cookie"]
    for part in ("openspine=", "HttpOnly", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "Secure" not in cookie
    assert answer.json()["token"] is None
    me = door.client.get("/v1/me").json()
    assert (me["id"], me["role"], me["sites"], me["patient"]) == (staff_id, "therapist", ["studio"], None)
    assert me["stepped_up_until"] is None
    assert "staff.sign_in" in _actions(door)


def test_behind_tls_the_cookie_is_for_tls_only(door: DoorPeople) -> None:
    _, seed = door.staff("mei", "therapist")
    door.set_door(is_secure=True)
    assert "Secure" in door.sign_in("mei", seed).headers["set-cookie"]


def test_the_store_keeps_no_token_no_passphrase_and_no_code(door: DoorPeople) -> None:
    _, seed = door.staff("mei", "therapist")
    bearer = door.token("mei", seed)["Authorization"].removeprefix("Bearer ")
    with door.studio.engine.connect() as connection:
        kept = [
            str(row) for table in tables.metadata.sorted_tables for row in connection.execute(select(table))
        ]
    assert not [row for row in kept if bearer in row or PASSPHRASE in row]


@pytest.mark.parametrize("wrong", [{"passphrase": WRONG}, {"code": "000000"}, {"code": None}])
def test_every_part_of_the_proof_counts(door: DoorPeople, wrong: dict[str, str]) -> None:
    _, seed = door.staff("mei", "therapist")
    assert door.sign_in("mei", seed, **wrong).status_code == HTTPStatus.UNAUTHORIZED
    assert door.sign_in("mei", seed).status_code == HTTPStatus.OK


def test_a_code_opens_once(door: DoorPeople) -> None:
    _, seed = door.staff("mei", "therapist")
    proof = door.proof("mei", seed, carried="token")
    assert door.client.post("/v1/sign-in", json=proof).status_code == HTTPStatus.OK
    assert door.client.post("/v1/sign-in", json=proof).status_code == HTTPStatus.UNAUTHORIZED
    door.now_ms += STEP_MS
    assert door.client.post("/v1/sign-in", json=proof).status_code == HTTPStatus.UNAUTHORIZED
    assert door.sign_in("mei", seed).status_code == HTTPStatus.OK


def test_times_are_those_of_the_site_where_one_works(door: DoorPeople) -> None:
    door.studio.site(id="tokyo", time_zone="Asia/Tokyo")
    for login, sites, zone in (
        ("there", ["tokyo"], "Asia/Tokyo"),
        ("here", ["studio"], "Asia/Hong_Kong"),
        ("both", ["tokyo", "studio"], "Asia/Hong_Kong"),  # the first by id; visits name their own
        ("chain", None, "Asia/Hong_Kong"),
    ):
        _, seed = door.staff(login, "therapist", sites)
        bearer = door.token(login, seed)
        assert door.client.get("/v1/me", headers=bearer).json()["zone"] == zone
        door.now_ms += STEP_MS


def test_a_patient_signs_in_and_sees_only_oneself(door: DoorPeople) -> None:
    own, other = door.patient("P01"), door.patient("P02")
    bearer = door.patient_token("P01")
    assert door.client.get("/v1/me", headers=bearer).json()["patient"] == own
    assert door.client.get(f"/v1/patients/{own}", headers=bearer).status_code == HTTPStatus.OK
    assert door.client.get(f"/v1/patients/{other}", headers=bearer).status_code == HTTPStatus.NOT_FOUND


def test_a_lock_that_was_set_at_a_machine_holds_at_the_phone(door: DoorPeople) -> None:
    door.patient("P01")
    with writing(door.studio.engine) as connection:
        connection.execute(tables.credential.update().values(locked_until_ms=door.now_ms + 60_000))
    body = {"code": "P01", "pin": PIN}
    assert door.client.post("/v1/sign-in/patient", json=body).status_code == HTTPStatus.UNAUTHORIZED
    door.now_ms += 60_000
    assert door.client.post("/v1/sign-in/patient", json=body).status_code == HTTPStatus.OK


def test_who_comes_no_more_is_out_and_stays_out(door: DoorPeople) -> None:
    door.patient("P01")
    bearer = door.patient_token("P01")
    with writing(door.studio.engine) as connection:
        connection.execute(tables.patient.update().values(archived_ms=door.now_ms))
    assert door.client.get("/v1/me", headers=bearer).status_code == HTTPStatus.UNAUTHORIZED
    again = door.client.post("/v1/sign-in/patient", json={"code": "P01", "pin": PIN})
    assert again.status_code == HTTPStatus.UNAUTHORIZED


def test_patients_sign_in_at_enrolled_screens_only(door: DoorPeople) -> None:
    door.patient("P01")
    door.set_door(any_screen=False)
    _, seed = door.staff("root", "admin")
    body = {"code": "P01", "pin": PIN}
    assert door.client.post("/v1/sign-in/patient", json=body).status_code == HTTPStatus.FORBIDDEN
    bearer = door.token("root", seed)
    screen = {"site": "studio", "name": "Entrance"}
    unproven = door.client.post("/v1/screens", json=screen, headers=bearer)
    assert (unproven.status_code, unproven.json()["type"]) == (403, STEP_UP)
    door.now_ms += STEP_MS
    bearer = door.token("root", seed, stepped_up=True)
    made = door.client.post("/v1/screens", json=screen, headers=bearer)
    assert made.status_code == HTTPStatus.CREATED
    code = {"code": made.json()["code"]}
    assert door.client.post("/v1/screens/claim", json=code).status_code == HTTPStatus.NO_CONTENT
    assert door.client.post("/v1/screens/claim", json=code, headers=FROM_DASHBOARD).status_code == 401
    entered = door.client.post("/v1/sign-in/patient", json=body, headers=FROM_DASHBOARD)
    assert entered.status_code == HTTPStatus.OK
    door.client.post(f"/v1/screens/{made.json()['id']}/revoke", headers=bearer)
    gone = door.client.post("/v1/sign-in/patient", json=body, headers=FROM_DASHBOARD)
    assert gone.status_code == HTTPStatus.FORBIDDEN
