"""The command key: plans and settings are signed with it. The service holds this one only."""

from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import signing
from contract.messages import Plan, Setting
from contract.signing import Signed
from services.keys import folder as files

DEMO_COMMAND_KEY_ID = "demo-command"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandKey:
    """Signs plans and settings."""

    key: Ed25519PrivateKey
    key_id: str

    def sign_setting(self, setting: Setting) -> Setting:
        """Return the setting signed."""
        return signing.sign(self._named(setting), self.key)

    def sign_plan(self, plan: Plan) -> Plan:
        """Return the plan signed as a whole."""
        return signing.sign(self._named(plan), self.key)

    def _named(self, message: Signed) -> Signed:
        return message if message.key_id == self.key_id else replace(message, key_id=self.key_id)


def open_command_key(folder: Path, *, demo: bool) -> CommandKey:
    """Open the current command key; a demo makes a missing one, everybody else refuses demo keys.

    Raises KeyRefusedError with the reason.
    """
    key_id, key = files.open_current(folder, "command", DEMO_COMMAND_KEY_ID, demo=demo)
    return CommandKey(key=key, key_id=key_id)
