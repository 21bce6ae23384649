"""What ends a token, what a fresh proof is good for, and from where a cookie counts."""

from http import HTTPStatus

import pytest
from door_people import PIN, STEP_MS, DoorPeople

from services.access.duration import PATIENT_MOST_MS, STAFF_IDLE_MS, STAFF_MOST_MS, STEP_UP_MS
from services.access.tries import MOST
from services.store import attempts
from services.store.engine import writing

WRONG = "kettle umbra vowel tangents"
FROM_DASHBOARD = {"Origin": "http://127.0.0.1:8501"}


@pytest.mark.parametrize(
    ("away_ms", "is_in"), [(STAFF_IDLE_MS - 1, True), (STAFF_IDLE_MS, False), (STAFF_MOST_MS, False)]
)
def test_staff_who_do_nothing_are_out(door: DoorPeople, away_ms: int, *, is_in: bool) -> None:
    _, seed = door.staff("mei", "therapist")
    bearer = door.token("mei", seed)
    door.now_ms += away_ms
    assert (door.client.get("/v1/me", headers=bearer).status_code == HTTPStatus.OK) is is_in


def test_staff_are_out_after_a_day_of_work_however_busy(door: DoorPeople) -> None:
    _, seed = door.staff("mei", "therapist")
    bearer, began = door.token("mei", seed), door.now_ms
    while door.now_ms - began < STAFF_MOST_MS - STAFF_IDLE_MS:
        door.now_ms += STAFF_IDLE_MS - 1
        assert door.client.get("/v1/me", headers=bearer).status_code == HTTPStatus.OK
    door.now_ms = began + STAFF_MOST_MS
    assert door.client.get("/v1/me", headers=bearer).status_code == HTTPStatus.UNAUTHORIZED


def test_patients_are_out_after_half_an_hour(door: DoorPeople) -> None:
    door.patient("P01")
    bearer = door.patient_token("P01")
    door.now_ms += PATIENT_MOST_MS - 1
    assert door.client.get("/v1/me", headers=bearer).status_code == HTTPStatus.OK
    door.now_ms += 1
    assert door.client.get("/v1/me", headers=bearer).status_code == HTTPStatus.UNAUTHORIZED


def test_signing_out_ends_the_token_and_takes_the_cookie(door: DoorPeople) -> None:
    _, seed = door.staff("mei", "therapist")
    bearer = door.token("mei", seed)
    answer = door.client.post("/v1/sign-out", headers=bearer)
    assert answer.status_code == HTTPStatus.NO_CONTENT
    assert 'openspine=""' in answer.headers["set-cookie"]
    assert door.client.get("/v1/me", headers=bearer).status_code == HTTPStatus.UNAUTHORIZED
    assert door.client.post("/v1/sign-out").status_code == HTTPStatus.NO_CONTENT


def test_signing_out_everywhere_ends_every_token_of_mine_and_of_nobody_else(door: DoorPeople) -> None:
    _, seed = door.staff("mei", "therapist")
    _, other_seed = door.staff("lee", "therapist")
    first, other = door.token("mei", seed), door.token("lee", other_seed)
    door.now_ms += STEP_MS
    second = door.token("mei", seed)
    assert door.client.post("/v1/sign-out/everywhere", headers=first).status_code == HTTPStatus.NO_CONTENT
    states = [door.client.get("/v1/me", headers=one).status_code for one in (first, second, other)]
    assert states == [401, 401, 200]


def test_a_fresh_proof_holds_for_five_minutes(door: DoorPeople) -> None:
    _, seed = door.staff("root", "admin")
    new = {"login": "lee", "name": "Lee", "role": "therapist", "sites": ["studio"]}
    bearer = door.token("root", seed)
    assert door.client.post("/v1/staff", json=new, headers=bearer).status_code == HTTPStatus.FORBIDDEN
    door.now_ms += STEP_MS
    bearer = door.token("root", seed, stepped_up=True)
    assert door.client.get("/v1/me", headers=bearer).json()["stepped_up_until"] is not None
    assert door.client.post("/v1/staff", json=new, headers=bearer).status_code == HTTPStatus.CREATED
    door.now_ms += STEP_UP_MS
    new["login"] = "wong"
    assert door.client.post("/v1/staff", json=new, headers=bearer).status_code == HTTPStatus.FORBIDDEN


