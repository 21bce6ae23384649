"""Ed25519 over canonical bytes: no `sig`, keys sorted, no spaces, integers and strings only."""

from dataclasses import replace
from typing import Any, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.messages import Envelope, Plan, Setting

DEMO_KEY_IDS = frozenset(("demo-command", "demo-envelope"))  # safety page: production refuses them
_HOLDERS = (dict, list, tuple)
Signed = TypeVar("Signed", Envelope, Setting, Plan)


def signed_bytes(message: Envelope | Setting | Plan) -> bytes:
    """Write the bytes that a signature covers; absent values (null) are left out."""
    fields = msgspec.to_builtins(message)
    del fields["sig"]
    written = msgspec.json.encode(fields, order="sorted")
    if b"null" not in written:  # most messages: a search is a fraction of the walk through all fields
        return written
    _drop_nulls(fields)
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


def _drop_nulls(value: Any) -> None:
    """Take absent values out of all objects inside; an item of a list stays."""
    if isinstance(value, dict):
        for name in [name for name, inner in value.items() if inner is None]:
            del value[name]
        value = value.values()
    for inner in value:
        if type(inner) in _HOLDERS:
            _drop_nulls(inner)
