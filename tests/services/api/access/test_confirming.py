"""Whom an admin lets into care, or resets, waits until a clinician of the place has confirmed it."""

from http import HTTPStatus

import pytest
from door_people import PASSPHRASE, STEP_MS, DoorPeople

LEE = {"login": "lee", "name": "Lee Ka Yan", "role": "clinician", "sites": ["studio"]}
PATIENTS = "/v1/patients"


def root(door: DoorPeople) -> dict[str, str]:
    _, seed = door.staff("root", "admin")
    return door.token("root", seed, stepped_up=True)


def wong(door: DoorPeople, sites: list[str] | None = None) -> dict[str, str]:
    """Let a clinician in who came from the command line."""
    _, seed = door.staff("wong", "clinician", sites)
    return door.token("wong", seed, stepped_up=True)


def taken_up(door: DoorPeople, invitation: dict[str, str]) -> tuple[str, str]:
    """Take an invitation up; returns id and seed."""
    body = {"invitation": invitation["invitation"], "passphrase": PASSPHRASE}
    factor = door.client.post("/v1/invitation", json=body).json()
    return invitation["id"], factor["seed"]


def invited(door: DoorPeople, bearer: dict[str, str], **changes: object) -> tuple[str, str]:
    return taken_up(door, door.client.post("/v1/staff", json=LEE | changes, headers=bearer).json())


def confirm(door: DoorPeople, staff_id: str, bearer: dict[str, str]) -> int:
    return door.client.post(f"/v1/staff/{staff_id}/confirm", headers=bearer).status_code


def waiting(door: DoorPeople, bearer: dict[str, str]) -> list[str]:
    items = door.client.get("/v1/staff/waiting", headers=bearer).json()["items"]
    return [one["login"] for one in items]


@pytest.mark.parametrize("role", ["therapist", "clinician"])
def test_who_is_invited_into_care_is_let_in_when_a_clinician_has_confirmed_it(
    door: DoorPeople, role: str
) -> None:
    staff_id, seed = invited(door, root(door), role=role)
    assert door.sign_in("lee", seed).status_code == HTTPStatus.CONFLICT
    clinician = wong(door)
    assert waiting(door, clinician) == ["lee"]
    assert confirm(door, staff_id, clinician) == HTTPStatus.NO_CONTENT
    assert waiting(door, clinician) == []
    assert confirm(door, staff_id, clinician) == HTTPStatus.CONFLICT
    assert door.client.get(PATIENTS, headers=door.token("lee", seed)).status_code == HTTPStatus.OK


def test_an_account_of_a_clinician_that_an_admin_resets_is_of_no_use_to_the_admin(door: DoorPeople) -> None:
    admin, clinician = root(door), wong(door)
    mei, _ = door.staff("mei", "clinician")
    made = door.client.post(f"/v1/staff/{mei}/reset", headers=admin).json()
    _, seed = taken_up(door, made)
    assert door.sign_in("mei", seed).status_code == HTTPStatus.CONFLICT
    assert confirm(door, mei, clinician) == HTTPStatus.NO_CONTENT
    door.now_ms += STEP_MS
    assert door.sign_in("mei", seed).status_code == HTTPStatus.OK


def test_a_role_that_shows_more_waits_and_one_that_shows_less_does_not(door: DoorPeople) -> None:
    admin = root(door)
    door.studio.site(id="elsewhere")
    roles = (
        ("therapist", "clinician", None),
        ("auditor", "therapist", None),
        ("clinician", "clinician", None),
    )
    for number, (before, after, sites) in enumerate(roles):
        staff_id, seed = door.staff(f"raised-{number}", before, ["elsewhere"])  # type: ignore[arg-type]
        body = {"role": after, "sites": sites}
        door.client.put(f"/v1/staff/{staff_id}/role", json=body, headers=admin)
        assert door.sign_in(f"raised-{number}", seed).status_code == HTTPStatus.CONFLICT
    staff_id, seed = door.staff("lowered", "clinician")
    less = {"role": "therapist", "sites": ["studio"]}
    door.client.put(f"/v1/staff/{staff_id}/role", json=less, headers=admin)
    assert door.sign_in("lowered", seed).status_code == HTTPStatus.OK


def test_to_be_something_else_for_a_while_is_no_way_around(door: DoorPeople) -> None:
    admin = root(door)
    staff_id, seed = invited(door, admin)
    for role in ("auditor", "clinician"):
        put = door.client.put(f"/v1/staff/{staff_id}/role", json={"role": role}, headers=admin)
        assert put.status_code == HTTPStatus.NO_CONTENT
    assert door.sign_in("lee", seed).status_code == HTTPStatus.CONFLICT


def test_what_was_signed_in_before_ends_when_the_account_waits(door: DoorPeople) -> None:
    admin = root(door)
    mei, seed = door.staff("mei", "therapist", ["studio"])
    bearer = door.token("mei", seed)
    door.client.put(f"/v1/staff/{mei}/role", json={"role": "clinician"}, headers=admin)
    assert door.client.get(PATIENTS, headers=bearer).status_code == HTTPStatus.UNAUTHORIZED


def test_only_a_clinician_of_the_place_confirms_with_a_fresh_proof(door: DoorPeople) -> None:
    admin = root(door)
    door.studio.site(id="elsewhere")
    staff_id, _ = invited(door, admin)
    assert confirm(door, staff_id, admin) == HTTPStatus.FORBIDDEN
    _, seed = door.staff("far", "clinician", ["elsewhere"])
    far = door.token("far", seed, stepped_up=True)
    assert waiting(door, far) == []
    assert confirm(door, staff_id, far) == HTTPStatus.NOT_FOUND
    _, seed = door.staff("near", "clinician", ["studio"])
    assert confirm(door, staff_id, door.token("near", seed)) == HTTPStatus.FORBIDDEN
    door.now_ms += STEP_MS
    assert confirm(door, staff_id, door.token("near", seed, stepped_up=True)) == HTTPStatus.NO_CONTENT


def test_nobody_confirms_before_the_invitation_is_taken_up_and_a_reset_waits_again(door: DoorPeople) -> None:
    admin, clinician = root(door), wong(door)
    made = door.client.post("/v1/staff", json=LEE, headers=admin).json()
    assert confirm(door, made["id"], clinician) == HTTPStatus.CONFLICT
    taken_up(door, made)
    assert confirm(door, made["id"], clinician) == HTTPStatus.NO_CONTENT
    door.client.post(f"/v1/staff/{made['id']}/reset", headers=admin)
    assert waiting(door, clinician) == ["lee"]


def test_an_admin_who_became_a_clinician_does_not_confirm_whom_they_invited(door: DoorPeople) -> None:
    one, one_seed = door.staff("one", "admin")
    admin = door.token("one", one_seed, stepped_up=True)
    staff_id, _ = invited(door, admin)
    other = root(door)
    door.client.put(f"/v1/staff/{one}/role", json={"role": "clinician"}, headers=other)
    assert confirm(door, one, wong(door)) == HTTPStatus.NO_CONTENT
    door.now_ms += STEP_MS
    assert confirm(door, staff_id, door.token("one", one_seed, stepped_up=True)) == HTTPStatus.CONFLICT
