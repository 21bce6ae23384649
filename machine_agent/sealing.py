"""Seals what is kept of a person: disk and site key together do not open it without badge, or code and PIN.

AES-256-GCM under a key that HKDF-SHA256 (RFC 5869) derives from the site key and the person's own secret.
The nonce is an HMAC of what is sealed, so that one key never meets one nonce with two contents, and the
same bytes come out in every replay.
"""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"openspine kept plan 1"
_CIPHER_BYTES, _NONCE_KEY_BYTES = 32, 32
_NONCE_BYTES = 12  # what AES-GCM wants


def key_of_badge(site_key: bytes, badge: str) -> bytes:
    """Derive the key of a person with a badge."""
    return _derived(site_key, b"badge:" + badge.encode())


def key_of_code(site_key: bytes, stretched_pin: bytes) -> bytes:
    """Derive the key of a person with a code: its PIN, stretched by scrypt, is part of it."""
    return _derived(site_key, b"code:" + stretched_pin)


def seal(key: bytes, content: bytes, about: bytes) -> bytes:
    """Encrypt; `about` is not hidden, but cannot be exchanged either."""
    nonce = hmac.digest(key[_CIPHER_BYTES:], about + b"\0" + content, hashlib.sha256)[:_NONCE_BYTES]
    return nonce + AESGCM(key[:_CIPHER_BYTES]).encrypt(nonce, content, about)


def opened(key: bytes, sealed: bytes, about: bytes) -> bytes | None:
    """Decrypt; None when key, content or `about` are not what they were."""
    try:
        return AESGCM(key[:_CIPHER_BYTES]).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about)
    except (InvalidTag, ValueError):  # ValueError: too short to be sealed at all
        return None


def _derived(site_key: bytes, secret: bytes) -> bytes:
    length = _CIPHER_BYTES + _NONCE_KEY_BYTES
    return HKDF(algorithm=SHA256(), length=length, salt=site_key, info=PURPOSE).derive(secret)
