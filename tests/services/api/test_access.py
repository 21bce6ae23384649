"""Signing in and out over HTTP: proofs, cookies, tokens, and what ends them."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from door_people import PASSPHRASE, PIN, STEP_MS, DoorPeople
from sqlalchemy import Engine, select

from services.access.duration import INVITATION_MS, PATIENT_MOST_MS, STAFF_IDLE_MS, STAFF_MOST_MS, STEP_UP_MS
from services.access.tries import MOST, WINDOW_MS
from services.store import staff, tables
from services.store.engine import open_engine, upgrade, writing

DASHBOARD = "http://127.0.0.1:8501"
WRONG = "kettle umbra vowel tangents"
FROM_DASHBOARD = {"Origin": DASHBOARD}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Override: what is asked here is the same on both databases; `test_fence.py` asks where they differ."""
    url = f"sqlite:///{tmp_path_factory.mktemp('door') / 'openspine.sqlite'}"
    upgrade(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


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


def test_known_and_unknown_people_are_answered_alike_and_cost_alike(door: DoorPeople) -> None:
    _, seed = door.staff("mei", "therapist")
    proofs = door.context.door.proofs
    answers, hashed = [], []
    for login in ("mei", "nobody"):
        before = proofs.hashed
        answers.append(door.sign_in(login, seed, passphrase=WRONG).json())
        hashed.append(proofs.hashed - before)
    patient = [
        door.client.post("/v1/sign-in/patient", json={"code": code, "pin": "000000"}).json()
        for code in (door.patient("P01") and "P01", "P99")
    ]
    assert hashed == [1, 1]
    assert answers[0] | {"instance": ""} == answers[1] | {"instance": ""}
    assert patient[0] | {"instance": ""} == patient[1] | {"instance": ""}


def test_guessing_is_stopped_before_anything_is_hashed(door: DoorPeople, counted: object) -> None:
    _, seed = door.staff("mei", "therapist")
    proofs, began = door.context.door.proofs, door.now_ms
    before, last = proofs.hashed, None
    tries = counted(1_000)  # type: ignore[operator]
    for _ in range(tries):
        last = door.sign_in("mei", seed, passphrase=WRONG)
        door.now_ms += (WINDOW_MS - 1_000) // tries
    assert door.now_ms - began < WINDOW_MS
    assert proofs.hashed - before == MOST["account"]
    assert last is not None
    assert last.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert 0 < int(last.headers["retry-after"]) <= WINDOW_MS // 1_000
    assert door.sign_in("mei", seed).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert _actions(door).count("staff.locked") == 1
    door.now_ms = began + 2 * WINDOW_MS
    assert door.sign_in("mei", seed).status_code == HTTPStatus.OK


def test_one_device_cannot_try_many_accounts(door: DoorPeople) -> None:
    proofs = door.context.door.proofs
    before = proofs.hashed
    for number in range(MOST["device"] + 10):
        door.sign_in(f"person-{number}", "A" * 32)
    assert proofs.hashed - before == MOST["device"]


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
    made = door.client.post("/v1/screens", json={"site": "studio", "name": "Entrance"}, headers=bearer)
    assert made.status_code == HTTPStatus.CREATED
    code = {"code": made.json()["code"]}
    assert door.client.post("/v1/screens/claim", json=code).status_code == HTTPStatus.NO_CONTENT
    assert door.client.post("/v1/screens/claim", json=code, headers=FROM_DASHBOARD).status_code == 401
    entered = door.client.post("/v1/sign-in/patient", json=body, headers=FROM_DASHBOARD)
    assert entered.status_code == HTTPStatus.OK
    door.client.post(f"/v1/screens/{made.json()['id']}/revoke", headers=bearer)
    gone = door.client.post("/v1/sign-in/patient", json=body, headers=FROM_DASHBOARD)
    assert gone.status_code == HTTPStatus.FORBIDDEN


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
        (FROM_DASHBOARD, True),
        ({"Origin": "http://testserver"}, True),
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


def test_another_web_site_signs_nobody_in(door: DoorPeople) -> None:
    _, seed = door.staff("mei", "therapist")
    foreign = {"Origin": "https://elsewhere.example"}
    answer = door.client.post("/v1/sign-in", json=door.proof("mei", seed), headers=foreign)
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_an_invitation_is_taken_up_once_and_in_time(door: DoorPeople) -> None:
    _, seed = door.staff("root", "admin")
    bearer = door.token("root", seed, stepped_up=True)
    new = {"login": "lee", "name": "Lee Ka Yan", "role": "clinician", "sites": ["studio"]}
    made = door.client.post("/v1/staff", json=new, headers=bearer)
    code = made.json()["invitation"]
    weak = {"invitation": code, "passphrase": "passwordpassword1"}
    assert door.client.post("/v1/invitation", json=weak).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    good = {"invitation": code, "passphrase": PASSPHRASE}
    factor = door.client.post("/v1/invitation", json=good).json()
    assert door.client.post("/v1/invitation", json=good).status_code == HTTPStatus.UNAUTHORIZED
    assert factor["login"] == "lee"
    assert door.sign_in("lee", factor["seed"], carried="token").json()["role"] == "clinician"
    again = door.client.post(f"/v1/staff/{made.json()['id']}/reset", headers=bearer).json()["invitation"]
    door.now_ms += INVITATION_MS
    late = {"invitation": again, "passphrase": PASSPHRASE}
    assert door.client.post("/v1/invitation", json=late).status_code == HTTPStatus.UNAUTHORIZED


def test_a_code_that_is_shown_once_is_not_kept_for_whoever_asks_again(door: DoorPeople) -> None:
    _, seed = door.staff("root", "admin")
    bearer = door.token("root", seed, stepped_up=True) | {"Idempotency-Key": "invitation-1"}
    new = {"login": "lee", "name": "Lee Ka Yan", "role": "clinician", "sites": ["studio"]}
    first = door.client.post("/v1/staff", json=new, headers=bearer)
    again = door.client.post("/v1/staff", json=new, headers=bearer)
    assert first.status_code == HTTPStatus.CREATED
    assert again.status_code == HTTPStatus.CONFLICT
    assert first.json()["invitation"] not in again.text


def test_who_was_reset_or_disabled_is_out_at_once(door: DoorPeople) -> None:
    staff_id, seed = door.staff("mei", "therapist")
    _, root_seed = door.staff("root", "admin")
    for act in ("reset", "disable"):
        with writing(door.studio.engine) as connection:
            hashed = door.context.door.proofs.keep(PASSPHRASE)
            staff.take_up(connection, staff_id, hashed=hashed, seed=seed)
        door.now_ms += STEP_MS
        bearer, root = door.token("mei", seed), door.token("root", root_seed, stepped_up=True)
        done = door.client.post(f"/v1/staff/{staff_id}/{act}", headers=root)
        assert done.status_code in (HTTPStatus.OK, HTTPStatus.NO_CONTENT)
        assert door.client.get("/v1/me", headers=bearer).status_code == HTTPStatus.UNAUTHORIZED
        door.now_ms += STEP_MS
        assert door.sign_in("mei", seed).status_code == HTTPStatus.UNAUTHORIZED


def test_a_changed_role_ends_what_the_old_one_allowed(door: DoorPeople) -> None:
    staff_id, seed = door.staff("mei", "clinician")
    _, root_seed = door.staff("root", "admin")
    bearer, root = door.token("mei", seed), door.token("root", root_seed, stepped_up=True)
    body = {"role": "auditor", "sites": None}
    put = door.client.put(f"/v1/staff/{staff_id}/role", json=body, headers=root)
    assert put.status_code == HTTPStatus.NO_CONTENT
    assert door.client.get("/v1/me", headers=bearer).status_code == HTTPStatus.UNAUTHORIZED
    listed = door.client.get("/v1/staff", headers=root).json()["items"]
    assert {one["login"]: one["role"] for one in listed} == {"mei": "auditor", "root": "admin"}


def test_the_last_admin_stays(door: DoorPeople) -> None:
    staff_id, seed = door.staff("root", "admin")
    root = door.token("root", seed, stepped_up=True)
    assert door.client.post(f"/v1/staff/{staff_id}/disable", headers=root).status_code == HTTPStatus.CONFLICT
    body = {"role": "auditor", "sites": None}
    put = door.client.put(f"/v1/staff/{staff_id}/role", json=body, headers=root)
    assert put.status_code == HTTPStatus.CONFLICT


def test_nobody_makes_oneself_a_clinician(door: DoorPeople) -> None:
    staff_id, seed = door.staff("root", "admin")
    door.staff("second", "admin")
    root = door.token("root", seed, stepped_up=True)
    put = door.client.put(f"/v1/staff/{staff_id}/role", json={"role": "clinician"}, headers=root)
    assert put.status_code == HTTPStatus.CONFLICT
    assert door.client.get("/v1/me", headers=root).json()["role"] == "admin"


def test_an_admin_of_one_site_gives_nobody_more_than_that(door: DoorPeople) -> None:
    door.studio.site(id="elsewhere")
    everywhere, _ = door.staff("mei", "therapist")
    _, seed = door.staff("local", "admin", ["studio"])
    bearer = door.token("local", seed, stepped_up=True)
    new = {"login": "lee", "name": "Lee", "role": "therapist", "sites": ["elsewhere"]}
    assert door.client.post("/v1/staff", json=new, headers=bearer).status_code == HTTPStatus.FORBIDDEN
    new["sites"] = None  # type: ignore[assignment]
    assert door.client.post("/v1/staff", json=new, headers=bearer).status_code == HTTPStatus.FORBIDDEN
    assert door.client.post(f"/v1/staff/{everywhere}/disable", headers=bearer).status_code == 404
    logins = [one["login"] for one in door.client.get("/v1/staff", headers=bearer).json()["items"]]
    assert logins == ["local"]


def test_a_login_is_given_once_and_a_role_at_sites_that_are_there(door: DoorPeople) -> None:
    _, seed = door.staff("root", "admin")
    bearer = door.token("root", seed, stepped_up=True)
    new = {"login": "root", "name": "Lee", "role": "therapist", "sites": ["studio"]}
    assert door.client.post("/v1/staff", json=new, headers=bearer).status_code == HTTPStatus.CONFLICT
    new |= {"login": "lee", "sites": ["nowhere"]}
    assert door.client.post("/v1/staff", json=new, headers=bearer).status_code == HTTPStatus.CONFLICT
