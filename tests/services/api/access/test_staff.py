"""Accounts of staff: invitations, resets, roles, sites."""

from http import HTTPStatus

from door_people import PASSPHRASE, STEP_MS, DoorPeople

from services.access.duration import INVITATION_MS
from services.store import staff
from services.store.engine import writing


def test_an_invitation_is_taken_up_once_and_in_time(door: DoorPeople) -> None:
    _, seed = door.staff("root", "admin")
    bearer = door.token("root", seed, stepped_up=True)
    new = {"login": "lee", "name": "Lee Ka Yan", "role": "auditor"}
    made = door.client.post("/v1/staff", json=new, headers=bearer)
    code = made.json()["invitation"]
    weak = {"invitation": code, "passphrase": "passwordpassword1"}
    assert door.client.post("/v1/invitation", json=weak).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    good = {"invitation": code, "passphrase": PASSPHRASE}
    factor = door.client.post("/v1/invitation", json=good).json()
    assert door.client.post("/v1/invitation", json=good).status_code == HTTPStatus.UNAUTHORIZED
    assert factor["login"] == "lee"
    assert door.sign_in("lee", factor["seed"], carried="token").json()["role"] == "auditor"
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
            staff.wait(connection, staff_id, None, door.now_ms)
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


def test_only_an_admin_of_every_site_makes_an_auditor(door: DoorPeople) -> None:
    colleague, _ = door.staff("mei", "therapist", ["studio"])
    for login, own in (("local", ["studio"]), ("root", None)):
        _, seed = door.staff(login, "admin", own)
        bearer = door.token(login, seed, stepped_up=True)
        for sites, ways in ((["studio"], (409, 409)), (None, (201, 204) if own is None else (403, 403))):
            new = {"login": f"of-{login}", "name": "Lee", "role": "auditor", "sites": sites}
            invited = door.client.post("/v1/staff", json=new, headers=bearer)
            role = {"role": "auditor", "sites": sites}
            raised = door.client.put(f"/v1/staff/{colleague}/role", json=role, headers=bearer)
            assert (invited.status_code, raised.status_code) == ways
        door.now_ms += STEP_MS


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
