"""The kit's own keys: public ones for the machine under test, private ones for what the kit signs."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import signing
from contract.messages import Envelope, Plan, Setting

PUBLIC_FILE, SITE_FILE, PRIVATE_FILE = "keys.json", "site", "private.json"
COMMAND, ENVELOPE = "conformance-command", "conformance-envelope"
SITE_BYTES = 16
NAMES = ("command", "envelope", "stranger")
Signed = TypeVar("Signed", Plan, Setting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Three private keys; nobody has been told of the third."""

    command: Ed25519PrivateKey
    envelope: Ed25519PrivateKey
    stranger: Ed25519PrivateKey
    site_key: bytes

    def sign(self, message: Signed) -> Signed:
        """Sign a setting or a plan as the service does."""
        return signing.sign(message, self.command)

    def limit(self, envelope: Envelope) -> Envelope:
        """Sign limits as the prescribing process does."""
        return signing.sign(envelope, self.envelope)


def new() -> Signer:
    """Make keys that nobody has had before."""
    return Signer(
        command=Ed25519PrivateKey.generate(),
        envelope=Ed25519PrivateKey.generate(),
        stranger=Ed25519PrivateKey.generate(),
        site_key=secrets.token_bytes(SITE_BYTES),
    )


def open_folder(folder: Path) -> Signer:
    """Read the keys of a folder, or make them there; OSError, ValueError or KeyError say what is wrong."""
    private = folder / PRIVATE_FILE
    if private.exists():
        table = msgspec.json.decode(private.read_bytes(), type=dict[str, str])
        site_key = bytes.fromhex((folder / SITE_FILE).read_text())
        return Signer(**{name: _private_key(table[name]) for name in NAMES}, site_key=site_key)
    signer = new()
    folder.mkdir(parents=True, exist_ok=True)
    private.touch(mode=0o600)
    private.write_bytes(msgspec.json.encode(_private(signer)))
    (folder / PUBLIC_FILE).write_bytes(msgspec.json.encode(public(signer)))
    (folder / SITE_FILE).write_text(signer.site_key.hex())
    return signer


def public(signer: Signer) -> dict[str, dict[str, str]]:
    """Write the content of `keys.json`, which the machine under test is given."""
    return {
        COMMAND: {"use": "command", "public": signer.command.public_key().public_bytes_raw().hex()},
        ENVELOPE: {"use": "envelope", "public": signer.envelope.public_key().public_bytes_raw().hex()},
    }


def _private(signer: Signer) -> dict[str, str]:
    keys: dict[str, Ed25519PrivateKey] = {name: getattr(signer, name) for name in NAMES}
    return {name: key.private_bytes_raw().hex() for name, key in keys.items()}


def _private_key(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))
