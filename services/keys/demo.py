"""Both keys in one process, for a studio of invented people: the demo, the benches and the tests.

Their folders stay apart all the same, so that the service of a demo holds the command key only.
"""

from dataclasses import dataclass
from pathlib import Path

from services.keys.audit import open_audit_key
from services.keys.command import CommandKey, open_command_key
from services.keys.envelope import EnvelopeKey, open_envelope_key
from services.keys.folder import PUBLIC_FILE, publish
from services.keys.site import open_site_key

PRESCRIBING_FOLDER = "prescribing"  # of the envelope keys, inside the folder of a demo


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Everything that a studio of invented people signs with."""

    command: CommandKey
    envelope: EnvelopeKey
    site: bytes


def open_keys(folder: Path) -> Keys:
    """Read the keys of a demo; what is missing is made, and `keys.json` is written for agents."""
    opened = Keys(
        command=open_command_key(folder, demo=True),
        envelope=open_envelope_key(folder / PRESCRIBING_FOLDER, demo=True),
        site=open_site_key(folder, make=True),
    )
    for one in (folder, folder / PRESCRIBING_FOLDER):
        open_audit_key(one, make=True)
        publish(one, folder / PUBLIC_FILE)
    return opened
