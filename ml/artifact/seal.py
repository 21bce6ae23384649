"""Who vouches for an artifact: Ed25519 over the card as it stands, which holds the hash of the model file.

The release keys stand here and nowhere else; a studio that trains its own model names further keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ml.artifact.card import Refused

# Public parts by key id. A maintainer replaces them by the keys of the own releases (docs/keys.md).
RELEASE_KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {"model-66a7cee2": "66a7cee2334a97f7ee0c7d6800f1aa57610957f2434d0776ce3bee16711a659c"}
)
PURPOSE = b"openspine model card 1\n"  # in front of what is signed: the key vouches for nothing else
ID_DIGITS = 8  # hex digits of a key id, as in every key folder
UNSIGNED = Refused(reason="the card is not signed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The signature of a card (hex) and the key that made it."""

    key_id: str
    sig: str


_SEAL = msgspec.json.Decoder(Seal)


def key_id_of(public_hex: str) -> str:
    """Name a model key by its public part."""
    return f"model-{public_hex[:ID_DIGITS]}"


def sign(card: bytes, key: Ed25519PrivateKey) -> Seal:
    """Sign the bytes of a card."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    return Seal(key_id=key_id_of(public), sig=key.sign(PURPOSE + card).hex())


def vouched(card: bytes, seal: bytes | None, keys: Mapping[str, str]) -> str | Refused:
    """Return the id of the key that signed these bytes; `UNSIGNED` without a seal.

    A seal that is there and does not hold is worse than none: it is refused in any case.
    """
    if seal is None:
        return UNSIGNED
    try:
        claimed = _SEAL.decode(seal)
        signature = bytes.fromhex(claimed.sig)
    except (msgspec.DecodeError, ValueError):
        return Refused(reason="the signature cannot be read")
    public = keys.get(claimed.key_id)
    if public is None:
        return Refused(reason=f"signed by {claimed.key_id[:64]}, which is no key of this service")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, PURPOSE + card)
    except (InvalidSignature, ValueError):
        return Refused(reason=f"the signature is not of {claimed.key_id}")
    return claimed.key_id


def encode(seal: Seal) -> bytes:
    """Write a seal as it lies beside its card."""
    return msgspec.json.encode(seal) + b"\n"
