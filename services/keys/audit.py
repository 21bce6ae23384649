"""The audit key: seals the rows of the audit. Each process that writes there has one of its own."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.keys import folder as files
from services.keys.register import KeyRefusedError

AUDIT_FILE = "audit"  # the key that seals; earlier ones stay beside it as `audit-ID`, to check with
AUDIT_KEY_BYTES = 32
ID_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditKey:
    """Seals rows under an id that says nothing of the key."""

    key_id: str
    secret: bytes


def open_audit_key(folder: Path, *, make: bool) -> AuditKey:
    """Read the audit key, or make a missing one; raises KeyRefusedError with the reason."""
    path = folder / AUDIT_FILE
    if not path.exists():
        if not make:
            raise KeyRefusedError(
                f"there is no audit key in {folder}: make one with `openspine admin keys new`"
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.write_secret(path, secrets.token_bytes(AUDIT_KEY_BYTES))
    return _read(path)


def rotate(folder: Path) -> AuditKey:
    """Put the key aside, where `verify` finds it, and make a new one; it seals from the next start on."""
    held = open_audit_key(folder, make=False)
    (folder / AUDIT_FILE).rename(folder / f"{AUDIT_FILE}-{held.key_id}")
    return open_audit_key(folder, make=True)


def checking_keys(folders: Sequence[Path]) -> Mapping[str, bytes]:
    """Read every audit key of these folders, by id; folders without one are passed over."""
    found = [
        _read(path)
        for folder in folders
        for path in (folder / AUDIT_FILE, *sorted(folder.glob(f"{AUDIT_FILE}-*")))
        if path.exists()
    ]
    return {one.key_id: one.secret for one in found}


def _read(path: Path) -> AuditKey:
    secret = files.read_secret(path)
    if len(secret) != AUDIT_KEY_BYTES:
        raise KeyRefusedError(f"{path} does not hold {AUDIT_KEY_BYTES} bytes")
    key_id = hashlib.sha256(b"openspine/audit/key-id/v1\n" + secret).hexdigest()[:ID_DIGITS]
    return AuditKey(key_id=key_id, secret=secret)
