"""Who came from an identity provider proves it again; admins link accounts, clinicians confirm them."""

from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from door_people import PASSPHRASE, STEP_MS
from identity_traveller import MFA, Traveller, is_out, own_code

from services.access.tries import MOST
from services.office import confirming, linking, staff
from services.store.engine import writing

WRONG_DETAIL = "The identity provider's answer lets nobody in here: start anew, or ask an admin."


def _signed_in(traveller: Traveller) -> tuple[str, str]:
    staff_id, seed = traveller.door.staff("mei", "clinician")
    traveller.link(staff_id)
    traveller.provider.claims = MFA
    assert traveller.travel().status_code == HTTPStatus.OK
    return staff_id, seed


def test_who_came_from_the_provider_proves_it_again_there(traveller: Traveller) -> None:
    door = traveller.door
    _signed_in(traveller)
    address = traveller.set_out(again=True).json()["address"]
    asked = parse_qs(urlsplit(address).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert traveller.come_back(*traveller.provider.consent(address)).status_code == HTTPStatus.OK
    assert door.client.get("/v1/me").json()["stepped_up_until"] is not None


def test_a_proof_anew_is_fresh_of_the_same_person_and_in_the_same_session(traveller: Traveller) -> None:
    door = traveller.door
    _, _ = _signed_in(traveller)
    other_id, _ = door.staff("wong", "clinician")
    traveller.link(other_id, subject="s-2")
    traveller.provider.claims = MFA | {"auth_time": door.now_ms // 1_000 - 3_600}
    assert traveller.travel(again=True).status_code == HTTPStatus.UNAUTHORIZED
    traveller.provider.claims, traveller.provider.subject = MFA, "s-2"
    assert traveller.travel(again=True).status_code == HTTPStatus.UNAUTHORIZED
    traveller.provider.subject = "s-1"
    back = traveller.provider.consent(traveller.set_out(again=True).json()["address"])
    door.client.cookies.delete("openspine")
    assert traveller.come_back(*back).status_code == HTTPStatus.UNAUTHORIZED
    assert [why for why, _ in traveller.refusals()] == ["stale", "other_person", "session"]


def test_who_came_from_the_provider_proves_it_again_by_the_own_code(traveller: Traveller) -> None:
    door = traveller.door
    _, seed = _signed_in(traveller)
    assert door.client.post("/v1/step-up", json={"code": "000000"}).status_code == HTTPStatus.UNAUTHORIZED
    assert door.client.post("/v1/step-up", json=own_code(door, seed)).status_code == HTTPStatus.OK


def test_a_proof_anew_counts_on_the_own_token(traveller: Traveller) -> None:
    door = traveller.door
    _signed_in(traveller)
    mine = door.client.cookies.get("openspine")
    for _ in range(MOST["device"]):
        traveller.come_back("c", "s")
    assert traveller.travel().status_code == HTTPStatus.TOO_MANY_REQUESTS  # a sign-in, from this device
    assert traveller.travel(again=True).status_code == HTTPStatus.OK
    assert door.client.cookies.get("openspine") == mine
    traveller.provider.subject = "s-9"
    found = [traveller.travel(again=True).status_code for _ in range(MOST["account"] + 1)]
    assert found == [HTTPStatus.UNAUTHORIZED] * MOST["account"] + [HTTPStatus.TOO_MANY_REQUESTS]


def test_who_typed_a_passphrase_does_not_prove_it_again_by_a_code_alone(traveller: Traveller) -> None:
    door = traveller.door
    _, seed = door.staff("mei", "clinician")
    assert door.sign_in("mei", seed).status_code == HTTPStatus.OK
    door.now_ms += STEP_MS
    assert door.client.post("/v1/step-up", json=own_code(door, seed)).status_code == HTTPStatus.UNAUTHORIZED
    both = own_code(door, seed) | {"passphrase": PASSPHRASE}
    assert door.client.post("/v1/step-up", json=both).status_code == HTTPStatus.OK


def test_nobody_signed_in_has_nothing_to_prove_again(traveller: Traveller) -> None:
    assert traveller.set_out(again=True).status_code == HTTPStatus.UNAUTHORIZED


def test_an_admin_links_an_account_and_a_clinician_confirms_it(traveller: Traveller) -> None:
    door = traveller.door
    _, seed = door.staff("chow", "admin")
    staff_id, _ = door.staff("mei", "clinician")
    wong_id, _ = door.staff("wong", "clinician")
    admin = door.token("chow", seed, stepped_up=True)
    path = f"/v1/staff/{staff_id}/link"
    for body in ({}, {"subject": "s-1", "email": "mei@studio.example"}):
        assert door.client.put(path, json=body, headers=admin).status_code == HTTPStatus.CONFLICT
    assert door.client.put(path, json={"subject": "s-1"}, headers=admin).status_code == HTTPStatus.NO_CONTENT
    listed = {one["id"]: one for one in door.client.get("/v1/staff", headers=admin).json()["items"]}
    assert (listed[staff_id]["linked"], listed[wong_id]["linked"]) == (True, False)
    other = door.client.put(f"/v1/staff/{wong_id}/link", json={"subject": "s-1"}, headers=admin)
    assert (other.status_code, other.json()["detail"]) == (409, "This person has an account already.")
    traveller.provider.claims = MFA
    assert traveller.travel().status_code == HTTPStatus.CONFLICT
    with writing(door.studio.engine) as connection:
        assert confirming.confirm(connection, staff_id, wong_id, door.now_ms) is None
    assert traveller.travel().status_code == HTTPStatus.OK
    assert door.client.delete(path, headers=admin).status_code == HTTPStatus.NO_CONTENT
    assert is_out(door)
    assert door.client.delete(path, headers=admin).status_code == HTTPStatus.CONFLICT
    assert traveller.travel().status_code == HTTPStatus.UNAUTHORIZED


def test_a_link_by_address_is_confirmed_when_it_is_known_who_came(traveller: Traveller) -> None:
    door = traveller.door
    who = staff.NewStaff(login="mei", name="Mei", language="en", role="therapist", sites=None)
    person = linking.Person(issuer=traveller.provider.issuer, email="mei@studio.example")
    with writing(door.studio.engine) as connection:
        invited = staff.invite(connection, who, "chow", door.now_ms)
        assert isinstance(invited, staff.Invited)
        assert linking.link(connection, invited.id, person, "chow", door.now_ms) is None
        fault = confirming.confirm(connection, invited.id, "wong", door.now_ms)
        assert fault is not None
        assert "e-mail address" in fault.why
    traveller.provider.claims = MFA | {"email": "mei@studio.example", "email_verified": True}
    assert traveller.travel().status_code == HTTPStatus.CONFLICT
    with writing(door.studio.engine) as connection:
        assert confirming.confirm(connection, invited.id, "wong", door.now_ms) is None
    assert traveller.travel().status_code == HTTPStatus.OK


def test_a_reset_account_is_linked_no_more(traveller: Traveller) -> None:
    door = traveller.door
    staff_id, _ = door.staff("mei", "clinician")
    traveller.link(staff_id)
    with writing(door.studio.engine) as connection:
        staff.reset(connection, staff_id, "cli", door.now_ms, is_vouched=True)
    traveller.provider.claims = MFA
    assert traveller.travel().status_code == HTTPStatus.UNAUTHORIZED
    assert traveller.refusals() == [("unlinked", "unknown")]
