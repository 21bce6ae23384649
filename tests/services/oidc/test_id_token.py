"""Which ID tokens hold: each claim and each way to sign is spoiled by itself."""

from typing import Any

import pytest
from identity_provider import CLIENT, curve_key, forged, public_pem, published, rsa_key, signed

from services.oidc.id_token import AGE_MOST_MS, LEEWAY_MS, Claims, Expected, Fault, check

NOW_MS = 1_800_000_000_000
NOW_S = NOW_MS // 1_000
ISSUER = "https://id.example"
EXPECTED = Expected(issuer=ISSUER, client_id=CLIENT, nonce="n-1")
FRESH = Expected(issuer=ISSUER, client_id=CLIENT, nonce="n-1", fresh_from_ms=NOW_MS - 5_000)
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "s-1",
    "aud": CLIENT,
    "exp": NOW_S + 300,
    "iat": NOW_S,
    "nonce": "n-1",
}


def checked(token: str, *, keys: Any = None, expected: Expected = EXPECTED) -> Claims | str:
    found = check(token, [published()] if keys is None else keys, expected, NOW_MS)
    return found.why if isinstance(found, Fault) else found


def test_a_token_that_is_right_says_who_it_is() -> None:
    claims = CLAIMS | {"email": "mei@studio.example", "email_verified": True, "acr": "2", "amr": ["otp", 3]}
    assert checked(signed(claims)) == Claims(
        subject="s-1", email="mei@studio.example", is_email_verified=True, acr="2", amr=("otp",)
    )


def test_both_ways_to_sign_hold_and_an_unnamed_key_only_when_it_is_the_only_one() -> None:
    keys = [published(), published(curve_key(), kid="key-2")]
    assert isinstance(checked(signed(CLAIMS, curve_key(), "ES256", kid="key-2"), keys=keys), Claims)
    assert isinstance(checked(signed(CLAIMS, kid=None), keys=[published(kid=None)]), Claims)
    twice = [published(), published(rsa_key(number=1), kid="key-3")]
    assert checked(signed(CLAIMS, kid=None), keys=twice) == "unknown_key"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"iss": "https://id.example/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": [CLIENT.upper()]}, "audience"),
        ({"aud": [CLIENT, "another"]}, "authorized_party"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "authorized_party"),
        ({"azp": "another"}, "authorized_party"),
        ({"exp": NOW_S - LEEWAY_MS // 1_000}, "expired"),
        ({"exp": None}, "malformed"),
        ({"exp": "tomorrow"}, "malformed"),
        ({"exp": True}, "malformed"),
        ({"exp": 1e300}, "malformed"),
        ({"iat": None}, "malformed"),
        ({"iat": NOW_S - (AGE_MOST_MS + LEEWAY_MS) // 1_000 - 1}, "expired"),
        ({"iat": NOW_S + LEEWAY_MS // 1_000 + 1}, "too_early"),
        ({"nbf": NOW_S + LEEWAY_MS // 1_000 + 1}, "too_early"),
        ({"nonce": "n-2"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ["n-1"]}, "nonce"),
        ({"sub": ""}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"sub": 7}, "subject"),
    ],
)
def test_each_claim_is_asked_for(wrong: dict[str, Any], why: str) -> None:
    assert checked(_token(CLAIMS | wrong)) == why


def _token(claims: dict[str, Any]) -> str:
    """Sign what the library itself would not (a subject that is a number)."""
    import json  # noqa: PLC0415 (as the library writes it)

    from jwt import PyJWS  # noqa: PLC0415 (as above)

    payload = json.dumps({name: value for name, value in claims.items() if value is not None}).encode()
    return PyJWS().encode(payload, rsa_key(), algorithm="RS256", headers={"kid": "key-1"})


def test_several_audiences_hold_when_the_token_was_made_for_us() -> None:
    assert isinstance(checked(signed(CLAIMS | {"aud": ["another", CLIENT], "azp": CLIENT})), Claims)


@pytest.mark.parametrize("proven_s", [None, NOW_S - 5 - LEEWAY_MS // 1_000 - 1])
def test_a_proof_anew_must_be_one(proven_s: int | None) -> None:
    claims = CLAIMS if proven_s is None else CLAIMS | {"auth_time": proven_s}
    assert checked(signed(claims), expected=FRESH) == "stale"
    assert isinstance(checked(signed(claims)), Claims)
    assert isinstance(checked(signed(CLAIMS | {"auth_time": NOW_S}), expected=FRESH), Claims)


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (forged(CLAIMS, "none"), "algorithm"),
        (forged(CLAIMS, "None"), "algorithm"),
        (forged(CLAIMS, "HS256", public_pem()), "algorithm"),
        (signed(CLAIMS, algorithm="RS512"), "algorithm"),
        (signed(CLAIMS, algorithm="PS256"), "algorithm"),
        (signed(CLAIMS, rsa_key(number=1)), "signature"),
        (signed(CLAIMS)[:-8] + "AAAAAAAA", "signature"),
        (signed(CLAIMS, kid="key-9"), "unknown_key"),
        (signed(CLAIMS, curve_key(), "ES256"), "unknown_key"),
        (signed(CLAIMS, crit=["exp"], exp=1), "malformed"),
        ("", "malformed"),
        ("a.b.c", "malformed"),
        ("x" * 20_000, "malformed"),
        (forged([], "RS256", b"x"), "signature"),  # type: ignore[arg-type]
    ],
)
def test_only_the_providers_own_keys_sign(token: str, why: str) -> None:
    assert checked(token) == why


@pytest.mark.parametrize(
    "key",
    [
        published(alg="RS512"),
        published(use="enc"),
        published(kty="oct", k="c2VjcmV0"),
        published(rsa_key(1_024)),
        published(n="AQAB"),
        published(d="AQAB"),
        {"kid": "key-1"},
    ],
)
def test_a_key_that_is_not_for_this_or_too_weak_signs_nothing(key: dict[str, Any]) -> None:
    signer = rsa_key(1_024) if len(key.get("n", "")) < 200 else rsa_key()
    assert checked(signed(CLAIMS, signer), keys=[key]) == "unknown_key"


def test_a_token_whose_body_is_no_object_is_refused() -> None:
    from jwt import PyJWS  # noqa: PLC0415 (only here)

    for payload in (b"[]", b"\xff", b"[" * 2_000):
        token = PyJWS().encode(payload, rsa_key(), algorithm="RS256", headers={"kid": "key-1"})
        assert checked(token) == "malformed"
