"""Every way in which coming from an identity provider is refused, planted one by one."""

from http import HTTPStatus
from typing import Any

import pytest
from identity_provider import CLIENT, forged, public_pem, rsa_key, signed
from identity_traveller import MFA, Traveller, is_out
from sqlalchemy import select

from services.access.trip import TRIP_MS
from services.office import staff
from services.store import tables
from services.store.engine import writing

WRONG_DETAIL = "The identity provider's answer lets nobody in here: start anew, or ask an admin."


LIES: dict[str, dict[str, Any]] = {
    "issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "audience": {"claims": {"aud": "another"}},
    "authorized_party": {"claims": {"aud": [CLIENT, "another"]}},
    "expired": {"claims": {"exp": 1}},
    "too_early": {"claims": {"iat": 2**39}},
    "nonce": {"claims": {"nonce": "of-somebody-else"}},
    "subject": {"claims": {"sub": ""}},
    "malformed": {"make": lambda _: "Zq7-no-token"},
    "signature": {"make": lambda claims: signed(claims, rsa_key(number=1))},
    "unknown_key": {"make": lambda claims: signed(claims, kid="Zq7-key")},
    "algorithm": {"make": lambda claims: forged(claims, "none")},
    "algorithm (HS256 under the public key)": {"make": lambda claims: forged(claims, "HS256", public_pem())},
    "unlinked": {"subject": "Zq7-stranger"},
}


@pytest.mark.parametrize("name", LIES)
def test_what_does_not_hold_lets_nobody_in_and_is_written_down(traveller: Traveller, name: str) -> None:
    door = traveller.door
    staff_id, _ = door.staff("mei", "clinician")
    traveller.link(staff_id)
    traveller.provider.claims = dict(MFA)
    for part, lie in LIES[name].items():
        before = getattr(traveller.provider, part)
        setattr(traveller.provider, part, before | lie if isinstance(before, dict) else lie)
    answer = traveller.travel()
    assert (answer.status_code, answer.json()["detail"]) == (HTTPStatus.UNAUTHORIZED, WRONG_DETAIL)
    assert not [word for word in ("Zq7", "elsewhere", "another", "code-0") if word in answer.text]
    assert answer.headers["content-type"] == "application/problem+json"
    assert traveller.refusals() == [(name.partition(" ")[0], "unknown")]
    assert traveller.kept_trips() == 0
    assert is_out(door)


def test_a_wrong_state_ends_the_trip(traveller: Traveller) -> None:
    staff_id, _ = traveller.door.staff("mei", "clinician")
    traveller.link(staff_id)
    traveller.provider.claims = MFA
    code, state = traveller.provider.consent(traveller.set_out().json()["address"])
    assert traveller.come_back(code, state[:-1] + "-").status_code == HTTPStatus.UNAUTHORIZED
    assert traveller.come_back(code, state).status_code == HTTPStatus.UNAUTHORIZED
    assert [why for why, _ in traveller.refusals()] == ["state", "no_trip"]
    assert "/token" not in traveller.provider.asked


def test_an_answer_opens_once_and_in_its_own_browser(traveller: Traveller) -> None:
    door = traveller.door
    staff_id, _ = door.staff("mei", "clinician")
    traveller.link(staff_id)
    traveller.provider.claims = MFA
    code, state = traveller.provider.consent(traveller.set_out().json()["address"])
    mine = dict(door.client.cookies)
    door.client.cookies.clear()
    assert traveller.come_back(code, state).status_code == HTTPStatus.UNAUTHORIZED  # another browser
    door.client.cookies.update(mine)
    assert traveller.come_back(code, state).status_code == HTTPStatus.OK
    door.client.cookies.clear()
    door.client.cookies.update(mine)
    assert traveller.come_back(code, state).status_code == HTTPStatus.UNAUTHORIZED  # replayed
    assert [why for why, _ in traveller.refusals()] == ["no_trip", "no_trip"]


def test_a_code_that_the_provider_has_changed_already_is_refused(traveller: Traveller) -> None:
    staff_id, _ = traveller.door.staff("mei", "clinician")
    traveller.link(staff_id)
    traveller.provider.claims = MFA
    used, _ = traveller.provider.consent(traveller.set_out().json()["address"])
    _, state = traveller.provider.consent(traveller.set_out().json()["address"])
    assert traveller.come_back(used, state).status_code == HTTPStatus.UNAUTHORIZED  # of another verifier
    assert traveller.refusals() == [("code", "unknown")]


