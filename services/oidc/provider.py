"""The studio's identity provider: where it signs people in, what a code is worth, which keys are its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

from services.access.trip import Trip
from services.oidc.fetching import Away, Fetching
from services.oidc.id_token import Claims, Expected, Fault, Key, check
from services.oidc.kept import KeptPage
from services.oidc.registered import Registered
from services.refusals import is_loopback

KEPT_S: Final = 3_600.0  # what the provider says of itself
KEYS_AGAIN_S: Final = 60.0  # between two looks for a key that is not known: strangers can invent many
WELL_KNOWN = "/.well-known/openid-configuration"
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The provider, or a check, says no; `why` is a word of ours."""

    why: str


class Provider:
    """Keeps what the provider says of itself for an hour."""

    def __init__(self, registered: Registered) -> None:
        self.registered = registered
        self._fetching = Fetching()
        self._about = KeptPage(self._describe)
        self._keys = KeptPage(self._read_keys)

    def address(self, trip: Trip, *, is_again: bool, language: str = "") -> str | Away:
        """Say where a browser goes to sign in, or to prove itself anew."""
        about = self._described()
        if isinstance(about, Away):
            return about
        mine = self.registered
        asked = {
            "response_type": "code",
            "client_id": mine.client_id,
            "redirect_uri": mine.redirect,
            "scope": "openid email",
            "state": trip.state,
            "nonce": trip.nonce,
            "code_challenge": trip.challenge,
            "code_challenge_method": "S256",
        }
        asked |= {"prompt": "login", "max_age": "0"} if is_again else {}
        asked |= {"acr_values": " ".join(mine.acr)} if mine.acr else {}
        asked |= {"ui_locales": language} if language else {}
        joint = "&" if urlsplit(about["authorization_endpoint"]).query else "?"
        return f"{about['authorization_endpoint']}{joint}{urlencode(asked)}"

    def claims(
        self, code: str, trip: Trip, fresh_from_ms: int | None, now_ms: int
    ) -> Claims | Refused | Away:
        """Change a code for an ID token and check it; a key that is not known is looked for once more."""
        token = self._exchange(code, trip)
        if not isinstance(token, str):
            return token
        mine = self.registered
        expected = Expected(
            issuer=mine.issuer, client_id=mine.client_id, nonce=trip.nonce, fresh_from_ms=fresh_from_ms
        )
        found: Claims | Fault = Fault(why="unknown_key")
        for kept_s in (KEPT_S, KEYS_AGAIN_S):
            keys = self._signing(kept_s)
            if isinstance(keys, Away):
                return keys
            found = check(token, keys, expected, now_ms)
            if not (isinstance(found, Fault) and found.why == "unknown_key"):
                break
        return Refused(why=found.why) if isinstance(found, Fault) else found

    def has_second(self, claims: Claims) -> bool:
        """Tell whether the provider saw a second factor that is enough here."""
        mine = self.registered
        return claims.acr in mine.acr or bool(set(claims.amr) & set(mine.amr))

    def _exchange(self, code: str, trip: Trip) -> str | Refused | Away:
        about = self._described()
        if isinstance(about, Away):
            return about
        mine = self.registered
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": mine.redirect,
            "code_verifier": trip.verifier,
        }
        ways = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        is_basic = "client_secret_basic" in ways
        basic = (quote_plus(mine.client_id), quote_plus(mine.secret)) if is_basic else None  # RFC 6749, 2.3.1
        form |= {} if is_basic else {"client_id": mine.client_id, "client_secret": mine.secret}
        answer = self._fetching.post(about["token_endpoint"], form, basic)
        if isinstance(answer, Away):
            return answer
        token = answer[1].get("id_token")
        return token if answer[0] == 200 and isinstance(token, str) else Refused(why="code")

    def _described(self) -> Mapping[str, Any] | Away:
        return self._about.get(KEPT_S)

    def _describe(self) -> Mapping[str, Any] | Away:
        """Read what the provider says of itself."""
        said = self._fetching.get(self.registered.issuer.rstrip("/") + WELL_KNOWN)
        if isinstance(said, Away) or _is_sound(said, self.registered.issuer):
            return said
        return self._fetching.pause("provider_unsound")

    def _signing(self, kept_s: float) -> Sequence[Key] | Away:
        said = self._keys.get(kept_s)
        if isinstance(said, Away):
            return said
        keys = said.get("keys")
        return [one for one in keys if isinstance(one, dict)] if isinstance(keys, list) else []

    def _read_keys(self) -> Mapping[str, Any] | Away:
        about = self._described()
        return about if isinstance(about, Away) else self._fetching.get(about["jwks_uri"])


def _is_sound(said: Mapping[str, Any], issuer: str) -> bool:
    """Tell whether a provider names itself as we do, and nothing that would be asked in the open."""
    addresses = [said.get(name) for name in ADDRESSES]
    ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    can_prove = isinstance(ways, list) and {"client_secret_basic", "client_secret_post"} & set(map(str, ways))
    return said.get("issuer") == issuer and bool(can_prove) and all(map(_is_safe, addresses))


def _is_safe(address: object) -> bool:
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )
