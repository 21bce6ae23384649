"""Staff who come from an identity provider: the way there and back."""

from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from door_people import DoorPeople
from identity_provider import CLIENT, KID, REDIRECT, published, rsa_key, signed
from identity_traveller import CODE, DASHBOARD, MFA, RETURN, SET_OUT, Traveller, is_out, own_code
from sqlalchemy import select

from services.access.duration import STAFF_IDLE_MS
from services.access.tries import MOST
from services.office import staff
from services.store import tables
from services.store.engine import writing

WRONG_DETAIL = "The identity provider's answer lets nobody in here: start anew, or ask an admin."


def test_whom_the_provider_vouches_for_with_two_factors_is_in(traveller: Traveller) -> None:
    door = traveller.door
    staff_id, _ = door.staff("mei", "therapist", ["studio"])
    traveller.link(staff_id)
    traveller.provider.claims = MFA
    answer = traveller.travel(next=f"{DASHBOARD}/patients")
    assert (answer.status_code, answer.json()) == (200, {"next": f"{DASHBOARD}/patients"})
    cookies = answer.headers.get_list("set-cookie")
    mine = next(one for one in cookies if one.startswith("openspine="))
    assert "HttpOnly" in mine
    assert "SameSite=strict" in mine
    me = door.client.get("/v1/me").json()
    assert (me["id"], me["role"], me["sites"]) == (staff_id, "therapist", ["studio"])
    assert (me["provider"], me["stepped_up_until"]) == ("Studio account", None)
    assert traveller.refusals() == []


def test_the_browser_is_sent_with_all_that_binds_the_answer_to_it(traveller: Traveller) -> None:
    answer = traveller.set_out(language="zh-HK")
    cookie = answer.headers["set-cookie"]
    for part in ("openspine_trip=", "HttpOnly", "SameSite=strict", f"Path={SET_OUT}", "Max-Age=600"):
        assert part in cookie
    address = urlsplit(answer.json()["address"])
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (asked["response_type"], asked["client_id"], asked["redirect_uri"]) == ("code", CLIENT, REDIRECT)
    assert (asked["scope"], asked["code_challenge_method"]) == ("openid email", "S256")
    assert (asked["acr_values"], asked["ui_locales"]) == ("gold", "zh-HK")
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) == 43
    assert not {"prompt", "max_age", "client_secret"} & set(asked)


def test_the_store_keeps_nothing_of_a_trip_that_opens_anything(traveller: Traveller) -> None:
    traveller.travel()
    secret = traveller.door.client.cookies.get("openspine_trip", path="/v1/sign-in/provider")
    with traveller.door.studio.engine.connect() as connection:
        kept = str(connection.execute(select(tables.sign_in_trip)).all())
    assert secret
    assert secret not in kept


def test_without_a_second_factor_there_the_own_code_is_asked_for(traveller: Traveller) -> None:
    door = traveller.door
    staff_id, seed = door.staff("mei", "clinician")
    traveller.link(staff_id)
    assert traveller.travel().json() == {"next": None}
    assert is_out(door)
    assert door.client.post(CODE, json={"code": "000000"}).status_code == HTTPStatus.UNAUTHORIZED
    proof = own_code(door, seed)
    answer = door.client.post(CODE, json=proof)
    assert (answer.status_code, answer.json()) == (200, {"next": DASHBOARD})
    assert door.client.get("/v1/me").json()["id"] == staff_id
    assert door.client.post(CODE, json=proof).status_code == HTTPStatus.UNAUTHORIZED


def test_an_account_without_a_second_factor_needs_the_providers(traveller: Traveller) -> None:
    door = traveller.door
    with writing(door.studio.engine) as connection:
        who = staff.NewStaff(login="mei", name="Mei", language="en", role="auditor", sites=None)
        invited = staff.invite(connection, who, "cli", door.now_ms, is_vouched=True)
    assert isinstance(invited, staff.Invited)
    traveller.link(invited.id)
    assert traveller.travel().json() == {"next": None}
    assert door.client.post(CODE, json={"code": "000000"}).status_code == HTTPStatus.UNAUTHORIZED
    traveller.provider.claims = {"acr": "gold"}
    assert traveller.travel().json()["next"]
    assert door.client.get("/v1/me").json()["id"] == invited.id


