"""Whether an ID token is one of ours, fresh and signed by the provider (OpenID Connect Core 3.1.3.7)."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from jwt import PyJWK, PyJWS, PyJWTError

KEY_KINDS: Final = {"RS256": "RSA", "ES256": "EC"}  # `none` and shared secrets sign nothing here
RSA_LEAST_BITS = 2_048  # RFC 7518, 3.3
CURVE = "P-256"  # of ES256
TOKEN_MOST = 16_384  # characters
SUBJECT_MOST = 255  # characters: what a provider may use (OpenID Connect Core 2)
WORDS_MOST = 320  # characters: of an e-mail address (RFC 3696)
LEEWAY_MS = 60_000  # of two clocks
AGE_MOST_MS = 10 * 60_000  # of a token that was asked for just now

Why = Literal[
    "malformed", "algorithm", "unknown_key", "signature", "issuer", "audience", "authorized_party", "expired",
    "too_early", "nonce", "subject", "stale",
]  # fmt: skip
Key = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token must say; `fresh_from_ms`: since when one must have proven oneself, None = whenever."""

    issuer: str
    client_id: str
    nonce: str
    fresh_from_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token that holds says of somebody."""

    subject: str
    email: str | None
    is_email_verified: bool
    acr: str | None
    amr: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a token does not hold, in a word of ours."""

    why: Why


def check(token: str, keys: Sequence[Key], expected: Expected, now_ms: int) -> Claims | Fault:
    """Check signature, then issuer, audience, times, nonce and subject; the first fault is told."""
    said = _signed(token, keys)
    if isinstance(said, Fault):
        return said
    why = (
        _wrong_party(said, expected) or _wrong_time(said, expected, now_ms) or _wrong_binding(said, expected)
    )
    return Fault(why=why) if why else _claims(said)


def _signed(token: str, keys: Sequence[Key]) -> dict[str, Any] | Fault:
    """Read what is signed; the header only says which of the provider's own keys to look for."""
    jws = PyJWS(algorithms=list(KEY_KINDS))
    try:
        header = jws.get_unverified_header(token) if len(token) <= TOKEN_MOST else {}
    except PyJWTError:
        header = {}
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or "crit" in header or "b64" in header:
        return Fault(why="malformed")
    if algorithm not in KEY_KINDS:
        return Fault(why="algorithm")
    key = _key(keys, header.get("kid"), algorithm)
    if key is None:
        return Fault(why="unknown_key")
    try:
        payload = jws.decode_complete(token, key, algorithms=[algorithm])["payload"]
    except PyJWTError:
        return Fault(why="signature")
    return _object(payload)


def _object(payload: bytes) -> dict[str, Any] | Fault:
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        said = None
    return said if isinstance(said, dict) else Fault(why="malformed")


def _key(keys: Sequence[Key], named: object, algorithm: str) -> PyJWK | None:
    """Find the key of this name, or the only one where none is named; only a strong one of its kind signs."""
    fitting = [one for one in keys if _fits(one, algorithm)]
    chosen = [one for one in fitting if one.get("kid") == named] if named is not None else fitting
    if len(chosen) != 1:
        return None
    try:
        key = PyJWK.from_dict(dict(chosen[0]), algorithm=algorithm)
    except (PyJWTError, ValueError, TypeError):
        return None
    return key if algorithm != "RS256" or key.key.key_size >= RSA_LEAST_BITS else None


def _fits(key: Key, algorithm: str) -> bool:
    is_curve = algorithm != "ES256" or key.get("crv") == CURVE
    is_kind = key.get("kty") == KEY_KINDS[algorithm] and is_curve and "d" not in key
    return is_kind and key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm


def _wrong_party(said: Mapping[str, Any], expected: Expected) -> Why | None:
    if said.get("iss") != expected.issuer:
        return "issuer"
    audience = said.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in named:
        return "audience"
    party = said.get("azp")
    if (len(named) > 1 or party is not None) and party != expected.client_id:
        return "authorized_party"
    return None


def _wrong_time(said: Mapping[str, Any], expected: Expected, now_ms: int) -> Why | None:
    ends_ms, made_ms, from_ms = _ms(said.get("exp")), _ms(said.get("iat")), _ms(said.get("nbf", 0))
    if ends_ms is None or made_ms is None or from_ms is None:
        return "malformed"
    if now_ms >= ends_ms + LEEWAY_MS or made_ms < now_ms - AGE_MOST_MS - LEEWAY_MS:
        return "expired"
    if max(made_ms, from_ms) > now_ms + LEEWAY_MS:
        return "too_early"
    if expected.fresh_from_ms is None:
        return None
    proven_ms = _ms(said.get("auth_time"))
    return "stale" if proven_ms is None or proven_ms < expected.fresh_from_ms - LEEWAY_MS else None


def _wrong_binding(said: Mapping[str, Any], expected: Expected) -> Why | None:
    nonce, subject = said.get("nonce"), said.get("sub")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        return "nonce"
    is_name = isinstance(subject, str) and 0 < len(subject) <= SUBJECT_MOST and subject.isprintable()
    return None if is_name else "subject"


def _claims(said: Mapping[str, Any]) -> Claims:
    email, amr, acr = said.get("email"), said.get("amr"), said.get("acr")
    is_address = isinstance(email, str) and len(email) <= WORDS_MOST and email.isprintable()
    return Claims(
        subject=said["sub"],
        email=email if is_address else None,
        is_email_verified=said.get("email_verified") is True,
        acr=acr if isinstance(acr, str) else None,
        amr=tuple(one for one in amr if isinstance(one, str)) if isinstance(amr, list) else (),
    )


def _ms(seconds: object) -> int | None:
    """Read a NumericDate; whole or broken seconds, and nothing that overflows."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not abs(seconds) < 2**40:
        return None
    return int(seconds * 1_000)
