"""The identity key: seals names, codes, badges and notes in the database. The service holds it."""

import hashlib
import secrets
from pathlib import Path

from services.keys import folder as files
from services.keys.register import KeyRefusedError

IDENTITY_FILE = (
    "identity"  # the key that seals; earlier ones stay beside it as `identity-ID` until all is resealed
)
IDENTITY_KEY_BYTES = 32
ID_DIGITS = 8


def make_identity_key(folder: Path) -> None:
    """Make the identity key where there is none."""
    path = folder / IDENTITY_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.write_secret(path, secrets.token_bytes(IDENTITY_KEY_BYTES))


def rotate(folder: Path) -> str:
    """Put the key aside and make a new one; return the new id. `db reseal` then takes every row along."""
    held, _ = read_identity_keys(folder)
    (folder / IDENTITY_FILE).rename(folder / f"{IDENTITY_FILE}-{held}")
    make_identity_key(folder)
    return read_identity_keys(folder)[0]


def read_identity_keys(folder: Path) -> tuple[str, dict[str, bytes]]:
    """Read the id of the key that seals, and every key that may open; raises KeyRefusedError."""
    if not (folder / IDENTITY_FILE).exists():
        raise KeyRefusedError(
            f"there is no identity key in {folder}: make one with `openspine admin keys new command`"
        )
    current = _read(folder / IDENTITY_FILE)
    earlier = [_read(path) for path in sorted(folder.glob(f"{IDENTITY_FILE}-*"))]
    return _named(current), {_named(one): one for one in (current, *earlier)}


def _read(path: Path) -> bytes:
    found = files.read_secret(path)
    if len(found) != IDENTITY_KEY_BYTES:
        raise KeyRefusedError(f"{path} does not hold {IDENTITY_KEY_BYTES} bytes")
    return found


def _named(secret: bytes) -> str:
    return hashlib.sha256(b"openspine/identity/key-id/v1\n" + secret).hexdigest()[:ID_DIGITS]