def test_guessing_the_own_code_locks_the_account(traveller: Traveller) -> None:
    door = traveller.door
    staff_id, _ = door.staff("mei", "therapist")
    traveller.link(staff_id)
    traveller.travel()
    guesses = [{"code": f"00000{number}"} for number in range(MOST["account"] + 1)]
    found = [door.client.post(CODE, json=guess).status_code for guess in guesses]
    assert found == [HTTPStatus.UNAUTHORIZED] * MOST["account"] + [HTTPStatus.TOO_MANY_REQUESTS]


def test_a_new_key_is_looked_for_and_what_is_known_is_kept(traveller: Traveller) -> None:
    staff_id, _ = traveller.door.staff("mei", "clinician")
    traveller.link(staff_id)
    provider = traveller.provider
    provider.claims = MFA
    assert [traveller.travel().status_code for _ in range(3)] == [200] * 3
    about = "/.well-known/openid-configuration"
    assert (provider.asked.count(about), provider.asked.count("/keys")) == (1, 1)
    kept = traveller.door.context.door.provider
    assert kept is not None
    kept._keys.at_s -= 61.0  # as if the keys had been read a minute ago
    provider.keys = [published(rsa_key(number=1), kid="key-2")]
    provider.make = lambda claims: signed(claims, rsa_key(number=1), kid="key-2")
    assert traveller.travel().status_code == HTTPStatus.OK
    assert provider.asked.count("/keys") == 2
    provider.make = lambda claims: signed(claims, kid=KID)
    assert traveller.travel().status_code == HTTPStatus.UNAUTHORIZED
    assert provider.asked.count("/keys") == 2  # strangers cannot make it ask again and again


def test_the_client_may_prove_itself_in_the_form(traveller: Traveller) -> None:
    staff_id, _ = traveller.door.staff("mei", "clinician")
    traveller.link(staff_id)
    traveller.provider.claims = MFA
    traveller.provider.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert traveller.travel().status_code == HTTPStatus.OK
    assert traveller.provider.forms[0]["client_id"] == CLIENT


def test_it_leads_on_to_our_own_pages_only(traveller: Traveller) -> None:
    staff_id, _ = traveller.door.staff("mei", "clinician")
    traveller.link(staff_id)
    traveller.provider.claims = MFA
    assert traveller.travel(next="https://elsewhere.example/").json() == {"next": DASHBOARD}


def test_other_pages_may_not_send_a_browser_there_or_back(traveller: Traveller) -> None:
    foreign = {"Origin": "https://elsewhere.example"}
    for path, body in ((SET_OUT, {}), (RETURN, {"code": "c", "state": "s"}), (CODE, {"code": "000000"})):
        answer = traveller.door.client.post(path, json=body, headers=foreign)
        assert answer.status_code == HTTPStatus.FORBIDDEN


def test_who_comes_back_with_nothing_waits_and_keeps_nobody_from_a_passphrase(traveller: Traveller) -> None:
    _, seed = traveller.door.staff("mei", "clinician")
    assert {traveller.set_out().status_code for _ in range(MOST["device"] + 1)} == {HTTPStatus.OK}
    traveller.door.client.cookies.clear()
    found = [traveller.come_back("c", "s").status_code for _ in range(MOST["device"] + 1)]
    assert found == [HTTPStatus.UNAUTHORIZED] * MOST["device"] + [HTTPStatus.TOO_MANY_REQUESTS]
    assert traveller.door.sign_in("mei", seed).status_code == HTTPStatus.OK


def test_without_a_provider_there_is_none(door: DoorPeople) -> None:
    for path, body in ((SET_OUT, {}), (RETURN, {"code": "c", "state": "s"}), (CODE, {"code": "000000"})):
        assert door.client.post(path, json=body).status_code == HTTPStatus.NOT_FOUND


def test_such_a_sign_in_ends_like_any_other(traveller: Traveller) -> None:
    door = traveller.door
    staff_id, _ = door.staff("mei", "clinician")
    traveller.link(staff_id)
    traveller.provider.claims = MFA
    traveller.travel()
    door.now_ms += STAFF_IDLE_MS
    assert is_out(door)
    traveller.travel()
    assert not is_out(door)
    assert door.client.post("/v1/sign-out").status_code == HTTPStatus.NO_CONTENT
    assert is_out(door)
