"""Identities at rest: values sealed with a key of a file, so that a stolen database names nobody.

Two ways to seal: AES-256-GCM, with which the same value looks different each time; and AES-SIV (RFC 5297),
with which it looks the same, so that a badge or a code can be found by `==` and be unique.
"""

import base64
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from secrets import token_bytes
from time import monotonic
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.kept import Kept
from services.keys.audit import AuditKey

NONCE_BYTES = 12  # of AES-GCM; random, which one key stands for 2^32 values
GCM_KEY_BYTES, SIV_KEY_BYTES = 32, 64
OPENED_MOST = 50_000  # opened values that are kept in memory: names and codes of a large studio chain
SEALED = re.compile(r"(s1|k1)\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)")
_ATTRIBUTE = "openspine_vault"


class SealedError(Exception):
    """Why a sealed value cannot be opened; one sentence, without the value."""


class Vault:
    """Seals with the current key and opens with every key that it holds."""

    def __init__(
        self, current: str, secrets: Mapping[str, bytes], clock_s: Callable[[], float] = monotonic
    ) -> None:
        self.current = current
        self._gcm = {key: AESGCM(_derived(secret, "value", GCM_KEY_BYTES)) for key, secret in secrets.items()}
        self._siv = {
            key: AESSIV(_derived(secret, "lookup", SIV_KEY_BYTES)) for key, secret in secrets.items()
        }
        # By the sealed text, which never means another value: what is kept cannot be out of date.
        self._opened = lru_cache(maxsize=OPENED_MOST)(self._open)
        self.kept = Kept(OPENED_MOST, clock_s)  # lists of people with what was opened in them

    def seal(self, value: str, place: str) -> str:
        """Seal a value for one column; twice the same value gives two texts."""
        nonce = token_bytes(NONCE_BYTES)
        return self._text(
            "s1", nonce + self._gcm[self.current].encrypt(nonce, value.encode(), place.encode())
        )

    def seal_key(self, value: str, place: str) -> str:
        """Seal a value by which rows are found: the same value gives the same text."""
        return self._text("k1", self._siv[self.current].encrypt(value.encode(), [place.encode()]))

    def opened(self, stored: str, place: str) -> str:
        """Open a stored text; what is not sealed stays as it is. SealedError when no key here opens it."""
        return self._opened(stored, place) if self.kept.is_settled() else self._open(stored, place)

    def forget(self) -> None:
        """Forget all that was opened: a person was erased."""
        self.kept.forget()  # first: from now on nothing is kept
        self._opened.cache_clear()

    def is_current(self, stored: str) -> bool:
        """Tell whether a stored text is sealed with the current key."""
        found = SEALED.fullmatch(stored)
        return found is not None and found[2] == self.current

    def _text(self, way: str, sealed: bytes) -> str:
        return f"{way}.{self.current}.{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"

    def _open(self, stored: str, place: str) -> str:
        found = SEALED.fullmatch(stored)
        if found is None:
            return stored  # from before there was a key: `openspine db reseal` seals it
        way, key, text = found.groups()
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        try:
            if way == "s1":
                return self._gcm[key].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()
            return self._siv[key].decrypt(raw, [place.encode()]).decode()
        except KeyError:
            raise SealedError(f"sealed with the identity key {key}, which is not here") from None
        except InvalidTag:
            raise SealedError(f"a sealed {place} was changed, or belongs to another column") from None


class Secrets:
    """What a process writes into its database with: the audit key, and the vault of identities."""

    def __init__(self, audit: AuditKey | None = None, vault: Vault | None = None) -> None:
        self.audit, self.vault = audit, vault


def is_sealed(stored: str) -> bool:
    """Tell whether a text has the form of a sealed value."""
    return SEALED.fullmatch(stored) is not None


def give(dialect: Any, vault: Vault | None) -> None:
    """Hand the vault of an engine to the types of its columns, which see its dialect only."""
    setattr(dialect, _ATTRIBUTE, vault)


def vault_of(dialect: Any) -> Vault | None:
    """Find the vault of the engine that a dialect belongs to."""
    found: Vault | None = getattr(dialect, _ATTRIBUTE, None)
    return found


def forget(dialect: Any) -> None:
    """Let the vault of an engine forget all that it has opened; without one nothing is kept."""
    vault = vault_of(dialect)
    if vault is not None:
        vault.forget()


def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length, None, f"openspine/identity/{purpose}/v1".encode()).derive(secret)
