"""Public keys of those who may command: by `key_id`, each for one use only."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract import signing
from contract.codec import Undecodable
from contract.messages import Ack, Down, Envelope, Hold, Plan, Setting

Use = Literal["command", "envelope"]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that reached this machine at its enrolment."""

    by_id: Mapping[str, tuple[Use, Ed25519PublicKey]]

    def verified(self, body: Down | Undecodable) -> bool:
        """Tell whether everything that must be signed is signed by the right key."""
        match body:
            case Plan():
                return self._is_signed(body, "command") and self._is_signed(body.envelope, "envelope")
            case Setting():
                return self._is_signed(body, "command")
            case Hold() | Ack():
                return True  # fail-safe or harmless: never signed (protocol page, "Bodies")
            case Undecodable():
                return False

    def _is_signed(self, body: Envelope | Setting | Plan, use: Use) -> bool:
        known = self.by_id.get(body.key_id)
        return known is not None and known[0] == use and signing.is_signed_by(body, known[1])


def load(path: Path) -> Keys:
    """Read `keys.json`: {key_id: {"use": "command" or "envelope", "public": hex}}.

    Raises OSError, ValueError, KeyError or `msgspec.MsgspecError` when the file cannot be used: an agent
    without keys must not start.
    """
    return from_table(msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, str]]))


def from_table(table: Mapping[str, Mapping[str, str]]) -> Keys:
    """Make keys of the content of `keys.json`."""
    return Keys({key_id: (_use(row["use"]), _public(row["public"])) for key_id, row in table.items()})


def _use(text: str) -> Use:
    if text == "command":
        return "command"
    if text == "envelope":
        return "envelope"
    raise ValueError(f"a key is for command or envelope, not for {text!r}")


def _public(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