def test_a_wrong_fresh_proof_changes_nothing_and_counts_as_a_try(door: DoorPeople) -> None:
    _, seed = door.staff("root", "admin")
    bearer = door.token("root", seed)
    proof = {"passphrase": WRONG, "code": "000000"}
    codes = [door.client.post("/v1/step-up", json=proof, headers=bearer).status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]
    assert door.client.get("/v1/me", headers=bearer).json()["stepped_up_until"] is None


def test_strangers_keep_nobody_who_has_signed_in_from_a_fresh_proof(door: DoorPeople) -> None:
    _, seed = door.staff("root", "admin")
    bearer = door.token("root", seed)
    with writing(door.studio.engine) as connection:
        for _ in range(MOST["account"]):
            attempts.begin_all(connection, {"account": "staff/root"}, door.now_ms)
    door.now_ms += STEP_MS
    proof = door.proof("root", seed)
    del proof["login"]
    assert door.client.post("/v1/step-up", json=proof, headers=bearer).status_code == HTTPStatus.OK


def test_strangers_keep_no_patient_from_a_fresh_proof(door: DoorPeople) -> None:
    door.patient("P01")
    bearer = door.patient_token("P01")
    with writing(door.studio.engine) as connection:
        for _ in range(MOST["account"]):
            attempts.begin_all(connection, {"account": "patient/P01"}, door.now_ms)
    assert door.client.post("/v1/step-up", json={"pin": PIN}, headers=bearer).status_code == HTTPStatus.OK


def test_a_patient_proves_again_by_pin(door: DoorPeople) -> None:
    door.patient("P01")
    bearer = door.patient_token("P01")
    assert door.client.post("/v1/step-up", json={"pin": "000000"}, headers=bearer).status_code == 401
    assert door.client.post("/v1/step-up", json={"pin": PIN}, headers=bearer).status_code == 200


@pytest.mark.parametrize(
    ("headers", "is_let"),
    [
        ({}, False),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://elsewhere.example", "Authorization": "Bearer "}, False),
        (FROM_DASHBOARD, True),
        ({"Origin": "http://testserver"}, False),  # the host's own name, but nobody has said that it is ours
        ({"Origin": "http://rebound.example", "Host": "rebound.example"}, False),
        ({"Origin": "http://[", "Host": "["}, False),
        ({"Origin": "http://localhost:8000", "Host": "localhost:8000"}, True),
        ({"Origin": "http://127.0.0.1:8000", "Host": "127.0.0.1:8000"}, True),
        ({"Origin": "http://127.0.0.1:8000", "Host": "127.0.0.1:9000"}, False),
    ],
)
def test_a_cookie_changes_something_only_from_our_pages(
    door: DoorPeople, headers: dict[str, str], *, is_let: bool
) -> None:
    _, seed = door.staff("mei", "therapist")
    door.sign_in("mei", seed)
    answer = door.client.post("/v1/sign-out/everywhere", headers=headers)
    assert (answer.status_code == HTTPStatus.NO_CONTENT) is is_let
    assert (door.client.get("/v1/me").status_code == HTTPStatus.OK) is not is_let


def test_the_sign_in_page_may_stand_on_another_port_of_a_name_that_is_ours(door: DoorPeople) -> None:
    _, seed = door.staff("mei", "therapist")
    door.set_door(origins=("http://10.0.0.5:8501",))
    for name, status in (("10.0.0.5:8000", HTTPStatus.OK), ("10.0.0.6:8000", HTTPStatus.FORBIDDEN)):
        headers = {"Origin": f"http://{name}", "Host": name}
        answer = door.client.post("/v1/sign-in", json=door.proof("mei", seed), headers=headers)
        assert answer.status_code == status


def test_another_web_site_signs_nobody_in(door: DoorPeople) -> None:
    _, seed = door.staff("mei", "therapist")
    foreign = {"Origin": "https://elsewhere.example"}
    answer = door.client.post("/v1/sign-in", json=door.proof("mei", seed), headers=foreign)
    assert answer.status_code == HTTPStatus.FORBIDDEN
