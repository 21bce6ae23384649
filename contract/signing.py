"""Ed25519 over canonical bytes: no `sig`, keys sorted, no spaces, integers and strings only."""

from dataclasses import replace
from typing import Any, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.messages import Envelope, Plan, Setting

DEMO_KEY_IDS = frozenset(("demo-command", "demo-envelope"))  # safety page: production refuses them
Signed = TypeVar("Signed", Envelope, Setting, Plan)


def signed_bytes(message: Envelope | Setting | Plan) -> bytes:
    """Write the bytes that a signature covers; absent values (null) are left out."""
    fields = _without_nulls(msgspec.to_builtins(message))
    del fields["sig"]
    return msgspec.json.encode(fields, order="sorted")


def sign(message: Signed, key: Ed25519PrivateKey) -> Signed:
    """Return the message with its signature (hex)."""
    return replace(message, sig=key.sign(signed_bytes(message)).hex())


def is_signed_by(message: Envelope | Setting | Plan, key: Ed25519PublicKey) -> bool:
    """Tell whether the message carries a valid signature of this key."""
    try:
        key.verify(bytes.fromhex(message.sig), signed_bytes(message))
    except (InvalidSignature, ValueError):
        return False
    return True


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_without_nulls(inner) for inner in value]
    return value
