"""The site key: turns badges and codes into the references that envelopes are bound to."""

import hashlib
import hmac
import secrets
from pathlib import Path

from services.keys import folder as files
from services.keys.register import KeyRefusedError

SITE_FILE = "site"
SITE_KEY_BYTES = 32
SUBJECT_BYTES = 16  # protocol page: the first 16 bytes of the HMAC


def open_site_key(folder: Path, *, make: bool) -> bytes:
    """Read the site key, or make a missing one; raises KeyRefusedError with the reason."""
    path = folder / SITE_FILE
    if make and not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.write_secret(path, secrets.token_bytes(SITE_KEY_BYTES))
    found = files.read_secret(path)
    if len(found) != SITE_KEY_BYTES:
        raise KeyRefusedError(f"{path} does not hold {SITE_KEY_BYTES} bytes")
    return found


def subject(site_key: bytes, lookup: str) -> str:
    """Return what binds an envelope to a badge or code: 16 bytes of HMAC-SHA256 with the site key, in hex."""
    return hmac.new(site_key, lookup.encode(), hashlib.sha256).digest()[:SUBJECT_BYTES].hex()
