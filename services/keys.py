"""The keys of a demo studio: two Ed25519 keys (commands, envelopes), the site key, and what agents may know.

Production keeps the envelope key in the prescribing process only; this folder is for one machine on loopback.
"""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from contract import signing
from contract.messages import Envelope, Plan, Setting

COMMAND_KEY_ID = "demo-command"
ENVELOPE_KEY_ID = "demo-envelope"
SITE_KEY_BYTES = 32
SUBJECT_BYTES = 16  # protocol page: the first 16 bytes of the HMAC
PUBLIC_FILE = "keys.json"
SITE_FILE = "site"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandKey:
    """Signs plans and settings."""

    key: Ed25519PrivateKey
    key_id: str = COMMAND_KEY_ID

    def sign_setting(self, setting: Setting) -> Setting:
        """Return the setting signed."""
        return signing.sign(replace(setting, key_id=self.key_id), self.key)

    def sign_plan(self, plan: Plan) -> Plan:
        """Return the plan signed as a whole."""
        return signing.sign(replace(plan, key_id=self.key_id), self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeKey:
    """Signs what a clinician allows; only the prescribing process holds it."""

    key: Ed25519PrivateKey
    key_id: str = ENVELOPE_KEY_ID

    def sign_envelope(self, envelope: Envelope) -> Envelope:
        """Return the envelope signed."""
        return signing.sign(replace(envelope, key_id=self.key_id), self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Everything in the folder."""

    command: CommandKey
    envelope: EnvelopeKey
    site: bytes


def open_keys(folder: Path) -> Keys:
    """Read the keys of a folder; what is missing is made (0600), and `keys.json` is written for agents."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = CommandKey(key=_ed25519(folder / "command"))
    envelope = EnvelopeKey(key=_ed25519(folder / "envelope"))
    public = {
        command.key_id: {"use": "command", "public": _public(command.key)},
        envelope.key_id: {"use": "envelope", "public": _public(envelope.key)},
    }
    (folder / PUBLIC_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(public)))
    return Keys(command=command, envelope=envelope, site=_secret(folder / SITE_FILE, SITE_KEY_BYTES))


def subject(site_key: bytes, lookup: str) -> str:
    """Return what binds an envelope to a badge or code: 16 bytes of HMAC-SHA256 with the site key, in hex."""
    return hmac.new(site_key, lookup.encode(), hashlib.sha256).digest()[:SUBJECT_BYTES].hex()


def _ed25519(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        _write(path, made)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text()))


def _secret(path: Path, size: int) -> bytes:
    if not path.exists():
        _write(path, secrets.token_bytes(size))
    return bytes.fromhex(path.read_text())


def _write(path: Path, secret: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret.hex())


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
