"""Public keys of those who may command: by `key_id`, each for one use only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract import signing
from contract.codec import Undecodable
from contract.messages import Ack, Down, Envelope, Hold, Plan, Setting

Use = Literal["command", "envelope"]
Known = tuple[Use, Ed25519PublicKey]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that reached this machine at its enrolment."""

    by_id: Mapping[str, Known]

    def verified(self, body: Down | Undecodable) -> bool:
        """Tell whether everything that must be signed is signed by the right key."""
        match body:
            case Plan():
                # without sets it opens nothing, and the limits of nobody bear no signature
                is_limited = not body.settings or self._is_signed(body.envelope, "envelope")
                return is_limited and self._is_signed(body, "command")
            case Setting():
                return self._is_signed(body, "command")
            case Hold() | Ack():
                return True  # fail-safe or harmless: never signed (protocol page, "Bodies")
            case Undecodable():
                return False

    def trusts(self, plan: Plan) -> bool:
        """Tell whether the keys of a plan that was verified once are still listed: those of a kept plan."""
        uses = {plan.key_id: "command", plan.envelope.key_id: "envelope"}
        return all(key_id in self.by_id and self.by_id[key_id][0] == use for key_id, use in uses.items())

    def _is_signed(self, body: Envelope | Setting | Plan, use: Use) -> bool:
        known = self.by_id.get(body.key_id)
        return known is not None and known[0] == use and signing.is_signed_by(body, known[1])


class FileKeys(Mapping[str, Known]):
    """The keys of a file, read anew when local admin has changed it; while it is unusable nobody is known."""

    def __init__(self, path: Path, *, real: bool) -> None:
        self._path = path
        self._real = real
        self._stamp = _stamp(path)
        self._found = _read(path, real=real)

    def __getitem__(self, key_id: str) -> Known:
        """Find a key as the file has it now."""
        return self._current()[key_id]

    def __iter__(self) -> Iterator[str]:
        """List the ids."""
        return iter(self._current())

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._current())

    def _current(self) -> Mapping[str, Known]:
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._found = _read(self._path, real=self._real)
            except (OSError, ValueError, KeyError, msgspec.MsgspecError):
                self._found = {}
        return self._found


def load(path: Path, *, real: bool = False) -> Keys:
    """Read `keys.json`: {key_id: {"use": "command" or "envelope", "public": hex}}; it is looked at again.

    `real` refuses the keys of the demo. Raises OSError, ValueError, KeyError or `msgspec.MsgspecError` when
    the file cannot be used: an agent without keys must not start.
    """
    return Keys(FileKeys(path, real=real))


def from_table(table: Mapping[str, Mapping[str, str]]) -> Keys:
    """Make keys of the content of `keys.json`."""
    return Keys({key_id: (_use(row["use"]), _public(row["public"])) for key_id, row in table.items()})


def _read(path: Path, *, real: bool) -> Mapping[str, Known]:
    table = msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, str]])
    if real and not signing.DEMO_KEY_IDS.isdisjoint(table):
        raise ValueError("they are keys of the demo, and this machine is real")
    return from_table(table).by_id


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Tell one state of a file from another: a rename brings another inode."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _use(text: str) -> Use:
    if text == "command":
        return "command"
    if text == "envelope":
        return "envelope"
    raise ValueError(f"a key is for command or envelope, not for {text!r}")


def _public(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
