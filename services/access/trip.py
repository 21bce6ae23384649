"""The way to an identity provider and back: all of it is made of one secret that a browser keeps."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from services.access.duration import MINUTE_MS

TRIP_MS = 10 * MINUTE_MS  # to sign in elsewhere, with a second factor that has to be looked for
CODE_MS = 5 * MINUTE_MS  # to type the own one-time code afterwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What binds an answer of the provider to the browser that asked (OpenID Connect 3.1.2.1, RFC 7636)."""

    state: str
    nonce: str
    verifier: str
    challenge: str  # S256 of the verifier


def trip_of(secret: str) -> Trip:
    """Make what belongs to a secret; whoever has one of the parts cannot make another."""
    verifier = _part(secret, "verifier")
    return Trip(
        state=_part(secret, "state"),
        nonce=_part(secret, "nonce"),
        verifier=verifier,
        challenge=_written(hashlib.sha256(verifier.encode()).digest()),
    )


def is_state(given: str, secret: str) -> bool:
    """Tell whether a state belongs to a secret; takes as long for either answer."""
    return hmac.compare_digest(given.encode(), trip_of(secret).state.encode())


def _part(secret: str, name: str) -> str:
    return _written(hmac.digest(secret.encode(), f"openspine trip {name}".encode(), "sha256"))


def _written(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
