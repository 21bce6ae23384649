"""The envelope key: limits are signed with it. Only the prescribing process opens it."""

from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import signing
from contract.messages import Envelope
from services.keys import folder as files

DEMO_ENVELOPE_KEY_ID = "demo-envelope"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeKey:
    """Signs limits."""

    key: Ed25519PrivateKey
    key_id: str

    def sign_envelope(self, envelope: Envelope) -> Envelope:
        """Return the envelope signed."""
        return signing.sign(replace(envelope, key_id=self.key_id), self.key)


def open_envelope_key(folder: Path, *, demo: bool) -> EnvelopeKey:
    """Open the current envelope key; a demo makes a missing one, everybody else refuses demo keys.

    Raises KeyRefusedError with the reason.
    """
    key_id, key = files.open_current(folder, "envelope", DEMO_ENVELOPE_KEY_ID, demo=demo)
    return EnvelopeKey(key=key, key_id=key_id)