def test_a_trip_ends_after_ten_minutes(traveller: Traveller) -> None:
    back = traveller.provider.consent(traveller.set_out().json()["address"])
    traveller.door.now_ms += TRIP_MS
    assert traveller.come_back(*back).status_code == HTTPStatus.UNAUTHORIZED
    assert traveller.refusals() == [("no_trip", "unknown")]


def test_a_disabled_account_stays_closed(traveller: Traveller) -> None:
    door = traveller.door
    staff_id, _ = door.staff("mei", "clinician")
    traveller.link(staff_id)
    traveller.provider.claims = MFA
    with writing(door.studio.engine) as connection:
        assert staff.disable(connection, staff_id, "cli", door.now_ms) is None
    assert traveller.travel().status_code == HTTPStatus.UNAUTHORIZED
    assert traveller.refusals() == [("disabled", staff_id)]


def test_an_address_leads_to_an_account_once_and_only_verified(traveller: Traveller) -> None:
    door = traveller.door
    staff_id, _ = door.staff("mei", "clinician")
    traveller.link(staff_id, email="Mei@Studio.example")
    for verified in (None, False, "true"):
        traveller.provider.claims = MFA | {"email": "mei@studio.example", "email_verified": verified}
        assert traveller.travel().status_code == HTTPStatus.UNAUTHORIZED
    assert traveller.refusals() == [("email_unverified", staff_id)] * 3
    traveller.provider.claims = MFA | {"email": "mei@studio.EXAMPLE", "email_verified": True}
    assert traveller.travel().status_code == HTTPStatus.OK
    traveller.provider.subject = "s-2"
    assert traveller.travel().status_code == HTTPStatus.UNAUTHORIZED
    traveller.provider.subject, traveller.provider.claims = "s-1", MFA
    assert traveller.travel().status_code == HTTPStatus.OK
    assert traveller.refusals()[3:] == [("unlinked", "unknown")]


def test_no_account_is_made_and_no_role_is_taken_from_the_provider(traveller: Traveller) -> None:
    door = traveller.door
    staff_id, _ = door.staff("mei", "therapist", ["studio"])
    traveller.link(staff_id)
    traveller.provider.claims = MFA | {"role": "admin", "roles": ["admin"], "groups": ["admin"]}
    assert traveller.travel().status_code == HTTPStatus.OK
    assert door.client.get("/v1/me").json()["role"] == "therapist"
    with door.studio.engine.connect() as connection:
        assert connection.scalars(select(tables.staff_member.c.id)).all() == [staff_id]


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"issuer": "https://elsewhere.example"}, "provider_unsound"),
        ({"token_endpoint": "http://elsewhere.example/token"}, "provider_unsound"),
        ({"jwks_uri": None}, "provider_unsound"),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, "provider_unsound"),
        (None, "provider_down"),
    ],
)
def test_a_provider_that_is_away_or_not_itself_is_said_plainly(
    traveller: Traveller, about: dict[str, Any] | None, why: str
) -> None:
    traveller.provider.is_down = about is None
    traveller.provider.about = about or {}
    answer = traveller.set_out()
    assert answer.status_code == HTTPStatus.BAD_GATEWAY
    assert "elsewhere" not in answer.text
    assert traveller.refusals() == [(why, "unknown")]
    traveller.provider.is_down, traveller.provider.about = False, {}
    again = traveller.set_out()
    assert again.status_code == HTTPStatus.SERVICE_UNAVAILABLE  # it is left in peace for a moment
    assert again.json()["type"].endswith(":provider-busy")
    assert int(again.headers["Retry-After"]) > 0
    assert traveller.refusals() == [(why, "unknown")]
    assert traveller.kept_trips() == 0


def test_a_provider_that_goes_away_meanwhile_lets_nobody_in(traveller: Traveller) -> None:
    back = traveller.provider.consent(traveller.set_out().json()["address"])
    traveller.provider.is_down = True
    assert traveller.come_back(*back).status_code == HTTPStatus.BAD_GATEWAY
    assert traveller.refusals() == [("provider_down", "unknown")]
    assert traveller.kept_trips() == 0
